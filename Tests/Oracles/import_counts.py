"""Independent oracle of the imports: what the two files of ../shared/data say, read with Python's own csv, calendar and zone data.

Prints one JSON object:

    letters    rows and replies by month of the message and of the reply; replies by working days elapsed;
               late replies: later than the 15th working day after the message's day (limit of packaging/rulebook/letters)
    baltimore  rows, closings and lates (CloseDate at or after DueDate) by agency, by month of creation and of closing, by both;
               requests without CloseDate whose DueDate is at or before the file's last instant (open past due);
               flags as packaging/mappings/baltimore.yaml names them

Working days come from ../shared/data/holiday-cn, and where chinesecalendar is installed both have to agree. Standard library else.

    python import_counts.py [folder of the shared data]
"""

import collections
import csv
import datetime
import gzip
import io
import json
import pathlib
import re
import sys
import zoneinfo

LIMIT = 15
ONE_DAY = datetime.timedelta(days=1)
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    with gzip.open(path) as packed:
        return list(csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")))


def month(time: datetime.datetime) -> str:
    return time.strftime("%Y-%m")


def ordered(counter: dict) -> dict:
    return {str(key): counter[key] for key in sorted(counter)}


def working_days(folder: pathlib.Path, first: int, last: int) -> dict[datetime.date, bool]:
    """Whether each day is worked, from the notices' JSON: isOffDay lists days off and make-up days, all others go by the weekday."""
    listed: dict[datetime.date, bool] = {}
    for year in range(first, last + 2):
        path = folder / f"{year}.json"
        if path.exists():
            for entry in json.loads(path.read_text("utf-8"))["days"]:
                listed[datetime.date.fromisoformat(entry["date"])] = not entry["isOffDay"]
    day = datetime.date(first, 1, 1)
    worked = {}
    while day.year <= last:
        worked[day] = listed.get(day, day.weekday() < 5)
        day += ONE_DAY
    try:
        import chinese_calendar
    except ImportError:
        return worked
    for day, value in worked.items():
        if chinese_calendar.is_workday(day) != value:
            sys.exit(f"holiday-cn and chinesecalendar disagree about {day}")
    return worked


def letters(shared: pathlib.Path) -> dict:
    worked = working_days(shared / "holiday-cn", 2011, 2020)

    def time(text: str) -> datetime.datetime:
        match = re.fullmatch(r"(\d+)[/-](\d+)[/-](\d+)(?:[ T](\d+):(\d+):(\d+))?", text.strip())
        return datetime.datetime(*[int(part or 0) for part in match.groups()])

    received, replied, late_by_month, elapsed_counts = (collections.Counter() for _ in range(4))
    late = total_elapsed = 0
    for row in rows(shared / "teddy-c-letters" / "attachment4_letters_replies.csv.gz"):
        message, reply = time(row["留言时间"]), time(row["答复时间"])
        received[month(message)] += 1
        replied[month(reply)] += 1
        elapsed, day = 0, message.date()
        while day < reply.date():
            day += ONE_DAY
            elapsed += worked[day]
        # Due: the first instant after the 15th working day after the message's day.
        due, left = message.date(), LIMIT
        while left:
            due += ONE_DAY
            left -= worked[due]
        is_late = reply.date() > due
        late += is_late
        late_by_month[month(reply)] += is_late
        elapsed_counts[elapsed] += 1
        total_elapsed += elapsed
    return {
        "rows": sum(received.values()),
        "receivedByMonth": ordered(received),
        "repliedByMonth": ordered(replied),
        "lateReplies": late,
        "lateRepliesByMonth": ordered({key: value for key, value in late_by_month.items() if value}),
        "workingDays": total_elapsed,
        "repliesByWorkingDays": {str(key): elapsed_counts[key] for key in sorted(elapsed_counts)},
    }


def baltimore(shared: pathlib.Path) -> dict:
    def time(text: str) -> datetime.datetime | None:
        """As an instant: a time that comes twice is the first one, a skipped one is moved forward (fold 0)."""
        if not text:
            return None
        local = datetime.datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=NEW_YORK)
        return local.astimezone(datetime.timezone.utc)

    def is_skipped(text: str) -> bool:
        local = datetime.datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")
        return time(text).astimezone(NEW_YORK).replace(tzinfo=None) != local

    def is_twice(text: str) -> bool:
        local = datetime.datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")
        offsets = [local.replace(tzinfo=NEW_YORK, fold=fold).utcoffset() for fold in (0, 1)]
        return offsets[0] > offsets[1]

    def local_month(instant: datetime.datetime) -> str:
        return month(instant.astimezone(NEW_YORK))

    data = rows(shared / "baltimore311" / "311_sample.csv.gz")
    last = max(time(row[name]) for row in data for name in ("CreatedDate", "StatusDate", "CloseDate") if row[name])
    agencies: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    months: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    created, closed, channels, flags = (collections.Counter() for _ in range(4))
    total = collections.Counter()
    for row in data:
        made, due, done, touched = (time(row[name]) for name in ("CreatedDate", "DueDate", "CloseDate", "StatusDate"))
        unit = re.sub("[^a-z0-9]+", "-", row["Agency"].lower()).strip("-")
        agency = agencies[unit]
        months[unit][local_month(made)] += 1
        created[local_month(made)] += 1
        channels[row["MethodReceived"].lower()] += 1
        counts = {"received": 1, "due": due is not None, "closed": done is not None}
        counts["late"] = done is not None and due is not None and done >= due
        counts["openPastDue"] = done is None and due is not None and due <= last
        if done is not None:
            closed[local_month(done)] += 1
        for name, value in counts.items():
            agency[name] += value
            total[name] += value
        flags["status-before-created"] += touched < made
        flags["missing-due"] += due is None
        flags["due-not-after-assigned"] += due is not None and due <= made
        flags["closed-before-received"] += done is not None and done < made
        used = [row[name] for name in ("CreatedDate", "DueDate", "CloseDate") if row[name]]
        flags["skipped-local-time"] += any(is_skipped(text) for text in used)
        flags["ambiguous-local-time"] += any(is_twice(text) for text in used)
    return {
        "rows": len(data),
        "last": last.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "total": ordered(total),
        "agencies": {key: ordered(agencies[key]) for key in sorted(agencies)},
        "createdByAgencyAndMonth": {key: ordered(months[key]) for key in sorted(months)},
        "createdByMonth": ordered(created),
        "closedByMonth": ordered(closed),
        "channels": ordered(channels),
        "rowsWithFlag": ordered({key: value for key, value in flags.items() if value}),
    }


def main() -> None:
    shared = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"
    json.dump({"letters": letters(shared), "baltimore": baltimore(shared)}, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()

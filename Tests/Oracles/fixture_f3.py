"""Independent oracle of the demo years: folds posted events and prints the figures of fixture F3 (domain.md §9) as JSON.

Reads CloudEvents, one a line, from standard input (what `engine-ctl simulate` posts); counts working days one by one from the notices of
2016 and 2017, typed in here, and where chinesecalendar is installed both have to agree. Standard library else. Exit code 1 if a figure
isn't the published one.

    python fixture_f3.py < events.ndjson
"""

import collections
import datetime
import decimal
import fractions
import json
import sys

ONE_DAY = datetime.timedelta(days=1)
EXTERNAL = {"people-daily", "mala", "scol"}
OFF = (
    "2016: 0101 0208-0212 0404 0502 0609-0610 0915-0916 1003-1007",
    "2017: 0102 0127 0130-0202 0403-0404 0501 0529-0530 1002-1006",
    "2018: 0101",
)
WORKED = ("2016: 0206 0214 0612 0918 1008-1009", "2017: 0122 0204 0401 0527 0930")
EXPECTED = {
    2016: {"A": 1959, "external": 0, "instructed": 0, "DA": 359, "T": 1600, "reply": [1939, 1959], "solve": [827, 1000],
           "satisfaction": [843, 1000], "overdue": [136, 1600], "cycle": [9638, 1580], "openOverdue": 20},
    2017: {"A": 2362, "external": 5, "instructed": 8, "DA": 357, "T": 2005, "reply": [2343, 2362], "solve": [841, 1000],
           "satisfaction": [867, 1000], "overdue": [72, 2005], "cycle": [11380, 1986], "openOverdue": 39},
}
PRINTS = {"growth": ["20.6"], "reply": ["99.2", "0.2"], "solve": ["84.1", "1.4"], "satisfaction": ["86.7", "2.4"],
          "overdue": ["3.59", "-4.91"], "cycle": ["5.73", "-0.37"]}


def days(lines: tuple[str, ...]) -> set[datetime.date]:
    found = set()
    for line in lines:
        year, rest = line.split(": ")
        for part in rest.split():
            first, _, last = part.partition("-")
            day = datetime.date(int(year), int(first[:2]), int(first[2:]))
            end = datetime.date(int(year), int(last[:2]), int(last[2:])) if last else day
            while day <= end:
                found.add(day)
                day += ONE_DAY
    return found


def is_worked(day: datetime.date, off=days(OFF), worked=days(WORKED)) -> bool:
    return day in worked if day.weekday() >= 5 else day not in off


def half_up(value: fractions.Fraction, decimals: int) -> str:
    exact = decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)
    return str(exact.quantize(decimal.Decimal(1).scaleb(-decimals), rounding=decimal.ROUND_HALF_UP))


def fold(lines) -> dict[str, dict]:
    cases: dict[str, dict] = collections.defaultdict(lambda: {"instructed": []})
    for line in lines:
        event = json.loads(line)
        name = event["type"].removeprefix("appeal.")
        if "subject" not in event:
            continue
        case, data, time = cases[event["subject"]], event["data"], datetime.datetime.fromisoformat(event["time"])
        if name == "instructed":
            case[name].append(time)
        else:
            if name in ("received", "assigned", "replied", "closed") and name in case:
                sys.exit(f"{event['subject']} has two {name}")
            case[name] = time
        if name in ("accepted", "assigned", "answered-directly"):
            case.setdefault("A", time)
        if name == "received":
            case["channel"] = data["channel"]
        for member in ("handling", "solved"):
            case[member] = data.get(member, case.get(member))
    return cases


def figures(year: int, cases: dict[str, dict]) -> dict:
    def within(case: dict, name: str) -> bool:
        return name in case and case[name].year == year

    def elapsed(case: dict) -> int:
        day, count = case["assigned"].date(), 0
        while day < case["replied"].date():
            day += ONE_DAY
            count += is_worked(day)
        return count

    def due(case: dict) -> datetime.date:
        """The day after the fifth working day: its first instant is due."""
        day, left = case["assigned"].date(), 5
        while left:
            day += ONE_DAY
            left -= is_worked(day)
        return day + ONE_DAY

    all_cases = list(cases.values())
    accepted = [case for case in all_cases if within(case, "A") and case["channel"] not in EXTERNAL]
    assigned = [case for case in all_cases if within(case, "assigned")]
    replied = [case for case in all_cases if within(case, "replied")]
    closed = [case for case in all_cases if within(case, "closed")]
    rated = [case["handling"] for case in closed if case["handling"] is not None]
    answered = [case["solved"] for case in closed if case["solved"] is not None]
    cycle = [elapsed(case) for case in closed if "assigned" in case]
    return {
        "A": len(accepted),
        "external": sum(within(case, "A") and case["channel"] in EXTERNAL for case in all_cases),
        "instructed": sum(time.year == year for case in all_cases for time in case["instructed"]),
        "DA": sum(within(case, "answered-directly") for case in all_cases),
        "T": len(assigned),
        "reply": [sum("answered-directly" in case or "replied" in case for case in accepted), len(accepted)],
        "solve": [answered.count("yes"), len(answered)],
        "satisfaction": [sum(score >= 3 for score in rated), len(rated)],
        "overdue": [sum(case["replied"].date() >= due(case) for case in replied), len(assigned)],
        "cycle": [sum(cycle), len(cycle)],
        "openOverdue": sum(
            "assigned" in case and "replied" not in case and due(case) <= datetime.date(year + 1, 1, 1) for case in all_cases),
    }


def main() -> None:
    try:
        import chinese_calendar
        for number in range(731):
            day = datetime.date(2016, 1, 1) + ONE_DAY * number
            if chinese_calendar.is_workday(day) != is_worked(day):
                sys.exit(f"chinesecalendar disagrees about {day}")
    except ImportError:
        pass
    cases = fold(sys.stdin)
    found = {year: figures(year, cases) for year in EXPECTED}
    old, new = found[2016], found[2017]
    prints = {"growth": [half_up(fractions.Fraction((new["A"] - old["A"]) * 100, old["A"]), 1)]}
    for name, scale, decimals in (("reply", 100, 1), ("solve", 100, 1), ("satisfaction", 100, 1), ("overdue", 100, 2), ("cycle", 1, 2)):
        before, after = fractions.Fraction(*old[name]) * scale, fractions.Fraction(*new[name]) * scale
        prints[name] = [half_up(after, decimals), half_up(after - before, decimals)]
    json.dump({"figures": found, "prints": prints}, sys.stdout, ensure_ascii=False, indent=1)
    print()
    if found != EXPECTED or prints != PRINTS:
        sys.exit("not the published figures")


if __name__ == "__main__":
    main()

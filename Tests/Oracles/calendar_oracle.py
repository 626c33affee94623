"""Independent oracle of the calendar cn: what chinesecalendar says about 2016-2026, for CalendarOracleTests.swift.

Needs the packages of requirements.txt. Prints one row a line, always the same rows for the same seed:

    day,2016-01-01,0            is it worked? 4,018 rows
    due,2017-03-01,5,2017-03-08 the nth working day after the start; 10,000 rows
    elapsed,2017-03-01,2017-03-09,6   working days d with a < d <= b, 0 if b <= a; 10,000 rows

It counts day by day on purpose: the engine's prefix sums are what it checks.

    python calendar_oracle.py [seed]
"""

import datetime
import importlib.metadata
import random
import sys

import chinese_calendar

VERSION = "1.11.0"
FIRST = datetime.date(2016, 1, 1)
LAST = datetime.date(2026, 12, 31)
ROWS = 10_000
ONE_DAY = datetime.timedelta(days=1)


def main() -> None:
    installed = importlib.metadata.version("chinesecalendar")
    if installed != VERSION:
        sys.exit(f"calendar_oracle.py needs chinesecalendar {VERSION}, found {installed}: pip install -r requirements.txt")
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20180320
    draw = random.Random(seed)
    days = [FIRST + ONE_DAY * number for number in range((LAST - FIRST).days + 1)]
    worked = {day: chinese_calendar.is_workday(day) for day in days}
    rows = [f"day,{day},{int(worked[day])}" for day in days]

    starts = [day for day in days if day < datetime.date(2026, 7, 1)]
    for _ in range(ROWS):
        start = draw.choice(starts)
        count = draw.choice((1, 2, 3, 5, 10, 15, 20, draw.randint(1, 110)))
        day, left = start, count
        while left > 0:
            day += ONE_DAY
            left -= worked[day]
        rows.append(f"due,{start},{count},{day}")

    for _ in range(ROWS):
        after = draw.choice(days)
        through = draw.choice(days) if draw.random() < 0.3 else min(LAST, after + ONE_DAY * draw.randint(-3, 90))
        day, count = after, 0
        while day < through:
            day += ONE_DAY
            count += worked[day]
        rows.append(f"elapsed,{after},{through},{count}")
    print("\n".join(rows))


if __name__ == "__main__":
    main()

import EventModel
import Testing

@testable import Workflow

/// The calendar `cn` against the vectors of docs (State Council notices, checked with chinesecalendar).
@Suite struct WorkCalendarTests {
    let cn: WorkCalendar
    init() throws { cn = try RulebookTestFiles.cn.get() }

    struct Due: CustomTestStringConvertible {
        let start: String
        let count: Int
        let due: String
        init(_ start: String, _ count: Int, _ due: String) {
            self.start = start
            self.count = count
            self.due = due
        }
        var testDescription: String { "\(start) + \(count) wd = \(due)" }
    }

    @Test(arguments: [
        Due("2016-02-05", 1, "2016-02-06"),  // a Saturday that is worked
        Due("2016-09-30", 5, "2016-10-12"),
        Due("2017-01-24", 5, "2017-02-06"),
        Due("2017-09-29", 5, "2017-10-12"),
        Due("2017-12-29", 5, "2018-01-08"),
        Due("2018-02-13", 5, "2018-02-26"),
        Due("2019-04-26", 3, "2019-04-30"),  // by the notice of 2019-03-22
        Due("2019-04-30", 1, "2019-05-05"),  // a Sunday that is worked
        Due("2020-01-22", 5, "2020-02-06"),  // by the notice of 2020-01-27
        Due("2023-09-28", 5, "2023-10-11"),
        Due("2024-09-30", 15, "2024-10-25"),
        Due("2025-01-27", 5, "2025-02-10"),
        Due("2026-02-13", 15, "2026-03-12"),
        Due("2026-09-18", 3, "2026-09-22"),
        Due("2026-09-19", 3, "2026-09-22"),  // from a Saturday
        Due("2017-03-01", 5, "2017-03-08"),  // events.md
        Due("2017-03-27", 5, "2017-04-01"),  // events.md, case 5: a Saturday that is worked
        Due("2017-03-04", 0, "2017-03-04"),
    ])
    func dueDay(_ row: Due) throws {
        let start = try #require(Day(row.start))
        #expect(cn.adding(workingDays: row.count, to: start) == .success(try #require(Day(row.due))))
    }

    struct Elapsed: CustomTestStringConvertible {
        let after: String
        let through: String
        let count: Int
        init(_ after: String, _ through: String, _ count: Int) {
            self.after = after
            self.through = through
            self.count = count
        }
        var testDescription: String { "\(after) … \(through): \(count) wd" }
    }

    /// Rows of events.md, and the edges.
    @Test(arguments: [
        Elapsed("2017-03-01", "2017-03-09", 6),
        Elapsed("2017-03-01", "2017-03-06", 3),
        Elapsed("2017-03-02", "2017-03-09", 5),
        Elapsed("2017-03-07", "2017-03-10", 3),
        Elapsed("2017-03-01", "2017-03-01", 0),
        Elapsed("2017-03-09", "2017-03-01", 0),
        Elapsed("2017-03-10", "2017-03-12", 0),
        Elapsed("2016-02-05", "2016-02-06", 1),
        Elapsed("2017-12-29", "2018-01-08", 5),
        Elapsed("2010-12-31", "2026-12-31", 3_991),
    ])
    func elapsed(_ row: Elapsed) throws {
        #expect(cn.elapsedWorkingDays(after: try #require(Day(row.after)), through: try #require(Day(row.through))) == .success(row.count))
    }

    @Test(arguments: [
        ("2017-10-02", "2017-10-09"),  // 2017-08-03 + 60 d falls into the holiday
        ("2017-03-08", "2017-03-08"),
        ("2017-03-11", "2017-03-13"),
        ("2017-04-01", "2017-04-01"),
        ("2016-02-06", "2016-02-06"),
        ("2018-12-30", "2019-01-02"),
    ])
    func rolling(_ day: String, _ rolled: String) throws {
        #expect(cn.rolledForward(try #require(Day(day))) == .success(try #require(Day(rolled))))
    }

    @Test func sixtyDaysRollOverTheNationalHoliday() throws {
        let due = try #require(Day("2017-08-03")).adding(days: 60)
        #expect(due.description == "2017-10-02")
        #expect(cn.rolledForward(due) == .success(try #require(Day("2017-10-09"))))
    }

    @Test(arguments: [
        (2016, 250), (2017, 249), (2018, 250), (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248),
    ])
    func workingDaysOfAYear(_ year: Int, _ count: Int) throws {
        let before = try #require(Day(year: year - 1, month: 12, day: 31))
        let last = try #require(Day(year: year, month: 12, day: 31))
        #expect(cn.elapsedWorkingDays(after: before, through: last) == .success(count))
    }

    /// 2027 has no notice yet (2026-11): every way to reach it is refused and names the year.
    @Test func yearsWithoutNoticeAreRefusedByName() throws {
        let gap = CalendarGap(year: 2027)
        let last = try #require(Day("2026-12-31"))
        let first = try #require(Day("2027-01-01"))
        #expect(cn.isWorkingDay(first) == .failure(gap))
        #expect(cn.adding(workingDays: 1, to: last) == .failure(gap))
        #expect(cn.adding(workingDays: 5, to: try #require(Day("2026-12-28"))) == .failure(gap))
        #expect(cn.adding(workingDays: 3, to: try #require(Day("2026-12-28"))) == .success(last))
        #expect(cn.rolledForward(first) == .failure(gap))
        #expect(cn.elapsedWorkingDays(after: try #require(Day("2026-12-01")), through: first) == .failure(gap))
        #expect(cn.elapsedWorkingDays(after: last, through: last) == .success(0))
        #expect(cn.isWorkingDay(try #require(Day("2010-12-31"))) == .failure(CalendarGap(year: 2010)))
        #expect(cn.adding(workingDays: 1, to: try #require(Day("2010-12-31"))) == .success(try #require(Day("2011-01-04"))))
        #expect(cn.adding(workingDays: 1, to: try #require(Day("2009-06-01"))) == .failure(CalendarGap(year: 2009)))
    }

    @Test func aHoleBetweenYearsIsAGap() throws {
        let empty = WorkCalendar.Year(revision: 1, weekdaysOff: [], weekendsWorked: [])
        let calendar = WorkCalendar(id: "x", years: [2016: empty, 2018: empty])
        let inside = try #require(Day("2016-12-30"))
        #expect(calendar.adding(workingDays: 1, to: inside) == .failure(CalendarGap(year: 2017)))
        #expect(calendar.adding(workingDays: 1, to: try #require(Day("2017-12-31"))) == .success(try #require(Day("2018-01-01"))))
        #expect(calendar.elapsedWorkingDays(after: inside, through: try #require(Day("2018-01-05"))) == .failure(CalendarGap(year: 2017)))
        #expect(calendar.adding(workingDays: 1, to: try #require(Day("2018-12-31"))) == .failure(CalendarGap(year: 2019)))
        #expect(WorkCalendar(id: "none", years: [:]).isWorkingDay(inside) == .failure(CalendarGap(year: 2016)))
    }

    @Test(arguments: [
        ("2017-03-01", "2017-03-08", "cn-2017@1"),
        ("2017-12-29", "2018-01-08", "cn-2017@1+cn-2018@1"),
        ("2018-12-29", "2020-01-02", "cn-2018@1+cn-2019@2+cn-2020@2"),
        ("2026-12-29", "2027-01-05", "cn-2026@1+cn-2027@0"),
    ])
    func versionName(_ from: String, _ through: String, _ name: String) throws {
        #expect(cn.versionName(from: try #require(Day(from)), through: try #require(Day(through))) == name)
    }

    /// adding, elapsed and isWorkingDay say the same thing.
    @Test func questionsAgree() throws {
        let last = try #require(Day("2026-09-30"))
        var day = try #require(Day("2011-01-01"))
        while day < last {
            let due = try cn.adding(workingDays: 7, to: day).get()
            #expect(try cn.elapsedWorkingDays(after: day, through: due).get() == 7)
            #expect(try cn.isWorkingDay(due).get())
            #expect(try cn.rolledForward(day).get() == (try cn.isWorkingDay(day).get() ? day : try cn.adding(workingDays: 1, to: day).get()))
            day = day.adding(days: 1)
        }
    }
}

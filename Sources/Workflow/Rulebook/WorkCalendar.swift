public import EventModel

/// Which days are worked (工作日), year by year as the notices say; a year without data is an answer of its own, never a guess.
///
/// A working day is a weekday that isn't off, or a weekend day that is worked instead (调休). All questions are answered from prefix sums:
/// O(1) but for a search over the runs of years with data, of which there is normally one.
///
///     calendar.adding(workingDays: 5, to: Day("2017-03-01")!)   // .success(2017-03-08)
public struct WorkCalendar: Sendable, Equatable {
    /// What one year's notices say.
    public struct Year: Sendable, Equatable {
        /// Counts the versions of this year's data, from 1: a notice in the middle of a year makes the next.
        public var revision: Int
        /// Monday to Friday, but not worked.
        public var weekdaysOff: Set<Day>
        /// Saturday or Sunday, but worked.
        public var weekendsWorked: Set<Day>
        public init(revision: Int, weekdaysOff: Set<Day>, weekendsWorked: Set<Day>) {
            self.revision = revision
            self.weekdaysOff = weekdaysOff
            self.weekendsWorked = weekendsWorked
        }
    }

    /// `cn`
    public let id: String
    public let years: [Int: Year]
    private let runs: [Run]
    /// `cn-2017@1` for each year with data.
    private let names: [Int: String]

    /// Precomputes all answers. Days listed under another year than their own are ignored, as are weekend days "off" and weekdays "worked".
    public init(id: String, years: [Int: Year]) {
        self.id = id
        self.years = years
        names = Dictionary(uniqueKeysWithValues: years.map { ($0.key, "\(id)-\($0.key)@\($0.value.revision)") })
        var runs: [Run] = []
        for number in years.keys.sorted() {
            guard let year = years[number], let first = Day(year: number, month: 1, day: 1), let last = Day(year: number, month: 12, day: 31)
            else { continue }
            if runs.last?.lastYear != number - 1 { runs.append(Run(first: first)) }
            runs[runs.count - 1].append(year, number, from: first, through: last)
        }
        self.runs = runs
    }

    /// A calendar is its data.
    public static func == (left: WorkCalendar, right: WorkCalendar) -> Bool { left.id == right.id && left.years == right.years }

    /// Whether a day is worked; a gap if its year has no data.
    public func isWorkingDay(_ day: Day) -> Result<Bool, CalendarGap> {
        guard let run = run(of: day) else { return .failure(CalendarGap(year: day.year)) }
        let index = Int(day.number - run.first.number)
        return .success(run.before[index + 1] > run.before[index])
    }

    /// The nth working day after a day; day zero itself never counts (民法典 201). n ≤ 0: the day itself.
    ///
    /// A gap names the first year that had to be looked at and has no data.
    public func adding(workingDays count: Int, to day: Day) -> Result<Day, CalendarGap> {
        guard count > 0 else { return .success(day) }
        let next = day.adding(days: 1)
        guard let run = run(of: next) else { return .failure(CalendarGap(year: next.year)) }
        let ordinal = Int(run.before[Int(next.number - run.first.number)]) + count
        guard ordinal <= run.worked.count else { return .failure(CalendarGap(year: run.lastYear + 1)) }
        return .success(Day(number: run.worked[ordinal - 1]))
    }

    /// The day itself if it is worked, else the next that is (民法典 203).
    public func rolledForward(_ day: Day) -> Result<Day, CalendarGap> {
        adding(workingDays: 1, to: day.adding(days: -1))
    }

    /// How many working days d have after < d ≤ through; 0 if through ≤ after.
    public func elapsedWorkingDays(after: Day, through: Day) -> Result<Int, CalendarGap> {
        guard after < through else { return .success(0) }
        let next = after.adding(days: 1)
        guard let run = run(of: next) else { return .failure(CalendarGap(year: next.year)) }
        guard through <= run.last else { return .failure(CalendarGap(year: run.lastYear + 1)) }
        return .success(Int(run.before[Int(through.number - run.first.number) + 1] - run.before[Int(next.number - run.first.number)]))
    }

    /// The data that speaks for a stretch of days: `cn-2017@1`, over several years `cn-2017@1+cn-2018@1`. A year without data has revision 0.
    public func versionName(from: Day, through: Day) -> String {
        let first = from.year
        let last = through.year
        guard first < last else { return name(ofYear: first) }
        return (first...last).map(name(ofYear:)).joined(separator: "+")
    }

    private func name(ofYear year: Int) -> String { names[year] ?? "\(id)-\(year)@0" }

    private func run(of day: Day) -> Run? {
        // From the last one: what is asked about is mostly recent.
        runs.last { $0.first <= day && day <= $0.last }
    }

    /// Consecutive years with data.
    private struct Run: Sendable {
        let first: Day
        var last: Day
        var lastYear = Int.min
        /// Working days before the day at this index; one more element than days.
        var before: [Int32] = [0]
        /// Numbers of the working days, ascending.
        var worked: [Int32] = []

        init(first: Day) {
            self.first = first
            last = first.adding(days: -1)
        }

        mutating func append(_ year: Year, _ number: Int, from: Day, through: Day) {
            for value in from.number...through.number {
                let day = Day(number: value)
                if day.isWeekend ? year.weekendsWorked.contains(day) : !year.weekdaysOff.contains(day) { worked.append(value) }
                before.append(Int32(worked.count))
            }
            last = through
            lastYear = number
        }
    }
}

/// A question reached a year whose working days aren't known (yet): the year's notice has to be adopted into the rulebook first.
public struct CalendarGap: Error, Equatable, Sendable {
    public var year: Int
    public init(year: Int) { self.year = year }
}

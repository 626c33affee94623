public import EventModel

/// 统计期: a stretch of local days, as it was written: `2017`, `2017-Q1`, `2017-03`, `2017-W10` (ISO 8601 week), `2017-03-01`, or two of
/// them as in `2017-01..2017-06-15`.
public struct Period: Equatable, Sendable {
    enum Form: Equatable, Sendable { case year, quarter, month, week, day, range }

    public let text: String
    public let first: Day
    /// Inclusive.
    public let last: Day
    let form: Form

    private init(_ text: String, _ first: Day, _ last: Day, _ form: Form) {
        self.text = text
        self.first = first
        self.last = last
        self.form = form
    }

    /// `nil` unless the text is one of the forms and its days exist, the first not after the last.
    public init?(_ text: String) {
        if let dots = text.firstRange(of: "..") {
            guard let from = Period(String(text[..<dots.lowerBound])), let to = Period(String(text[dots.upperBound...])), from.form != .range,
                to.form != .range,
                from.first <= to.last
            else { return nil }
            self.init(text, from.first, to.last, .range)
            return
        }
        guard let period = Self.single(text) else { return nil }
        self = period
    }

    /// The month a day lies in.
    public static func month(of day: Day) -> Period {
        let civil = day.civil
        return Self.month(civil.year, civil.month)!
    }

    /// The months the period touches, in order; a first or last that it holds in part only is a range of days.
    public var months: [Period] {
        var months: [Period] = []
        var day = first
        while day <= last {
            let month = Self.month(of: day)
            let (from, to) = (max(month.first, first), min(month.last, last))
            months.append(from == month.first && to == month.last ? month : Period("\(from)..\(to)", from, to, .range))
            day = month.last.adding(days: 1)
        }
        return months
    }

    /// 同比: the same period a year before. A week 53 that the year before lacks becomes its last; 02-29 becomes 02-28.
    public var yearBefore: Period? {
        let civil = first.civil
        switch form {
        case .year: return Self.year(civil.year - 1)
        case .quarter: return Self.quarter(civil.year - 1, (civil.month - 1) / 3 + 1)
        case .month: return Self.month(civil.year - 1, civil.month)
        case .week:
            let (year, week) = Self.isoWeek(of: first)
            return Self.week(year - 1, week) ?? Self.week(year - 1, week - 1)
        case .day: return Self.yearEarlier(first).map { Period($0.description, $0, $0, .day) }
        case .range:
            guard let from = Self.yearEarlier(first), let to = Self.yearEarlier(last) else { return nil }
            return Period("\(from)..\(to)", from, to, .range)
        }
    }

    /// 环比: the period right before, as long as this one.
    public var previous: Period? {
        let civil = first.civil
        let before = first.adding(days: -1)
        switch form {
        case .year: return Self.year(civil.year - 1)
        case .quarter: return Self.quarter(before.civil.year, (before.civil.month - 1) / 3 + 1)
        case .month: return Self.month(before.civil.year, before.civil.month)
        case .week:
            let (year, week) = Self.isoWeek(of: before)
            return Self.week(year, week)
        case .day: return Period(before.description, before, before, .day)
        case .range:
            let from = first.adding(days: -Int(last.number - first.number + 1))
            return from.year >= 1 ? Period("\(from)..\(before)", from, before, .range) : nil
        }
    }

    private static func single(_ text: String) -> Period? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 4, let year = number(bytes[0..<4]) else { return nil }
        switch bytes.count {
        case 4: return Self.year(year)
        case 7 where bytes[4] == UInt8(ascii: "-") && bytes[5] == UInt8(ascii: "Q"): return number(bytes[6...]).flatMap { quarter(year, $0) }
        case 7 where bytes[4] == UInt8(ascii: "-"): return number(bytes[5...]).flatMap { month(year, $0) }
        case 8 where bytes[4] == UInt8(ascii: "-") && bytes[5] == UInt8(ascii: "W"): return number(bytes[6...]).flatMap { week(year, $0) }
        case 10: return Day(text).map { Period(text, $0, $0, .day) }
        default: return nil
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    private static func year(_ year: Int) -> Period? {
        guard let first = Day(year: year, month: 1, day: 1), let last = Day(year: year, month: 12, day: 31) else { return nil }
        return Period(padded(year, 4), first, last, .year)
    }

    private static func quarter(_ year: Int, _ quarter: Int) -> Period? {
        guard (1...4).contains(quarter), let first = Day(year: year, month: quarter * 3 - 2, day: 1),
            let last = monthEnd(year, quarter * 3)
        else { return nil }
        return Period("\(padded(year, 4))-Q\(quarter)", first, last, .quarter)
    }

    private static func month(_ year: Int, _ month: Int) -> Period? {
        guard let first = Day(year: year, month: month, day: 1), let last = monthEnd(year, month) else { return nil }
        return Period("\(padded(year, 4))-\(padded(month, 2))", first, last, .month)
    }

    private static func week(_ year: Int, _ week: Int) -> Period? {
        // Week 1 holds January 4th (ISO 8601).
        guard week >= 1, let fourth = Day(year: year, month: 1, day: 4) else { return nil }
        let first = fourth.adding(days: 1 - fourth.weekday + 7 * (week - 1))
        guard isoWeek(of: first) == (year, week) else { return nil }
        return Period("\(padded(year, 4))-W\(padded(week, 2))", first, first.adding(days: 6), .week)
    }

    private static func isoWeek(of day: Day) -> (Int, Int) {
        // The week's Thursday decides the year.
        let thursday = day.adding(days: 4 - day.weekday)
        let year = thursday.year
        guard let first = Day(year: year, month: 1, day: 1) else { return (year, 0) }
        return (year, Int(thursday.number - first.number) / 7 + 1)
    }

    private static func monthEnd(_ year: Int, _ month: Int) -> Day? {
        for day in (28...31).reversed() { if let end = Day(year: year, month: month, day: day) { return end } }
        return nil
    }

    private static func yearEarlier(_ day: Day) -> Day? {
        let civil = day.civil
        return Day(year: civil.year - 1, month: civil.month, day: civil.day) ?? Day(year: civil.year - 1, month: civil.month, day: civil.day - 1)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

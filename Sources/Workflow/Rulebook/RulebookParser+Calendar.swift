import EventModel

extension RulebookParser {
    /// `calendar: {id, years: {2017: {revision, source, off: [0102, 1002-1006], worked: [0122]}}}`
    mutating func readCalendar(_ value: RulebookNode) {
        let fields = yaml.fields(value, what: "calendar", keys: ["id", "years"])
        if let node = required("id", in: fields, of: "calendar", at: value), let id = yaml.code(node, what: "the calendar's id", limit: 16) {
            if let other = calendarID, other.value != id {
                yaml.note(
                    .duplicate, node, "Calendar “\(other.value)” is given in \(other.place.part) already, and a rulebook has one; keep one of them.")
                return
            }
            calendarID = Placed(value: id, place: node)
        }
        guard let list = fields["years"] else { return }
        for (name, year) in yaml.members(list, what: "years") {
            guard let number = Int(name), (1900...2999).contains(number) else {
                yaml.note(.badValue, year, "“\(name)” is no year; write it with four digits, 1900 to 2999.")
                continue
            }
            guard isFirst(years[number]?.place, year, what: "Year \(number)") else { continue }
            years[number] = Placed(value: readYear(number, year), place: year)
        }
    }

    private mutating func readYear(_ number: Int, _ value: RulebookNode) -> WorkCalendar.Year {
        let fields = yaml.fields(value, what: "a year", keys: ["revision", "source", "off", "worked"])
        var year = WorkCalendar.Year(revision: 1, weekdaysOff: [], weekendsWorked: [])
        if let revision = fields["revision"] { year.revision = yaml.integer(revision, what: "revision", in: 1...999) ?? 1 }
        if let source = fields["source"], !source.isList { _ = yaml.text(source, what: "source") }
        if let off = fields["off"] { year.weekdaysOff = readDays(off, of: number, weekend: false) }
        if let worked = fields["worked"] { year.weekendsWorked = readDays(worked, of: number, weekend: true) }
        return year
    }

    /// Days of a year as `MMDD` or `MMDD-MMDD`, all on a weekend or all not: a day of the other kind is a slip of the pen.
    private mutating func readDays(_ value: RulebookNode, of year: Int, weekend: Bool) -> Set<Day> {
        var days: Set<Day> = []
        for item in yaml.list(value, what: weekend ? "worked" : "off") {
            guard let text = yaml.text(item, what: "a day") else { continue }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.day($0, of: year) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
                yaml.note(.badDay, item, "“\(text)” is no day of \(year); write month and day, 0501, or first and last, 1002-1006.")
                continue
            }
            for number in first.number...last.number {
                let day = Day(number: number)
                if day.isWeekend != weekend {
                    yaml.note(
                        .badDay, item,
                        weekend
                            ? "\(day) is no Saturday or Sunday and worked anyway; remove it from worked."
                            : "\(day) is a Saturday or Sunday and off anyway; list only Monday to Friday.")
                } else if !days.insert(day).inserted {
                    yaml.note(.badDay, item, "\(day) is listed twice; remove one.")
                }
            }
        }
        return days
    }

    private static func day(_ text: Substring, of year: Int) -> Day? {
        guard text.utf8.count == 4, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(text) else {
            return nil
        }
        return Day(year: year, month: number / 100, day: number % 100)
    }
}

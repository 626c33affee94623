import EventModel

/// How a file writes times: a pattern of `yyyy M MM d dd H HH h hh m mm s ss a XXX`, everything else stands for itself.
///
/// Reading is strict: the whole cell must fit, doubled letters want two digits, single ones take one or two, days must exist. Letters that
/// are meant literally stand between apostrophes (`yyyy-MM-dd'T'HH:mm:ss`).
struct TimeFormat: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case year
        case month(twoDigits: Bool)
        case day(twoDigits: Bool)
        case hour(twoDigits: Bool)
        /// 1…12, with `half`
        case halfHour(twoDigits: Bool)
        case minute(twoDigits: Bool)
        case second(twoDigits: Bool)
        /// AM or PM
        case half
        /// `Z` or `±hh:mm`
        case offset
        case literal([UInt8])
    }

    /// What a cell said.
    struct Reading: Equatable {
        var day: Day
        /// `nil`: only a date was written.
        var secondOfDay: Int?
        /// Seconds east of UTC, if written.
        var offsetSeconds: Int?
    }

    struct PatternError: Error { var message: String }

    let pattern: String
    let parts: [Part]

    init(_ pattern: String) throws(PatternError) {
        self.pattern = pattern
        var parts: [Part] = []
        var rest = Substring(pattern)
        while let first = rest.first {
            if first == "'" {
                rest = rest.dropFirst()
                guard let end = rest.firstIndex(of: "'") else { throw PatternError(message: "an apostrophe is left open") }
                parts.append(.literal(rest.startIndex == end ? [0x27] : Array(rest[..<end].utf8)))
                rest = rest[rest.index(after: end)...]
            } else if first.isASCII, first.isLetter {
                let run = rest.prefix { $0 == first }
                parts.append(try Self.part(String(run)))
                rest = rest.dropFirst(run.count)
            } else {
                parts.append(.literal(Array(String(first).utf8)))
                rest = rest.dropFirst()
            }
        }
        func has(_ test: (Part) -> Bool) -> Int { parts.count(where: test) }
        let year = has { $0 == .year }
        let month = has { if case .month = $0 { true } else { false } }
        let day = has { if case .day = $0 { true } else { false } }
        let hour = has { if case .hour = $0 { true } else { false } }
        let halfHour = has { if case .halfHour = $0 { true } else { false } }
        let minute = has { if case .minute = $0 { true } else { false } }
        let second = has { if case .second = $0 { true } else { false } }
        let half = has { $0 == .half }
        guard year == 1, month == 1, day == 1 else {
            throw PatternError(message: "year (yyyy), month (M or MM) and day (d or dd) must each stand in it once")
        }
        guard halfHour == half, half <= 1 else { throw PatternError(message: "h and a go together") }
        guard hour + halfHour <= 1, minute <= hour + halfHour, second <= minute, hour + halfHour == minute else {
            throw PatternError(message: "hours need minutes (mm), seconds need both, and each may stand in it once")
        }
        self.parts = parts
    }

    private static func part(_ run: String) throws(PatternError) -> Part {
        switch run {
        case "yyyy": .year
        case "M", "MM": .month(twoDigits: run.count == 2)
        case "d", "dd": .day(twoDigits: run.count == 2)
        case "H", "HH": .hour(twoDigits: run.count == 2)
        case "h", "hh": .halfHour(twoDigits: run.count == 2)
        case "m", "mm": .minute(twoDigits: run.count == 2)
        case "s", "ss": .second(twoDigits: run.count == 2)
        case "a": .half
        case "XXX": .offset
        default:
            throw PatternError(message: "‘\(run)’ isn't one of yyyy M MM d dd H HH h hh m mm s ss a XXX; put literal letters between apostrophes")
        }
    }

    /// `nil` if the cell isn't written so.
    func read(_ cell: String) -> Reading? {
        let bytes = Array(cell.utf8)
        var index = 0
        var year = 0, month = 0, day = 0
        var hour: Int?
        var minute = 0, second = 0
        var isAfternoon: Bool?
        var offset: Int?
        func number(_ range: ClosedRange<Int>, digits: ClosedRange<Int>) -> Int? {
            var value = 0
            var count = 0
            while count < digits.upperBound, index < bytes.count, (0x30...0x39).contains(bytes[index]) {
                value = value * 10 + Int(bytes[index] - 0x30)
                index += 1
                count += 1
            }
            return count >= digits.lowerBound && range.contains(value) ? value : nil
        }
        func take(_ text: String) -> Bool {
            guard bytes[index...].starts(with: text.utf8) else { return false }
            index += text.utf8.count
            return true
        }
        for part in parts {
            switch part {
            case .literal(let literal):
                guard bytes[index...].starts(with: literal) else { return nil }
                index += literal.count
            case .year:
                guard let value = number(1900...2999, digits: 4...4) else { return nil }
                year = value
            case .month(let two):
                guard let value = number(1...12, digits: (two ? 2 : 1)...2) else { return nil }
                month = value
            case .day(let two):
                guard let value = number(1...31, digits: (two ? 2 : 1)...2) else { return nil }
                day = value
            case .hour(let two):
                guard let value = number(0...23, digits: (two ? 2 : 1)...2) else { return nil }
                hour = value
            case .halfHour(let two):
                guard let value = number(1...12, digits: (two ? 2 : 1)...2) else { return nil }
                hour = value % 12
            case .minute(let two):
                guard let value = number(0...59, digits: (two ? 2 : 1)...2) else { return nil }
                minute = value
            case .second(let two):
                guard let value = number(0...59, digits: (two ? 2 : 1)...2) else { return nil }
                second = value
            case .half:
                if take("AM") || take("am") {
                    isAfternoon = false
                } else if take("PM") || take("pm") {
                    isAfternoon = true
                } else {
                    return nil
                }
            case .offset:
                if take("Z") {
                    offset = 0
                } else {
                    let sign = take("+") ? 1 : take("-") ? -1 : 0
                    guard sign != 0, let hours = number(0...14, digits: 2...2), take(":"), let minutes = number(0...59, digits: 2...2) else {
                        return nil
                    }
                    offset = sign * (hours * 60 + minutes) * 60
                }
            }
        }
        guard index == bytes.count, let date = Day(year: year, month: month, day: day) else { return nil }
        return Reading(
            day: date, secondOfDay: hour.map { ($0 + (isAfternoon == true ? 12 : 0)) * 3_600 + minute * 60 + second }, offsetSeconds: offset)
    }
}

/// Times as text: RFC 3339 with a zone offset, read strictly and written in two forms.
public enum RFC3339 {
    public struct Parsed: Equatable, Sendable {
        public var instant: Instant
        /// Seconds east of UTC, within ±14 h.
        public var offsetSeconds: Int
        /// How many digits stood behind the point: 0…6.
        public var fractionDigits: Int
    }

    /// Reads `yyyy-mm-ddThh:mm:ss[.f{1,6}](Z|±hh:mm)`.
    ///
    /// Refused (`nil`): lower-case `t` or `z`, a space for `T`, second 60, hour 24, days that don't exist, offsets beyond ±14:00,
    /// more than six fraction digits, years before 1900 or after 2999.
    public static func parse(_ text: String) -> Parsed? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 32, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let day = Day(String(text.prefix(10))), (1900...2999).contains(day.year),
            let hour = decimal(bytes, 11, 2), let minute = decimal(bytes, 14, 2), let second = decimal(bytes, 17, 2),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var index = 19
        var fraction = 0
        var digits = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
                fraction = fraction * 10 + Int(bytes[index] - 0x30)
                digits += 1
                index += 1
                if digits > 6 { return nil }
            }
            if digits == 0 { return nil }
            for _ in digits..<6 { fraction *= 10 }
        }
        guard index < bytes.count else { return nil }
        var offset = 0
        if bytes[index] == UInt8(ascii: "Z") {
            guard index + 1 == bytes.count else { return nil }
        } else {
            guard index + 6 == bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-"),
                bytes[index + 3] == UInt8(ascii: ":"),
                let hours = decimal(bytes, index + 1, 2), let minutes = decimal(bytes, index + 4, 2), minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60
            guard offset <= 14 * 3_600 else { return nil }
            if bytes[index] == UInt8(ascii: "-") { offset = -offset }
        }
        let seconds = Int64(day.number) * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset)
        return Parsed(instant: Instant(microseconds: seconds * 1_000_000 + Int64(fraction)), offsetSeconds: offset, fractionDigits: digits)
    }

    /// UTC with six digits, `2017-03-01T02:05:00.412113Z`: the form of `recordedtime`, the same on every node.
    public static func utc(_ instant: Instant) -> String {
        var bytes = civil(instant, offsetSeconds: 0)
        bytes.append(UInt8(ascii: "."))
        appendPadded(Int(instant.microseconds.flooredRemainder(by: 1_000_000)), 6, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Local time with offset, `2017-03-09T00:00:00+08:00`; six fraction digits if `fraction`, else whole seconds if the instant has none.
    public static func local(_ instant: Instant, offsetSeconds: Int, fraction: Bool = false) -> String {
        var bytes = civil(instant, offsetSeconds: offsetSeconds)
        let micro = Int(instant.microseconds.flooredRemainder(by: 1_000_000))
        if fraction || micro != 0 {
            bytes.append(UInt8(ascii: "."))
            appendPadded(micro, 6, to: &bytes)
        }
        bytes.append(UInt8(ascii: offsetSeconds < 0 ? "-" : "+"))
        appendPadded(abs(offsetSeconds) / 3_600, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendPadded(abs(offsetSeconds) / 60 % 60, 2, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func civil(_ instant: Instant, offsetSeconds: Int) -> [UInt8] {
        let local = instant.seconds + Int64(offsetSeconds)
        let (year, month, day) = Day(number: Int32(truncatingIfNeeded: local.flooredDivision(by: 86_400))).civil
        let second = Int(local.flooredRemainder(by: 86_400))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        appendPadded(year, 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendPadded(month, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendPadded(day, 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendPadded(second / 3_600, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendPadded(second / 60 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendPadded(second % 60, 2, to: &bytes)
        return bytes
    }
}

internal import EventModel

/// Where a list goes on (游标): the last sort key, the row it belonged to, and a fingerprint of the query it is of. Opaque text:
/// 48 hexadecimal digits.
struct ListCursor: Equatable {
    var fingerprint: UInt64
    var key: Int64
    var row: UInt64

    init(fingerprint: UInt64, key: Int64, row: UInt64) {
        self.fingerprint = fingerprint
        self.key = key
        self.row = row
    }

    init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 48 else { return nil }
        var numbers: [UInt64] = []
        for part in 0..<3 {
            guard let number = UInt64(String(decoding: digits[part * 16..<part * 16 + 16], as: UTF8.self), radix: 16) else { return nil }
            numbers.append(number)
        }
        self.init(fingerprint: numbers[0], key: Int64(bitPattern: numbers[1]), row: numbers[2])
    }

    var text: String {
        var bytes: [UInt8] = []
        for number in [fingerprint, UInt64(bitPattern: key), row] {
            for shift in (0..<8).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (shift * 8))) }
        }
        return TextCoding.hex(bytes)
    }

    /// FNV-1a, 64 bits, of the members of a query: tells queries apart, protects nothing.
    static func fingerprint(_ members: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for member in members {
            for byte in member.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        return hash
    }
}

/// Why a list or figure can't be given: all the caller's to mend.
public enum QueryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A parameter that can't be read: its name and what it may be.
    case badParameter(String, String)
    /// The cursor is of another query, or none at all.
    case foreignCursor
    /// The limit is not in 1…500.
    case badLimit

    public var description: String {
        switch self {
        case .badParameter(let name, let what): "\(name): \(what)"
        case .foreignCursor: "cursor: of another query"
        case .badLimit: "limit: 1…500"
        }
    }
}

import EventModel

/// The query of a request, read strictly: known names only, each once, well-formed percent codes and UTF-8. `+` stands for itself.
struct Query: Sendable {
    private(set) var values: [String: [String]] = [:]

    init() {}

    /// - Parameter repeatable: names that may come more than once.
    init(_ text: Substring?, known: [String], repeatable: Set<String> = ["type"]) throws {
        guard let text, !text.isEmpty else { return }
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(sides[0]) else {
                throw Refused(HTTPProblems.badParameter("?", zh: "百分号编码错误。", en: "the percent coding is wrong."))
            }
            guard known.contains(name) else { throw Refused(HTTPProblems.unknownParameter(name, known: known)) }
            guard let value = PercentCoding.decode(sides.count == 2 ? sides[1] : "") else {
                throw Refused(HTTPProblems.badParameter(name, zh: "百分号编码错误或不是 UTF-8。", en: "the percent coding is wrong, or it isn't UTF-8."))
            }
            guard !value.isEmpty else { throw Refused(HTTPProblems.badParameter(name, zh: "不能为空。", en: "it may not be empty.")) }
            guard values[name] == nil || repeatable.contains(name) else {
                throw Refused(HTTPProblems.badParameter(name, zh: "只能出现一次。", en: "it may stand here once only."))
            }
            values[name, default: []].append(value)
        }
    }

    subscript(name: String) -> String? { values[name]?.first }

    /// All values of a repeatable name, and what commas separate in them.
    func list(_ name: String) -> [String] {
        (values[name] ?? []).flatMap { $0.split(separator: ",").map(String.init) }
    }

    /// The given names with their values, for the engine.
    func picked(_ names: [String]) -> [String: String] {
        var result: [String: String] = [:]
        for name in names { if let value = values[name]?.first { result[name] = value } }
        return result
    }

    /// Digits, without sign or leading zeros, below 2^53.
    func position(_ name: String) throws -> Position? {
        guard let text = self[name] else { return nil }
        guard let position = Position(digits: text) else {
            throw Refused(
                HTTPProblems.badParameter(name, zh: "应为日志位置：不带正负号和前导零的数字。", en: "it must be a log position: digits, no sign, no leading zero."))
        }
        return position
    }

    func count(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Position(digits: text)?.rawValue, range.contains(Int(number)) else {
            throw Refused(
                HTTPProblems.badParameter(
                    name, zh: "应在 \(range.lowerBound) 到 \(range.upperBound) 之间。", en: "it must be from \(range.lowerBound) to \(range.upperBound)."))
        }
        return Int(number)
    }

    func flag(_ name: String) throws -> Bool {
        switch self[name] {
        case nil, "false": return false
        case "true": return true
        default: throw Refused(HTTPProblems.badParameter(name, zh: "应为 true 或 false。", en: "it must be true or false."))
        }
    }
}

extension Position {
    /// `nil` unless digits, without sign or leading zeros, below 2^53.
    init?(digits text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 16, bytes.allSatisfy({ (0x30...0x39).contains($0) }), bytes.count == 1 || bytes[0] != 0x30,
            let value = UInt64(text), value < 1 << 53
        else { return nil }
        self.init(value)
    }
}

/// RFC 3986 percent codes.
enum PercentCoding {
    /// `nil` if a code is cut or no UTF-8 comes out.
    static func decode(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// All but the unreserved characters of RFC 3986 as codes.
    static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// A strict scanner in front of everything that decodes: what it lets through means one thing only.
///
/// Beyond RFC 8259 it refuses what decoders disagree on: a byte order mark, invalid UTF-8, lone surrogates, member names that are
/// equal after unescaping, control characters other than line feed and tab (escaped ones too), fractions and integers beyond ±(2^53−1).
/// O(n) in the bytes: the names of a small object are compared with each other, those of a large one are kept in a set.
public struct JSONScanner: ~Copyable {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var index = 0
    private(set) var nodes: [JSONNode] = []

    init(_ bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        nodes.reserveCapacity(64)
    }

    consuming func scan() throws(JSONScanError) -> [JSONNode] {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { throw fail(.byteOrderMark, at: 0) }
        skipSpace()
        try value(depth: 0)
        skipSpace()
        if index != bytes.count { throw fail(.trailingBytes) }
        return nodes
    }

    private func fail(_ code: JSONScanError.Code, at offset: Int? = nil) -> JSONScanError { JSONScanError(code: code, offset: offset ?? index) }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int, escaped: Bool = false) throws(JSONScanError) {
        if nodes.count >= limits.nodes { throw fail(.tooManyNodes, at: start) }
        nodes.append(JSONNode(kind: kind, escaped: escaped, start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1), count: 0))
    }

    private mutating func value(depth: Int) throws(JSONScanError) {
        guard index < bytes.count else { throw fail(.unexpectedEnd) }
        switch bytes[index] {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "\""): try string(.string, limit: limits.stringBytes, code: .stringTooLong)
        case UInt8(ascii: "t"): try literal("true", .true)
        case UInt8(ascii: "f"): try literal("false", .false)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONScanError) {
        if depth > limits.depth { throw fail(.tooDeep) }
        let own = nodes.count
        try append(.object, from: index, to: index)
        index += 1
        skipSpace()
        var members = 0
        var names: Set<[UInt8]> = []
        if index < bytes.count, bytes[index] == UInt8(ascii: "}") {
            index += 1
        } else {
            while true {
                skipSpace()
                guard index < bytes.count else { throw fail(.unexpectedEnd) }
                guard bytes[index] == UInt8(ascii: "\"") else { throw fail(.unexpectedByte) }
                let nameAt = index
                let nameNode = nodes.count
                try string(.string, limit: limits.keyBytes, code: .keyTooLong)
                if isDuplicate(nameNode, in: own, members: members, &names) { throw fail(.duplicateMember, at: nameAt) }
                skipSpace()
                guard index < bytes.count else { throw fail(.unexpectedEnd) }
                guard bytes[index] == UInt8(ascii: ":") else { throw fail(.unexpectedByte) }
                index += 1
                skipSpace()
                try value(depth: depth)
                members += 1
                skipSpace()
                guard index < bytes.count else { throw fail(.unexpectedEnd) }
                if bytes[index] == UInt8(ascii: ",") {
                    index += 1
                    continue
                }
                guard bytes[index] == UInt8(ascii: "}") else { throw fail(.unexpectedByte) }
                index += 1
                break
            }
        }
        close(own, count: members)
    }

    private mutating func array(depth: Int) throws(JSONScanError) {
        if depth > limits.depth { throw fail(.tooDeep) }
        let own = nodes.count
        try append(.array, from: index, to: index)
        index += 1
        skipSpace()
        var items = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") {
            index += 1
        } else {
            while true {
                skipSpace()
                try value(depth: depth)
                items += 1
                skipSpace()
                guard index < bytes.count else { throw fail(.unexpectedEnd) }
                if bytes[index] == UInt8(ascii: ",") {
                    index += 1
                    continue
                }
                guard bytes[index] == UInt8(ascii: "]") else { throw fail(.unexpectedByte) }
                index += 1
                break
            }
        }
        close(own, count: items)
    }

    private mutating func close(_ own: Int, count: Int) {
        nodes[own].end = UInt32(index)
        nodes[own].next = UInt32(nodes.count)
        nodes[own].count = UInt32(count)
    }

    /// Up to this many members an object's names are compared one by one; beyond it that would take quadratic time.
    private static let smallObject = 16

    private func isDuplicate(_ name: Int, in object: Int, members: Int, _ names: inout Set<[UInt8]>) -> Bool {
        if names.isEmpty {
            var other = object + 1
            for _ in 0..<members {
                if members < Self.smallObject {
                    if sameName(nodes[other], nodes[name]) { return true }
                } else {
                    names.insert(JSONText.unescaped(bytes, nodes[other]))
                }
                other = Int(nodes[other + 1].next)
            }
        }
        return members >= Self.smallObject && !names.insert(JSONText.unescaped(bytes, nodes[name])).inserted
    }

    private func sameName(_ left: JSONNode, _ right: JSONNode) -> Bool {
        if left.escaped || right.escaped {
            return JSONText.unescaped(bytes, left) == JSONText.unescaped(bytes, right)
        }
        guard left.end - left.start == right.end - right.start else { return false }
        var offset = 0
        let count = Int(left.end - left.start)
        while offset < count {
            if bytes[Int(left.start) + offset] != bytes[Int(right.start) + offset] { return false }
            offset += 1
        }
        return true
    }

    private mutating func literal(_ text: StaticString, _ kind: JSONNode.Kind) throws(JSONScanError) {
        let start = index
        for offset in 0..<text.utf8CodeUnitCount {
            guard index < bytes.count else { throw fail(.unexpectedEnd) }
            guard bytes[index] == Self.literals[kind]![offset] else { throw fail(.unexpectedByte) }
            index += 1
        }
        try append(kind, from: start, to: index)
    }

    private static let literals: [JSONNode.Kind: [UInt8]] = [.true: Array("true".utf8), .false: Array("false".utf8), .null: Array("null".utf8)]

    private mutating func number() throws(JSONScanError) {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard index < bytes.count else { throw fail(.unexpectedEnd) }
        guard isDigit(bytes[index]) else { throw fail(.unexpectedByte) }
        var magnitude: UInt64 = 0
        if bytes[index] == UInt8(ascii: "0") {
            index += 1
            if index < bytes.count, isDigit(bytes[index]) { throw fail(.unexpectedByte) }
        } else {
            while index < bytes.count, isDigit(bytes[index]) {
                if magnitude < 1 << 54 { magnitude = magnitude * 10 + UInt64(bytes[index] - 0x30) }
                index += 1
            }
        }
        var kind = JSONNode.Kind.integer
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] | 0x20 == UInt8(ascii: "e") {
            guard limits.fractions else { throw fail(.fraction, at: start) }
            kind = .fraction
            try fractionAndExponent()
        } else if magnitude >= 1 << 53 {
            throw fail(.integerRange, at: start)
        }
        try append(kind, from: start, to: index)
    }

    private mutating func fractionAndExponent() throws(JSONScanError) {
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(JSONScanError) {
        guard index < bytes.count else { throw fail(.unexpectedEnd) }
        guard isDigit(bytes[index]) else { throw fail(.unexpectedByte) }
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Leaves `start` behind the opening quote and `end` on the closing one.
    private mutating func string(_ kind: JSONNode.Kind, limit: Int, code: JSONScanError.Code) throws(JSONScanError) {
        index += 1
        let start = index
        var escaped = false
        while true {
            guard index < bytes.count else { throw fail(.unexpectedEnd) }
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                if index - start > limit { throw fail(code, at: start) }
                try append(kind, from: start, to: index, escaped: escaped)
                index += 1
                return
            case UInt8(ascii: "\\"):
                escaped = true
                try escape()
            case 0x20...0x7E:
                index += 1
            case 0x00...0x1F, 0x7F:
                throw fail(.controlCharacter)
            default:
                try multibyte(byte)
            }
        }
    }

    private mutating func escape() throws(JSONScanError) {
        guard index + 1 < bytes.count else { throw fail(.unexpectedEnd) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "n"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "r"):
            throw fail(.controlCharacter)
        case UInt8(ascii: "u"):
            let unit = try hex(at: index + 2)
            switch unit {
            case 0x0A, 0x09, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFF:
                index += 6
            case 0xD800...0xDBFF:
                guard index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u") else {
                    throw fail(.loneSurrogate)
                }
                let low = try hex(at: index + 8)
                guard (0xDC00...0xDFFF).contains(low) else { throw fail(.loneSurrogate) }
                index += 12
            case 0xDC00...0xDFFF:
                throw fail(.loneSurrogate)
            default:
                throw fail(.controlCharacter)
            }
        default:
            throw fail(.invalidEscape)
        }
    }

    private func hex(at start: Int) throws(JSONScanError) -> UInt32 {
        guard let value = JSONText.hexValue(bytes, at: start) else { throw fail(.invalidEscape) }
        return value
    }

    /// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF; and no C1 control characters.
    private mutating func multibyte(_ lead: UInt8) throws(JSONScanError) {
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF4: (length, high) = (4, 0x8F)
        case 0xF1...0xF3: length = 4
        default: throw fail(.invalidUTF8)
        }
        guard index + length <= bytes.count else { throw fail(.invalidUTF8) }
        guard bytes[index + 1] >= low, bytes[index + 1] <= high else { throw fail(.invalidUTF8) }
        if lead == 0xC2, bytes[index + 1] < 0xA0 { throw fail(.controlCharacter) }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { throw fail(.invalidUTF8) }
        index += length
    }
}

extension JSONScanner {
    /// Whether a text that our writer made holds a control character the scanner refuses, raw or escaped: it would be stored, and never be read.
    /// O(n), one comparison a byte where there is none.
    public static func holdsControlCharacter(_ json: [UInt8]) -> Bool {
        for (index, byte) in json.enumerated() {
            if byte < 0x20 || byte == 0x7F { return true }
            guard byte == UInt8(ascii: "\\"), index + 5 < json.count, json[index + 1] == UInt8(ascii: "u"),
                let unit = JSONText.hexValue(json, at: index + 2)
            else { continue }
            if unit < 0x20 && unit != 0x0A && unit != 0x09 || (0x7F...0x9F).contains(unit) { return true }
        }
        return false
    }
}

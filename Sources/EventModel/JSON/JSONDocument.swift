/// One value of a scanned text, in the order of the text; a container's children follow it.
struct JSONNode: Sendable {
    enum Kind: UInt8, Sendable { case object, array, string, integer, fraction, `true`, `false`, null }
    var kind: Kind
    /// Whether the string holds escapes.
    var escaped: Bool
    /// Bytes of the value; of a string, without its quotes.
    var start: UInt32
    var end: UInt32
    /// Index of the node behind this one and all below it.
    var next: UInt32
    /// Members of an object, items of an array.
    var count: UInt32
}

/// A text that has passed the strict scanner, with an index of its values.
public struct JSONDocument: Sendable {
    public let bytes: [UInt8]
    let nodes: [JSONNode]

    /// Scans the whole text. Throws `JSONScanError` at the first byte that breaks a rule. O(n).
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONScanError) {
        self.bytes = bytes
        nodes = try JSONScanner(bytes, limits: limits).scan()
    }

    public init(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONScanError) {
        try self.init(Array(text.utf8), limits: limits)
    }

    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// A value inside a scanned document. Cheap to copy: the document is shared.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int
    private var node: JSONNode { document.nodes[index] }

    public enum Kind: String, Sendable { case object, array, string, integer, fraction, boolean, null }
    public var kind: Kind {
        switch node.kind {
        case .object: .object
        case .array: .array
        case .string: .string
        case .integer: .integer
        case .fraction: .fraction
        case .true, .false: .boolean
        case .null: .null
        }
    }

    /// The unescaped text of a string; `nil` for any other kind.
    public var string: String? {
        let node = node
        guard node.kind == .string else { return nil }
        if node.escaped { return String(decoding: JSONText.unescaped(document.bytes, node), as: UTF8.self) }
        return String(decoding: document.bytes[Int(node.start)..<Int(node.end)], as: UTF8.self)
    }

    /// An integer of at most 53 bits; `nil` for any other kind.
    public var integer: Int? {
        let node = node
        guard node.kind == .integer else { return nil }
        var value = 0
        var index = Int(node.start)
        let negative = document.bytes[index] == UInt8(ascii: "-")
        if negative { index += 1 }
        while index < Int(node.end) {
            value = value * 10 + Int(document.bytes[index] - 0x30)
            index += 1
        }
        return negative ? -value : value
    }

    public var boolean: Bool? {
        switch node.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    public var isNull: Bool { node.kind == .null }

    /// Items of an array or members of an object; 0 for anything else.
    public var count: Int { Int(node.count) }

    /// The items of an array; empty for any other kind.
    public var items: [JSONValue] {
        let node = node
        guard node.kind == .array else { return [] }
        var result: [JSONValue] = []
        result.reserveCapacity(Int(node.count))
        var child = index + 1
        for _ in 0..<node.count {
            result.append(JSONValue(document: document, index: child))
            child = Int(document.nodes[child].next)
        }
        return result
    }

    /// The members of an object in the order of the text; empty for any other kind.
    public var members: [(name: String, value: JSONValue)] {
        let node = node
        guard node.kind == .object else { return [] }
        var result: [(name: String, value: JSONValue)] = []
        result.reserveCapacity(Int(node.count))
        var child = index + 1
        for _ in 0..<node.count {
            result.append((JSONValue(document: document, index: child).string!, JSONValue(document: document, index: child + 1)))
            child = Int(document.nodes[child + 1].next)
        }
        return result
    }

    /// The value of a member, `nil` if there is none or this is no object. O(members).
    public subscript(name: String) -> JSONValue? {
        let node = node
        guard node.kind == .object else { return nil }
        var name = name
        return name.withUTF8 { wanted in
            var child = index + 1
            for _ in 0..<node.count {
                let key = document.nodes[child]
                let matches: Bool
                if key.escaped {
                    matches = JSONText.unescaped(document.bytes, key).elementsEqual(wanted)
                } else {
                    matches = Int(key.end - key.start) == wanted.count && document.bytes[Int(key.start)..<Int(key.end)].elementsEqual(wanted)
                }
                if matches { return JSONValue(document: document, index: child + 1) }
                child = Int(document.nodes[child + 1].next)
            }
            return nil
        }
    }

    /// The bytes of the value as they stand in the text, quotes included.
    public var text: ArraySlice<UInt8> {
        let node = node
        return node.kind == .string
            ? document.bytes[Int(node.start) - 1..<Int(node.end) + 1] : document.bytes[Int(node.start)..<Int(node.end)]
    }

    /// Where the value begins, in bytes from the start of the text.
    public var offset: Int { node.kind == .string ? Int(node.start) - 1 : Int(node.start) }

    /// Equal as values: the order of members, white space and escapes don't matter.
    public func isEqual(to other: JSONValue) -> Bool {
        guard kind == other.kind else { return false }
        switch kind {
        case .object:
            guard count == other.count else { return false }
            return members.allSatisfy { member in other[member.name].map { member.value.isEqual(to: $0) } ?? false }
        case .array:
            guard count == other.count else { return false }
            return zip(items, other.items).allSatisfy { $0.isEqual(to: $1) }
        case .string: return string!.utf8.elementsEqual(other.string!.utf8)
        case .integer: return integer == other.integer
        case .fraction: return text == other.text
        case .boolean: return boolean == other.boolean
        case .null: return true
        }
    }
}

enum JSONText {
    static func hexValue(_ bytes: [UInt8], at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<start + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }

    /// The bytes a string stands for. Only for strings that the scanner has passed.
    static func unescaped(_ bytes: [UInt8], _ node: JSONNode) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Int(node.end - node.start))
        var index = Int(node.start)
        while index < Int(node.end) {
            guard bytes[index] == UInt8(ascii: "\\") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = hexValue(bytes, at: index + 2) ?? 0xFFFD
                if (0xD800...0xDBFF).contains(scalar) {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + ((hexValue(bytes, at: index + 8) ?? 0xDC00) - 0xDC00)
                    index += 6
                }
                result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
                index += 4
            default: result.append(bytes[index + 1])
            }
            index += 2
        }
        return result
    }
}

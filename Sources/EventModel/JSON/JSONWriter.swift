/// Writes JSON without white space, members in the order they are given. The one encoder of entries and answers.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        beginObject()
        try body(&self)
        endObject()
    }
    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        beginArray()
        try body(&self)
        endArray()
    }

    /// The name of the next member; its value must follow.
    public mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ text: String) {
        separate()
        quote(text)
    }
    public mutating func value(_ number: Int) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }
    public mutating func value(_ number: UInt64) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }
    public mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }
    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }
    /// Bytes that already are one JSON value.
    public mutating func raw<Bytes: Sequence<UInt8>>(_ json: Bytes) {
        separate()
        bytes.append(contentsOf: json)
    }

    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        self.value(value)
    }
    public mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        self.value(value)
    }
    public mutating func member(_ name: String, _ value: UInt64) {
        self.name(name)
        self.value(value)
    }
    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        self.value(value)
    }
    public mutating func member(_ name: String, _ strings: [String]) {
        self.name(name)
        array { array in for string in strings { array.value(string) } }
    }
    public mutating func member<Bytes: Sequence<UInt8>>(_ name: String, raw json: Bytes) {
        self.name(name)
        raw(json)
    }
    // An absent optional leaves the member out: nothing is ever written as null.
    public mutating func member(_ name: String, optional value: String?) { if let value { member(name, value) } }
    public mutating func member(_ name: String, optional value: Int?) { if let value { member(name, value) } }
    public mutating func member(_ name: String, optional value: Bool?) { if let value { member(name, value) } }

    /// An object member, written by the closure.
    public mutating func member(_ name: String, object body: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try object(body)
    }
    /// An array member, written by the closure.
    public mutating func member(_ name: String, array body: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try array(body)
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }
    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            for byte in utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(byte)
                case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
                case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
                case 0x00...0x1F:
                    bytes.append(contentsOf: "\\u00".utf8)
                    bytes.append(Self.hexDigits[Int(byte >> 4)])
                    bytes.append(Self.hexDigits[Int(byte & 15)])
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
    private static let hexDigits = Array("0123456789abcdef".utf8)
}

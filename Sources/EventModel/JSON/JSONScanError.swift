/// Why a text is not the JSON this engine takes, and where.
public struct JSONScanError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case byteOrderMark = "byte-order-mark"
        case controlCharacter = "control-character"
        case duplicateMember = "duplicate-member"
        case fraction = "fraction"
        case integerRange = "integer-range"
        case invalidEscape = "invalid-escape"
        case invalidUTF8 = "invalid-utf8"
        case keyTooLong = "key-too-long"
        case loneSurrogate = "lone-surrogate"
        case stringTooLong = "string-too-long"
        case tooDeep = "too-deep"
        case tooManyNodes = "too-many-nodes"
        case trailingBytes = "trailing-bytes"
        case unexpectedByte = "unexpected-byte"
        case unexpectedEnd = "unexpected-end"
    }
    public var code: Code
    /// Bytes from the start of the text.
    public var offset: Int

    public var description: String { "\(code.rawValue) at byte \(offset)" }
}

/// What a JSON text may hold. The defaults are the limits of one posted event.
public struct JSONLimits: Sendable {
    /// Nested objects and arrays.
    public var depth = 32
    /// Bytes of a member name, as written.
    public var keyBytes = 512
    /// Bytes of a string, as written.
    public var stringBytes = 262_144
    /// Values and member names together.
    public var nodes = 20_000
    /// Whether `1.5` and `1e3` are taken (as `.fraction` nodes). Events hold integers only.
    public var fractions = false

    public init() {}
}

import EventModel
import Testing

@Suite struct JSONScannerTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var bytes: [UInt8]
        var code: JSONScanError.Code
        var offset: Int
        init(_ text: String, _ code: JSONScanError.Code, _ offset: Int) { self.init(Array(text.utf8), code, offset) }
        init(_ bytes: [UInt8], _ code: JSONScanError.Code, _ offset: Int) {
            self.bytes = bytes
            self.code = code
            self.offset = offset
        }
        var testDescription: String { "\(String(decoding: bytes.prefix(60), as: UTF8.self)) → \(code.rawValue) at \(offset)" }
    }

    static let bad: [Bad] = syntax + text + numbers + duplicates + sizes

    static let syntax: [Bad] = [
        Bad("", .unexpectedEnd, 0), Bad("  ", .unexpectedEnd, 2), Bad("{", .unexpectedEnd, 1), Bad("[", .unexpectedEnd, 1),
        Bad("[1", .unexpectedEnd, 2),
        Bad("[1,", .unexpectedEnd, 3), Bad("{\"a\"", .unexpectedEnd, 4), Bad("{\"a\":", .unexpectedEnd, 5), Bad("{\"a\":1", .unexpectedEnd, 6),
        Bad("{\"a\":1,", .unexpectedEnd, 7), Bad("\"ab", .unexpectedEnd, 3), Bad("\"a\\", .unexpectedEnd, 2), Bad("tru", .unexpectedEnd, 3),
        Bad("-", .unexpectedEnd, 1), Bad("{a:1}", .unexpectedByte, 1), Bad("{'a':1}", .unexpectedByte, 1), Bad("{1:1}", .unexpectedByte, 1),
        Bad("{\"a\" 1}", .unexpectedByte, 5), Bad("{\"a\":1 \"b\":2}", .unexpectedByte, 7), Bad("{\"a\":1,}", .unexpectedByte, 7),
        Bad("{,}", .unexpectedByte, 1),
        Bad("[1,]", .unexpectedByte, 3), Bad("[,1]", .unexpectedByte, 1), Bad("[1 2]", .unexpectedByte, 3), Bad("[1}", .unexpectedByte, 2),
        Bad("{\"a\":1]", .unexpectedByte, 6), Bad("nul", .unexpectedEnd, 3), Bad("nulx", .unexpectedByte, 3), Bad("True", .unexpectedByte, 0),
        Bad("NaN", .unexpectedByte, 0), Bad("Infinity", .unexpectedByte, 0), Bad("-Infinity", .unexpectedByte, 1), Bad("// a\n1", .unexpectedByte, 0),
        Bad("/* a */1", .unexpectedByte, 0), Bad("{\"a\":/**/1}", .unexpectedByte, 5), Bad([0x0C, 0x31], .unexpectedByte, 0),
        Bad([0xC2, 0xA0, 0x31], .unexpectedByte, 0), Bad("1 1", .trailingBytes, 2), Bad("{}x", .trailingBytes, 2), Bad("{}{}", .trailingBytes, 2),
        Bad("{}\u{0}", .trailingBytes, 2), Bad("truee", .trailingBytes, 4), Bad([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], .byteOrderMark, 0),
        Bad([0xFE, 0xFF, 0x00, 0x31], .unexpectedByte, 0), Bad([0x31, 0x00], .trailingBytes, 1), Bad([0x7B, 0x00, 0x7D, 0x00], .unexpectedByte, 1),
    ]

    static let text: [Bad] = [
        Bad("\"a\nb\"", .controlCharacter, 2), Bad("\"a\tb\"", .controlCharacter, 2), Bad("\"\u{0}\"", .controlCharacter, 1),
        Bad("\"\u{1B}[31m\"", .controlCharacter, 1), Bad("\"\u{7F}\"", .controlCharacter, 1), Bad("\"\u{80}\"", .controlCharacter, 1),
        Bad("\"\u{9F}\"", .controlCharacter, 1), Bad("\"\\u0000\"", .controlCharacter, 1), Bad("\"\\u001b\"", .controlCharacter, 1),
        Bad("\"\\u007F\"", .controlCharacter, 1), Bad("\"\\u0085\"", .controlCharacter, 1), Bad("\"\\r\"", .controlCharacter, 1),
        Bad("\"\\b\"", .controlCharacter, 1), Bad("\"\\f\"", .controlCharacter, 1), Bad("\"\\u000d\"", .controlCharacter, 1),
        Bad("{\"a\\u0000\":1}", .controlCharacter, 3), Bad("\"\\x41\"", .invalidEscape, 1), Bad("\"\\'\"", .invalidEscape, 1),
        Bad("\"\\U0041\"", .invalidEscape, 1),
        Bad("\"\\u12G4\"", .invalidEscape, 1), Bad("\"\\u123\"", .invalidEscape, 1), Bad("\"\\u+123\"", .invalidEscape, 1),
        Bad("\"\\u１234\"", .invalidEscape, 1),
        Bad("\"ab\\ud800\"", .loneSurrogate, 3), Bad("\"\\udc00\"", .loneSurrogate, 1), Bad("\"\\ud800x\"", .loneSurrogate, 1),
        Bad("\"\\ud800\\n\"", .loneSurrogate, 1), Bad("\"\\ud800\\ud800\"", .loneSurrogate, 1), Bad("\"\\ud83d\\u0041\"", .loneSurrogate, 1),
        Bad("{\"\\ud800\":1}", .loneSurrogate, 2), Bad(quoted([0x80]), .invalidUTF8, 1), Bad(quoted([0xBF]), .invalidUTF8, 1),
        Bad(quoted([0xC0, 0x80]), .invalidUTF8, 1), Bad(quoted([0xC1, 0xBF]), .invalidUTF8, 1), Bad(quoted([0xC3]), .invalidUTF8, 1),
        Bad(quoted([0xE0, 0x80, 0x80]), .invalidUTF8, 1), Bad(quoted([0xE0, 0x9F, 0xBF]), .invalidUTF8, 1),
        Bad(quoted([0xED, 0xA0, 0x80]), .invalidUTF8, 1),
        Bad(quoted([0xED, 0xBF, 0xBF]), .invalidUTF8, 1), Bad(quoted([0xE4, 0xB8]), .invalidUTF8, 1),
        Bad(quoted([0xE4, 0xB8, 0x41]), .invalidUTF8, 1),
        Bad(quoted([0xF0, 0x80, 0x80, 0x80]), .invalidUTF8, 1), Bad(quoted([0xF0, 0x8F, 0xBF, 0xBF]), .invalidUTF8, 1),
        Bad(quoted([0xF4, 0x90, 0x80, 0x80]), .invalidUTF8, 1), Bad(quoted([0xF5, 0x80, 0x80, 0x80]), .invalidUTF8, 1),
        Bad(quoted([0xFF]), .invalidUTF8, 1),
        Bad(quoted([0xF0, 0x9F, 0x98]), .invalidUTF8, 1), Bad([0x22, 0xE4, 0xB8], .invalidUTF8, 1),
        Bad([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], .invalidUTF8, 2),
    ]

    static let numbers: [Bad] = [
        Bad("1.0", .fraction, 0), Bad("[0,1.5]", .fraction, 3), Bad("1e2", .fraction, 0), Bad("1E2", .fraction, 0), Bad("-0.0", .fraction, 0),
        Bad("1e400", .fraction, 0), Bad("01", .unexpectedByte, 1), Bad("-01", .unexpectedByte, 2), Bad("00", .unexpectedByte, 1),
        Bad("+1", .unexpectedByte, 0),
        Bad(".5", .unexpectedByte, 0), Bad("0x1", .trailingBytes, 1), Bad("1_0", .trailingBytes, 1), Bad("-a", .unexpectedByte, 1),
        Bad("１", .unexpectedByte, 0),
        Bad("9007199254740992", .integerRange, 0), Bad("-9007199254740992", .integerRange, 0), Bad("[18446744073709551616]", .integerRange, 1),
        Bad("36893488147419103233", .integerRange, 0), Bad(String(repeating: "9", count: 400), .integerRange, 0),
    ]

    static let duplicates: [Bad] = [
        Bad(#"{"a":1,"a":1}"#, .duplicateMember, 7), Bad(#"{"a":1,"\u0061":2}"#, .duplicateMember, 7),
        Bad(#"{"\u0061":1,"a":2}"#, .duplicateMember, 12),
        Bad(#"{"":1,"":2}"#, .duplicateMember, 6), Bad(#"[{"b":{"a":1,"c":[{}],"a":2}}]"#, .duplicateMember, 22),
        Bad(#"{"😀":1,"\ud83d\uDE00":2}"#, .duplicateMember, 10), Bad(#"{"a":{"x":1},"b":[1,2],"a":null}"#, .duplicateMember, 23),
        Bad(many(15, "k3"), .duplicateMember, many(15, "k3").count - 7), Bad(many(16, "k3"), .duplicateMember, many(16, "k3").count - 7),
        Bad(many(17, "k16"), .duplicateMember, many(17, "k16").count - 8),
        Bad(many(900, #"\u006b0"#), .duplicateMember, many(900, #"\u006b0"#).count - 12),
    ]

    static let sizes: [Bad] = [
        Bad(String(repeating: "[", count: 33), .tooDeep, 32), Bad(String(repeating: "{\"a\":", count: 33), .tooDeep, 160),
        Bad(String(repeating: "[", count: 100_000), .tooDeep, 32), Bad("{\"\(String(repeating: "k", count: 513))\":1}", .keyTooLong, 2),
        Bad("\"\(String(repeating: "s", count: 262_145))\"", .stringTooLong, 1),
        Bad("\"\(String(repeating: "字", count: 87_382))\"", .stringTooLong, 1),
        Bad("[" + String(repeating: "1,", count: 20_000) + "1]", .tooManyNodes, 39_999),
    ]

    static func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }
    /// An object of members k0, k1 … and then one more name.
    static func many(_ count: Int, _ last: String) -> String { "{" + (0..<count).map { "\"k\($0)\":0," }.joined() + "\"\(last)\":1}" }

    @Test(arguments: bad) func refuses(_ row: Bad) throws {
        let error = try #require(scanError(row.bytes), "passed: \(row)")
        #expect(error.code == row.code && error.offset == row.offset, "\(error)")
    }

    @Test func everyCodeIsInTheTable() { #expect(Set(Self.bad.map(\.code)) == Set(JSONScanError.Code.allCases)) }

    @Test func everyPrefixOfAnEntryIsRefused() throws {
        let line = utf8(EntryTests.storedEntry)
        for count in 0..<line.count { #expect(scanError(Array(line[..<count])) != nil, "\(count) bytes") }
        #expect(scanError(line) == nil)
    }

    struct Good: Sendable, CustomTestStringConvertible {
        var text: String
        var canonical: String
        init(_ text: String, _ canonical: String) {
            self.text = text
            self.canonical = canonical
        }
        var testDescription: String { text }
    }
    static let good: [Good] = [
        Good("0", "i0"), Good("-0", "i0"), Good(" \t\r\n[ ] ", "[]"), Good("{}", "{}"), Good("9007199254740991", "i9007199254740991"),
        Good("-9007199254740991", "i-9007199254740991"), Good("[true,false,null]", "[true,false,null]"), Good("\"\"", "s"),
        Good(#""\"\\\/\n\t\u0041\u00e9""#, "s225c2f0a0941c3a9"), Good(#""\ud83d\ude00""#, "sf09f9880"), Good(#""\uD87E\uDC00""#, "sf0afa080"),
        Good(#""\uffff\ufeff\u00a0\ud7ff\ue000""#, "sefbfbfefbbbfc2a0ed9fbfee8080"),
        Good("\"𠀀😀\u{202E}\u{200B}\u{FEFF}é\"", "sf0a08080f09f9880e280aee2808befbbbfc3a9"),
        Good("{\"e\u{301}\":1,\"\u{E9}\":2}", "{65cc81:i1,c3a9:i2}"), Good(#"{"b":[1,{"c":2}],"a":{"a":{}}}"#, "{61:{61:{}},62:[i1,{63:i2}]}"),
        Good(
            String(repeating: "[", count: 32) + String(repeating: "]", count: 32),
            String(repeating: "[", count: 32) + String(repeating: "]", count: 32)),
        Good("{\"\(String(repeating: "k", count: 512))\":1}", "{\(String(repeating: "6b", count: 512)):i1}"),
    ]
    @Test(arguments: good) func takes(_ row: Good) throws { #expect(canonical(try JSONDocument(row.text).root) == row.canonical) }

    @Test func limitsAreTakenAtTheirEdge() throws {
        let string = "\"" + String(repeating: "s", count: 262_144) + "\""
        #expect(try JSONDocument(string).root.string?.utf8.count == 262_144)
        #expect(try JSONDocument("[" + String(repeating: "1,", count: 19_998) + "1]").root.count == 19_999)
        #expect(try JSONDocument(Self.many(2_000, "last")).root["k1999"]?.integer == 0)
        var limits = JSONLimits()
        limits.fractions = true
        for text in ["1.5", "-0.0", "1e400", "1E-3", "2.50e+10"] { #expect(try JSONDocument(text, limits: limits).root.kind == .fraction) }
        for text in ["1.", "1.e3", "1e", "1e+", "1.x", "-.5"] { #expect(scanError(utf8(text), limits: limits) != nil, "\(text)") }
    }

    @Test func valuesAreFoundByNameAndPlace() throws {
        let text = #" {"a" : "x\ny", "\u0062":[10, "é"], "c":{"d":true}} "#
        let root = try JSONDocument(text).root
        #expect(root.kind == .object && root.count == 3 && root.offset == 1)
        #expect(root["a"]?.string == "x\ny" && root["a"]?.text.elementsEqual(#""x\ny""#.utf8) == true && root["a"]?.offset == 8)
        #expect(root["b"]?.items.map(\.integer) == [10, nil] && root["b"]?.items[1].string == "é")
        #expect(root["c"]?["d"]?.boolean == true && root["c"]?.text.elementsEqual(#"{"d":true}"#.utf8) == true)
        #expect(root.members.map(\.name) == ["a", "b", "c"])
        #expect(
            root["d"] == nil && root["a"]?["x"] == nil && root["a"]?.items.isEmpty == true && root["c"]?.string == nil && root["a"]?.integer == nil)
    }

    @Test(arguments: [
        (#"{"a":1,"b":[2,"x"]}"#, #" { "b" : [ 2 , "\u0078" ] , "a" : 1 } "#, true), (#"{"a":1}"#, #"{"a":1,"b":1}"#, false),
        ("[1,2]", "[2,1]", false),
        (#""é""#, "\"e\u{301}\"", false), (#""1""#, "1", false), ("0", "-0", true), ("null", "false", false),
        (#"{"é":1}"#, "{\"e\u{301}\":1}", false),
        ("[]", "{}", false), (#"{"a":null}"#, "{}", false), ("true", "true", true), (#"{"a":{"b":[]}}"#, #"{"a":{"b":[]}}"#, true),
    ])
    func comparesValues(_ left: String, _ right: String, _ isEqual: Bool) throws {
        let (left, right) = (try JSONDocument(left).root, try JSONDocument(right).root)
        #expect(left.isEqual(to: right) == isEqual)
        #expect(right.isEqual(to: left) == isEqual)
    }
}

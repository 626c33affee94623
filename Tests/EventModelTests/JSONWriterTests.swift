import EventModel
import Testing

@Suite struct JSONWriterTests {
    @Test func writesWithoutWhiteSpaceInTheOrderGiven() {
        var writer = JSONWriter()
        writer.object { object in
            object.member("b", "x\"\\\n\t/é")
            object.member("a", -5)
            object.member("u", UInt64.max)
            object.member("yes", true)
            object.member("list", ["p", "q"])
            object.member("absent", optional: String?.none)
            object.member("there", optional: 7)
            object.member("raw", raw: utf8("[1]"))
            object.member("object", object: { $0.member("z", false) })
            object.name("array")
            object.array { array in
                array.null()
                array.object { _ in }
                array.array { $0.value(1) }
            }
        }
        #expect(
            writer.text
                == #"{"b":"x\"\\\n\t/é","a":-5,"u":18446744073709551615,"yes":true,"list":["p","q"],"there":7,"raw":[1],"object":{"z":false},"array":[null,{},[1]]}"#
        )
    }

    /// Random trees, written, scanned, written again from the scan: the same bytes.
    @Test func whatIsWrittenIsReadBack() throws {
        let seed: UInt64 = 7
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var writer = JSONWriter()
            Self.tree(&writer, depth: 0, &generator)
            let document = try JSONDocument(writer.bytes)
            var again = JSONWriter()
            Self.copy(document.root, &again)
            #expect(again.text == writer.text, "seed \(seed)")
        }
    }

    static let texts = ["", "a", "\"", "\\", "\n\t", "请恢复公交站", "😀𠀀", "é", "e\u{301}", "\u{FFFF}\u{A0}", "a/b", "</script>", "\u{2028}"]
    static func tree(_ writer: inout JSONWriter, depth: Int, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 5), using: &generator) {
        case 0: writer.value(texts.randomElement(using: &generator)!)
        case 1: writer.value(Int.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &generator))
        case 2: writer.value(Bool.random(using: &generator))
        case 3: writer.null()
        case 4: writer.value(texts.shuffled(using: &generator).joined())
        case 5:
            writer.beginArray()
            for _ in 0..<Int.random(in: 0..<5, using: &generator) { tree(&writer, depth: depth + 1, &generator) }
            writer.endArray()
        default:
            writer.beginObject()
            for name in texts.shuffled(using: &generator).prefix(Int.random(in: 0..<6, using: &generator)) {
                writer.name(name)
                tree(&writer, depth: depth + 1, &generator)
            }
            writer.endObject()
        }
    }
    static func copy(_ value: JSONValue, _ writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for member in value.members {
                writer.name(member.name)
                copy(member.value, &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for item in value.items { copy(item, &writer) }
            writer.endArray()
        case .string: writer.value(value.string!)
        case .integer: writer.value(value.integer!)
        case .boolean: writer.value(value.boolean!)
        case .null: writer.null()
        case .fraction: writer.raw(value.text)
        }
    }

    /// RFC 4648 §10.
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")])
    func base64Vectors(_ plain: String, _ coded: String) {
        #expect(TextCoding.base64(utf8(plain)) == coded)
        #expect(TextCoding.bytes(base64: coded) == utf8(plain))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "====", "Zh==", "Zm9=", "Zm8", "Zm8=Zm8=", "Zg==Zg==", "Zm-_", "Zm 8", "Zm8\n", "=m8=", "Z===", "Zm9vÿ===",
        "Zg==\u{0}\u{0}\u{0}\u{0}", "Zm=v",
    ])
    func isNoCanonicalBase64(_ text: String) { #expect(TextCoding.bytes(base64: text) == nil) }

    @Test func base64AndHexOfAllBytes() {
        let seed: UInt64 = 64
        var generator = SeededGenerator(seed: seed)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(TextCoding.bytes(base64: TextCoding.base64(bytes)) == bytes, "seed \(seed)")
        }
        #expect(TextCoding.hex([0x00, 0x0F, 0xA5, 0xFF] as [UInt8]) == "000fa5ff")
    }
}

import EventModel
import Testing

/// What our scanner takes, Python's takes too, and it means the same there.
@Suite struct JSONFuzzTests {
    static let seeds: [String] = [
        EntryTests.storedEntry, #"{"a":[1,-2,{"b":"é\u00e9\ud83d\ude00\n"}],"c":true,"d":false,"e":null,"f":""}"#,
        "[[[]],{},[{}],\"x\",0,-0,9007199254740991]",
        #"{"title":"请恢复东大街口公交站","text":"我叫王小明","n":[1,2,3],"x":{"y":{"z":[]}}}"#, #"{"a":1,"b":2,"\u0061b":3}"#, "\"\\\\\\\"\\/\\t\"",
        "{" + (0..<24).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}",
    ]
    static let pieces: [String] = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0061", "\\ud800", "\\udc00", "\\u0000", "\\n", "\\r", "\n", " ", "\u{FEFF}", "\u{7F}", "0", "1",
        "-", ".", "e", "+",
        "9007199254740992", "true", "null", "NaN", "é", "\"a\":1,", ",\"a\":1", "\u{0}", "//", "𠀀",
    ]

    @Test(.enabled(if: Oracle.python != nil, "python3 is not installed: the oracle can't run"), arguments: [1, 2, 3] as [UInt64])
    func takesASubsetOfWhatPythonTakes(seed: UInt64) throws {
        let oracle = try #require(Oracle("json_oracle.py"))
        var generator = SeededGenerator(seed: seed)
        var inputs: [[UInt8]] = Self.seeds.map(utf8) + JSONScannerTests.bad.filter { $0.bytes.count < 1_000 }.map(\.bytes)
        while inputs.count < 5_000 { inputs.append(Self.mutation(&generator)) }
        let answers = oracle.ask(inputs.map { $0.isEmpty ? " " : TextCoding.hex($0) })
        try #require(answers.count == inputs.count)
        var taken = 0
        for (input, answer) in zip(inputs, answers) {
            guard scanError(input) == nil else { continue }
            taken += 1
            #expect(canonical(try JSONDocument(input).root) == answer, "seed \(seed): \(TextCoding.hex(input))")
        }
        #expect(taken > 200, "seed \(seed): the fuzz is vacuous, \(taken) inputs taken")
    }

    static func mutation(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = utf8(seeds.randomElement(using: &generator)!)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            guard place < bytes.count else { return bytes }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(contentsOf: utf8(pieces.randomElement(using: &generator)!), at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &generator)))
            default:
                let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
                bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            }
        }
        return bytes
    }
}

import LMDB
import Testing

/// Random operations against a dictionary that must always agree.
@Suite struct ModelTests {
    @Test(arguments: [1, 2, UInt64.random(in: 3 ... .max)])
    func agreesWithADictionary(seed: UInt64) throws {
        print("LMDB model test, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let fixture = try Fixture()
        let table = fixture.table
        var committed: [[UInt8]: [UInt8]] = [:]
        var remaining = 20_000
        while remaining > 0 {
            let batch = Int.random(in: 1...400, using: &generator)
            remaining -= batch
            var staged = committed
            var transaction = try fixture.environment.beginWrite()
            for _ in 0..<batch { try Self.step(&transaction, table, &staged, &generator) }
            #expect(try transaction.count(of: table) == staged.count)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                transaction.abort()
            } else {
                try transaction.commit()
                committed = staged
            }
        }
        let expected = committed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { [$0.key, $0.value] }
        #expect(try fixture.contents() == expected, "seed \(seed)")
    }

    private static func step(
        _ transaction: inout WriteTransaction, _ table: Table, _ model: inout [[UInt8]: [UInt8]], _ generator: inout SeededGenerator
    ) throws {
        let key = randomKey(&generator)
        let value = [UInt8](repeating: .random(in: 0...255, using: &generator), count: randomLength(&generator))
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<35:
            try transaction.put(key, value, in: table)
            model[key] = value
        case 35..<45:
            let isNew = model[key] == nil
            #expect(try transaction.insert(key, value, in: table) == isNew)
            if isNew { model[key] = value }
        case 45..<60:
            try transaction.reserve(key, byteCount: value.count, in: table) { $0.append(bytesOf: value) }
            model[key] = value
        case 60..<80: #expect(try transaction.delete(key, in: table) == (model.removeValue(forKey: key) != nil))
        case 80..<90: #expect(try transaction.bytes(for: key, in: table) == model[key])
        case 90..<99:
            let next = model.keys.filter { !$0.lexicographicallyPrecedes(key) }.min { $0.lexicographicallyPrecedes($1) }
            var cursor = try transaction.cursor(over: table)
            #expect(try cursor.seek(to: key) == (next != nil))
            if let next { #expect(cursor.key.bytes() == next && cursor.value.bytes() == model[next]) }
        default:
            if Int.random(in: 0..<20, using: &generator) == 0 {
                try transaction.clear(table)
                model = [:]
            }
        }
    }

    /// Short keys from a small alphabet, so that they meet, and now and then one of the greatest length.
    private static func randomKey(_ generator: inout SeededGenerator) -> [UInt8] {
        let length = Int.random(in: 0..<50, using: &generator) == 0 ? 511 : Int.random(in: 1...3, using: &generator)
        return (0..<length).map { _ in [0, 1, 127, 128, 255].randomElement(using: &generator)! }
    }

    /// Lengths around what fits in a page, and small ones.
    private static func randomLength(_ generator: inout SeededGenerator) -> Int {
        Int.random(in: 0..<20, using: &generator) == 0
            ? [0, 1, 2000, 2048, 4000, 4096, 9000].randomElement(using: &generator)! : Int.random(in: 0...64, using: &generator)
    }
}

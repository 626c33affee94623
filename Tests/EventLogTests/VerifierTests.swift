import EventLog
import EventModel
import Foundation
import LMDB
import Testing

/// The verifier calls a whole log whole, and finds whatever is changed in one.
@Suite struct VerifierTests {
    @Test func aLargeMixedLogIsWhole() throws {
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 3_000, seed: 3)
        let head = fixture.log.reader.head
        let report = try fixture.closeAndVerify()
        #expect(report.finding == nil)
        #expect(report.entries >= 3_000 && report.head == head.position && report.root == head.root && report.notInterpreted == 0)
        #expect(report.blobs > 500 && report.streams > 200)
    }

    @Test func progressAndUnknownTypes() throws {
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 400, seed: 4)
        fixture.log.close()
        var last = Position.start
        let verifier = LogVerifier(
            directory: fixture.directory.path, mapSizeBytes: 1 << 30, derive: { $0.head.position.rawValue % 3 == 0 ? nil : derive($0) })
        let report = try verifier.verify { last = $0.position }
        #expect(report.finding == nil, "what isn't interpreted is not wrong")
        #expect(report.notInterpreted == report.entries / 3 && last == report.head)
    }

    @Test func aMissingBlobIsExplainedByAnErasureOnly() throws {
        let fixture = try LogFixture()
        let blob = SealedBlob(scope: .text, bytes: [UInt8](repeating: 5, count: 40))
        for serial in ["A-1", "A-2"] { #expect(fixture.append(fact("r-\(serial)", on: serial, blobs: [blob]), to: serial, expecting: 0).isDurable) }
        let erased = fact("x", on: "A-1", type: 4, extra: { $0.member("keys", ["text.1", "person.1"]) })
        #expect(fixture.append(erased, to: "A-1", expecting: 1).isDurable)
        fixture.log.close()
        let log = fixture.directory.path + "/log"
        try tamper(log, "sealed") { transaction, table in try transaction.delete(Key(2, Scope.text.rawValue), in: table) }
        #expect(try verify(fixture.directory.path).finding == nil)
        try tamper(log, "sealed") { transaction, table in try transaction.delete(Key(3, Scope.text.rawValue), in: table) }
        #expect(try verify(fixture.directory.path).finding?.position == Position(3))
    }

    @Test func anIndexBehindTheLogIsFine() throws {
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 60, seed: 5)
        fixture.log.close()
        let (path, old) = (fixture.directory.path, TemporaryDirectory())
        try FileManager.default.copyItem(atPath: path + "/index", toPath: old.path + "/index")
        let again = try LogFixture(fixture.directory)
        #expect(again.append(fact("late", on: "B-1"), to: "B-1", expecting: 0).isDurable)
        again.log.close()
        try FileManager.default.removeItem(atPath: path + "/index")
        try FileManager.default.copyItem(atPath: old.path + "/index", toPath: path + "/index")
        #expect(try verify(path).finding == nil)
        try FileManager.default.removeItem(atPath: path + "/index")
        #expect(try verify(path).finding == nil)
    }

    // MARK: Mutations

    enum Act: String, CaseIterable, Sendable { case flip, delete, swap, insert, truncate }
    struct Target: Sendable, CustomTestStringConvertible {
        var environment: String
        var table: String
        var acts: [Act]
        /// Which bytes of a value are flipped; `nil`: any.
        var bytes: Range<Int>?
        var rounds: Int
        var testDescription: String { "\(environment)/\(table) \(bytes.map { "\($0)" } ?? "")" }
    }
    static let targets: [Target] = [
        Target(environment: "log", table: "entries", acts: [.flip], bytes: 0..<56, rounds: 112),
        Target(environment: "log", table: "entries", acts: [.flip], bytes: 56..<120, rounds: 40),
        Target(environment: "log", table: "entries", acts: Act.allCases, bytes: nil, rounds: 60),
        Target(environment: "log", table: "nodes", acts: Act.allCases, bytes: nil, rounds: 40),
        Target(environment: "log", table: "sealed", acts: Act.allCases, bytes: nil, rounds: 40),
        Target(environment: "log", table: "casekeys", acts: [.delete, .insert, .truncate], bytes: nil, rounds: 15),
        Target(environment: "log", table: "names", acts: Act.allCases, bytes: nil, rounds: 40),
        Target(environment: "log", table: "meta", acts: [.flip, .delete, .swap, .truncate], bytes: nil, rounds: 40),
        Target(environment: "index", table: "cases", acts: Act.allCases, bytes: nil, rounds: 25),
        Target(environment: "index", table: "streams", acts: Act.allCases, bytes: nil, rounds: 25),
        Target(environment: "index", table: "ids", acts: [.delete, .insert], bytes: nil, rounds: 10),
        Target(environment: "index", table: "externals", acts: [.delete, .insert], bytes: nil, rounds: 10),
        Target(environment: "index", table: "meta", acts: [.flip, .truncate, .delete], bytes: nil, rounds: 20),
    ]

    @Test func thereAreEnoughMutations() { #expect(Self.targets.reduce(0) { $0 + $1.rounds } >= 300) }

    @Test(arguments: targets.enumerated().map { ($0.offset, $0.element) })
    func everyMutationIsFound(_ number: Int, _ target: Target) throws {
        let seed = UInt64(1_000 + number)
        var generator = SeededGenerator(seed: seed)
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 90, seed: seed)
        #expect(try fixture.closeAndVerify().finding == nil)
        let copy = TemporaryDirectory()
        let path = fixture.directory.path + "/" + target.environment
        let contents = try rows(path, target.table)
        try #require(contents.count > 1 || !target.acts.contains(.swap))
        for round in 0..<target.rounds {
            for name in ["log", "index"] {
                try? FileManager.default.removeItem(atPath: copy.path + "/" + name)
                try FileManager.default.createDirectory(atPath: copy.path + "/" + name, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: "\(fixture.directory.path)/\(name)/data.mdb", toPath: "\(copy.path)/\(name)/data.mdb")
            }
            let act = target.acts[round % target.acts.count]
            let what = try Self.mutate(copy.path + "/" + target.environment, target, act, contents, &generator)
            var found = true
            // The log must show it by itself: the index would hide a check that is missing.
            do { found = try verify(copy.path, checkIndex: target.environment == "index").finding != nil } catch {}
            #expect(found, "seed \(seed), round \(round): \(act) \(what) in \(target)")
        }
    }

    /// Changes one row, or two; says which.
    static func mutate(
        _ path: String, _ target: Target, _ act: Act, _ rows: [(key: [UInt8], value: [UInt8])], _ generator: inout SeededGenerator
    ) throws -> String {
        let row = rows.randomElement(using: &generator)!
        var value = row.value
        switch act {
        case .flip:
            let range = (target.bytes ?? 0..<value.count).clamped(to: 0..<value.count)
            let place = Int.random(in: range, using: &generator)
            value[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            try tamper(path, target.table) { transaction, table in try transaction.put(row.key, value, in: table) }
            return "byte \(place) of \(TextCoding.hex(row.key))"
        case .truncate:
            if Bool.random(using: &generator) { value.removeLast() } else { value.append(0) }
            try tamper(path, target.table) { transaction, table in try transaction.put(row.key, value, in: table) }
            return "\(value.count) bytes of \(row.value.count) at \(TextCoding.hex(row.key))"
        case .delete:
            try tamper(path, target.table) { transaction, table in try transaction.delete(row.key, in: table) }
            return TextCoding.hex(row.key)
        case .insert:
            // A key beside an existing one, with that one's value.
            var key = row.key
            repeat {
                key[key.count - 1 - Int.random(in: 0..<2, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            } while rows.contains { $0.key == key }
            try tamper(path, target.table) { transaction, table in try transaction.put(key, value, in: table) }
            return TextCoding.hex(key)
        case .swap:
            var other = row
            for candidate in rows.shuffled(using: &generator) where candidate.value != row.value { other = candidate }
            try tamper(path, target.table) { transaction, table in
                try transaction.put(row.key, other.value, in: table)
                try transaction.put(other.key, row.value, in: table)
            }
            return "\(TextCoding.hex(row.key)) with \(TextCoding.hex(other.key))"
        }
    }

    @Test func theFirstBadPositionIsNamed() throws {
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 50, seed: 9)
        fixture.log.close()
        for position in [40, 17, 5] as [UInt64] {
            try tamper(fixture.directory.path + "/log", "entries") { transaction, table in
                var value = try transaction.bytes(for: Key(position), in: table)!
                value[value.count - 3] ^= 1
                try transaction.put(Key(position), value, in: table)
            }
            #expect(try verify(fixture.directory.path).finding?.position == Position(position))
        }
    }
}

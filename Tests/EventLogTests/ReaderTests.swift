import EventLog
import EventModel
import Foundation
import LMDB
import Testing

@Suite struct ReaderTests {
    @Test(arguments: [1, 2, 7, 1_000]) func pagesJoinToTheWhole(_ limit: Int) throws {
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 50, seed: 21)
        let reader = fixture.log.reader
        var positions: [UInt64] = []
        var after = Position.start
        while after < reader.head.position {
            let last = try reader.readFacts(after: after, limit: limit) { positions.append($0.position.rawValue) }
            #expect(last.rawValue <= after.rawValue + UInt64(limit))
            after = last
        }
        #expect(positions == Array(1...reader.head.position.rawValue))
        #expect(try reader.readFacts(after: after, limit: limit) { _ in Issue.record("beyond the head") } == after)
        #expect(try reader.readFacts(after: Position(1 << 60), limit: limit) { _ in } == Position(1 << 60))
        fixture.log.close()
    }

    @Test func filteredReadsSayWhereTheyStopped() throws {
        let fixture = try LogFixture()
        for number in 0..<30 {
            #expect(
                fixture.append(
                    fact("o-\(number)", on: "@operations", type: number % 5 == 0 ? 70 : 71), to: "@operations", expecting: Revision(number)
                ).isDurable)
        }
        let reader = fixture.log.reader
        func read(_ after: UInt64, _ limit: Int, _ looked: Int) throws -> (last: UInt64, found: [UInt64]) {
            var found: [UInt64] = []
            let last = try reader.facts(after: Position(after), limit: limit, looked: looked, where: { $0.header.type == 70 }) { record, entry in
                #expect((try? Entry(entry))?.head.position == record.position)
                found.append(record.position.rawValue)
            }
            return (last.rawValue, found)
        }
        #expect(try read(0, 2, 100) == (7, [2, 7]))
        #expect(try read(7, 2, 3) == (10, []))
        #expect(try read(10, 100, 100) == (31, [12, 17, 22, 27]))
        #expect(try read(31, 100, 100) == (31, []))
        fixture.log.close()
    }

    @Test func positionsByRecordedTime() throws {
        let fixture = try LogFixture()
        // recordedtime of positions 1…7: 0, 10, 10, 20, 20, 20, 35
        for (number, seconds) in [10, 10, 20, 20, 20, 35].enumerated() {
            fixture.clock.now = firstClock.adding(seconds: Int64(seconds))
            #expect(fixture.append(fact("o-\(number)", on: "@operations"), to: "@operations", expecting: Revision(number)).isDurable)
        }
        let table: [(Int64, UInt64)] = [(-5, 1), (0, 1), (1, 2), (10, 2), (11, 4), (20, 4), (21, 7), (35, 7), (36, 8), (1_000_000, 8)]
        for (seconds, position) in table {
            #expect(
                try fixture.log.reader.firstPosition(recordedAtOrAfter: firstClock.adding(seconds: seconds)) == Position(position), "\(seconds) s")
        }
        fixture.log.close()
    }

    @Test func streamsByNameAndNumber() throws {
        let fixture = try LogFixture()
        for serial in ["510104-20170301-000001", "510104-20170301-000002", "510104-20170302-000001", "510105-20170301-000009"] {
            #expect(fixture.append(fact(serial, on: serial), to: serial, expecting: 0).isDurable)
        }
        for round in 1...2 {
            let reader =
                round == 1
                ? fixture.log.reader
                : try {
                    fixture.log.close(); return try LogFixture(fixture.directory).log.reader
                }()
            #expect(try reader.greatestSerial(prefix: "510104-20170301-") == "510104-20170301-000002")
            #expect(try reader.greatestSerial(prefix: "510105-") == "510105-20170301-000009")
            #expect(try reader.greatestSerial(prefix: "510106-") == nil && reader.greatestSerial(prefix: "41") == nil)
            #expect(try reader.streamNumber(StreamName("510104-20170302-000001")) == StreamNumber(18))
            #expect(try reader.streamName(StreamNumber(18)) == StreamName("510104-20170302-000001"))
            #expect(try reader.streamName(.log) == .log && reader.streamName(StreamNumber(99)) == nil && reader.streamNumber(StreamName("X")) == nil)
            #expect(try reader.streamNumber(StreamName("")) == nil && reader.streamNumber(StreamName(String(repeating: "x", count: 600))) == nil)
            #expect(try reader.entries(of: StreamName("nobody")).isEmpty && reader.entries(of: .rulebook).isEmpty)
        }
    }

    @Test func nothingIsShownBeyondTheHead() throws {
        let fixture = try LogFixture()
        let reader = fixture.log.reader
        for position in [0, 2, UInt64.max] {
            #expect(try reader.fact(at: Position(position)) == nil && reader.entry(at: Position(position)) == nil)
            #expect(try reader.leafHash(at: Position(position)) == nil && reader.blob(at: Position(position), scope: .text) == nil)
        }
        #expect(try reader.keyRecord(of: .firstCase) == nil)
        fixture.log.close()
    }

    @Test func blobsAndKeyRecordsAreReadBack() throws {
        let fixture = try LogFixture()
        let blobs = [
            SealedBlob(scope: .person, bytes: [UInt8](repeating: 3, count: 33)),
            SealedBlob(scope: .public, bytes: [UInt8](repeating: 4, count: 262_144)),
        ]
        #expect(fixture.append(fact("a-1", on: "A-1", blobs: blobs), to: "A-1", expecting: 0).isDurable)
        let reader = fixture.log.reader
        #expect(try reader.blob(at: Position(2), scope: .person) == blobs[0].bytes && reader.blob(at: Position(2), scope: .public) == blobs[1].bytes)
        #expect(try reader.blob(at: Position(2), scope: .text) == nil && reader.keyRecord(of: .firstCase) == someKeyRecord)
        // A changed generation replaces the record.
        let record = [UInt8](repeating: 0xCD, count: CaseKeys.recordByteCount)
        let section = Commit.Section(stream: StreamName("A-1"), expectedRevision: 1, facts: [fact("a-2", on: "A-1")], keyRecord: record)
        #expect(fixture.append([section]).isDurable)
        #expect(try reader.keyRecord(of: .firstCase) == record)
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    @Test func waitingForTheHead() async throws {
        let fixture = try LogFixture()
        let reader = fixture.log.reader
        #expect(await reader.waitForHead(beyond: .start, timeoutSeconds: 60) == Position(1), "at once if it is there")
        for _ in 0..<200 { #expect(await reader.waitForHead(beyond: Position(1), timeoutSeconds: 0) == Position(1), "no time, no wait") }
        let waiting = Task { await reader.waitForHead(beyond: Position(1), timeoutSeconds: 600) }
        let cancelled = Task { await reader.waitForHead(beyond: Position(99), timeoutSeconds: 600) }
        cancelled.cancel()
        #expect(await cancelled.value >= Position(1))
        #expect(fixture.submit(FixedSubmission([section("A-1", 0, [fact("a-1", on: "A-1")])])))
        #expect(await waiting.value == Position(2))
        fixture.log.close()
    }

    // MARK: Start

    @Test func aSecondOpenerIsRefused() throws {
        let fixture = try LogFixture()
        let error = logError { _ = try LogFixture(fixture.directory) }
        guard case .locked(let path) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix("/LOCK"))
        #expect(fixture.append(fact("a-1", on: "A-1"), to: "A-1", expecting: 0).isDurable, "the first is unaffected")
        fixture.log.close()
        try LogFixture(fixture.directory).log.close()
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var table: String
        var position: UInt64?
        var change: @Sendable (inout WriteTransaction, Table) throws -> Void
    }
    static func flip(_ name: String, _ table: String, at position: UInt64?, key: [UInt8], byte: Int) -> Damage {
        Damage(testDescription: name, table: table, position: position) { transaction, table in
            var value = try transaction.bytes(for: key, in: table)!
            value[byte < 0 ? value.count + byte : byte] ^= 0x80
            try transaction.put(key, value, in: table)
        }
    }
    static func key(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
    static let damages: [Damage] = [
        flip("an entry's last byte", "entries", at: 9, key: key(9), byte: -1), flip("a header's format", "entries", at: 5, key: key(5), byte: 0),
        flip("a header's length", "entries", at: 6, key: key(6), byte: 52),
        flip("a leaf", "nodes", at: 4, key: key(DenseIndex.node(level: 0, 3)), byte: 31),
        flip("a node of the frontier", "nodes", at: 13, key: key(DenseIndex.node(level: 3, 0)), byte: 0),
        flip("the root", "meta", at: 13, key: utf8("head"), byte: 40),
        flip("the head's position", "meta", at: nil, key: utf8("head"), byte: 0),
        flip("the head's position, high", "meta", at: nil, key: utf8("head"), byte: 7),
        flip("a name", "names", at: 0, key: [0, 0, 0, 2], byte: 0),
        Damage(testDescription: "an entry is gone", table: "entries", position: 7) { transaction, table in
            try transaction.delete(Key(UInt64(7)), in: table)
        },
        Damage(testDescription: "a name is gone", table: "names", position: 0) { transaction, table in
            try transaction.delete(Key(UInt32(1)), in: table)
        },
        Damage(testDescription: "an entry too many", table: "entries", position: 14) { transaction, table in
            try transaction.put(Key(UInt64(14)), transaction.bytes(for: Key(UInt64(13)), in: table)!, in: table)
        },
        Damage(testDescription: "a flag without its word", table: "entries", position: 3) { transaction, table in
            var value = try transaction.bytes(for: Key(UInt64(3)), in: table)!
            value[1] |= 8
            try transaction.put(Key(UInt64(3)), value, in: table)
        },
    ]

    @Test(arguments: damages) func theStartNamesWhatIsDamaged(_ damage: Damage) throws {
        let fixture = try LogFixture()
        for number in 0..<12 {
            #expect(fixture.append(fact("o-\(number)", on: "@operations"), to: "@operations", expecting: Revision(number)).isDurable)
        }
        fixture.log.close()
        try tamper(fixture.directory.path + "/log", damage.table, damage.change)
        let error = logError { _ = try LogFixture(fixture.directory) }
        guard case .damaged(let position, _) = error else {
            Issue.record("opened, or \(String(describing: error))")
            return
        }
        if let expected = damage.position { #expect(position == Position(expected), "\(String(describing: error))") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.directory.path).contains("LOCK"))
        let again = logError { _ = try LogFixture(fixture.directory) }
        #expect(again?.description == error?.description, "the lock was let go, the answer is the same")
    }

    @Test func anotherFormatIsRefused() throws {
        let fixture = try LogFixture()
        fixture.log.close()
        try tamper(fixture.directory.path + "/log", "meta") { transaction, table in try transaction.put("format", [2, 0, 0, 0] as [UInt8], in: table)
        }
        guard case .unsupportedFormat(2) = logError({ _ = try LogFixture(fixture.directory) }) else {
            Issue.record("opened")
            return
        }
    }

    /// Below the entries that are checked at start, damage shows when it is read; never as a shorter answer.
    @Test func damageIsNeverAShorterAnswer() throws {
        let fixture = try LogFixture()
        for number in 0..<12 {
            #expect(fixture.append(fact("o-\(number)", on: "@operations"), to: "@operations", expecting: Revision(number)).isDurable)
        }
        fixture.log.close()
        let log = fixture.directory.path + "/log"
        try tamper(log, "entries") { transaction, table in
            try transaction.delete(Key(UInt64(5)), in: table)
            var value = try transaction.bytes(for: Key(UInt64(3)), in: table)!
            value[value.count - 2] ^= 1
            try transaction.put(Key(UInt64(3)), value, in: table)
        }
        let damaged = try LogFixture(fixture.directory) { $0.startupCheck = 2 }
        let reader = damaged.log.reader
        func position(_ body: () throws -> Void) -> UInt64? {
            if case .damaged(let position, _) = logError(body) { position.rawValue } else { nil }
        }
        #expect(position { _ = try reader.readFacts(after: .start, limit: 100) { _ in } } == 5)
        #expect(position { _ = try reader.readFacts(after: Position(4), limit: 1) { _ in } } == 5)
        #expect(position { _ = try reader.facts(after: .start, limit: 100, looked: 100, where: { _ in true }) { _, _ in } } == 5)
        #expect(position { _ = try reader.entry(at: Position(3)) } == 3)
        #expect(position { _ = try reader.entries(of: .operations) } == 3)
        #expect(position { _ = try reader.position(source: "/city/dispatch", id: "o-3") } == 5, "a known id whose entry is gone is not unknown")
        #expect(try reader.entry(at: Position(4))?.head.revision == 3)
        damaged.log.close()
    }

    @Test func anIndexThatLeadsToAnotherCaseIsNotFollowed() throws {
        let fixture = try LogFixture()
        for serial in ["A-1", "B-1"] { #expect(fixture.append(fact(serial, on: serial), to: serial, expecting: 0).isDurable) }
        fixture.log.close()
        try tamper(fixture.directory.path + "/index", "cases") { transaction, table in
            try transaction.put(Key(16, UInt32(1)), Key(UInt64(3)), in: table)
        }
        let again = try LogFixture(fixture.directory)
        guard case .damaged(let position, _) = logError({ _ = try again.log.reader.entries(of: StreamName("A-1")) }) else {
            Issue.record("another case's entry was given out")
            return
        }
        #expect(position == Position(3))
        again.log.close()
    }
}

import EventModel
import Foundation
import LMDB
import Testing

@testable import EventLog

/// Keys, a log whose first entry names them, and its publisher.
final class PublishedFixture: Sendable {
    let directory: TemporaryDirectory
    let fixture: LogFixture
    let keyring: Keyring
    let publisher: CheckpointPublisher
    var outside: String { "\(directory.path)/checkpoints" }
    var data: String { "\(directory.path)/data" }
    var key: VerifierKey { get throws { try VerifierKey(publisher.verifierKey) } }

    init(_ directory: TemporaryDirectory = TemporaryDirectory()) throws {
        self.directory = directory
        let keys = "\(directory.path)/keys"
        if !FileManager.default.fileExists(atPath: keys) { try Keyring.create(in: keys) }
        keyring = try Keyring(directory: keys)
        fixture = try LogFixture(TemporaryDirectory(at: "\(directory.path)/data"))
        do {
            publisher = try CheckpointPublisher(log: fixture.log, keyring: keyring, directory: "\(directory.path)/checkpoints")
        } catch {
            fixture.log.close()
            throw error
        }
    }

    @discardableResult
    func grow(_ count: Int = 1) -> Position {
        for _ in 0..<count {
            let number = fixture.head.rawValue
            precondition(fixture.append(fact("o-\(number)", on: "S-\(number)"), to: "S-\(number)", expecting: 0).isDurable)
        }
        return fixture.head
    }
    func verify() throws -> LogVerifier.Report { try LogVerifier(directory: data, mapSizeBytes: 1 << 30, key: try key, derive: derive).verify() }
}

@Suite struct PublisherTests {
    @Test func aHeadIsSignedStoredWrittenAndShown() throws {
        let city = try PublishedFixture()
        #expect(city.publisher.current == nil)
        let first = try city.publisher.publish()
        #expect(first.checkpoint == Checkpoint(origin: "city.example/appeals", size: 1, root: city.fixture.log.reader.head.root))
        #expect(try city.publisher.publish() == first, "nothing has grown")
        city.grow(20)
        let second = try city.publisher.publish()
        #expect(second.checkpoint.size == 21 && city.publisher.current == second)
        #expect(try SignedCheckpoint(note: second.note, key: city.key) == second)
        #expect(FileManager.default.contents(atPath: city.outside + "/checkpoint").map { Array($0) } == second.note)
        #expect(try FileManager.default.contentsOfDirectory(atPath: city.outside) == ["checkpoint"], "no temporary file is left")
        city.fixture.log.drain()
        #expect(!city.fixture.submit(FixedSubmission { _ in .answered }), "drained: nothing new")
        #expect(try city.publisher.publish() == second)
        city.fixture.log.close()
        #expect(throws: LogError.self) { try city.fixture.log.store(second, isKept: false) }
        let report = try city.verify()
        #expect(report.finding == nil && report.checkpoints == 2)
    }

    /// After the last submission the head can still be signed: what a stop does.
    @Test func theLastHeadIsSignedAfterTheDrain() throws {
        let city = try PublishedFixture()
        let submissions = (0..<100).map { number in FixedSubmission([section("D-\(number)", 0, [fact("d-\(number)", on: "D-\(number)")])]) }
        #expect(city.fixture.log.submit(submissions))
        city.fixture.log.drain()
        #expect(try city.publisher.publish().checkpoint.size == 101)
        city.fixture.log.close()
        #expect(try city.verify().finding == nil)
    }

    @Test func theFirstOfEachHourIsKept() throws {
        let city = try PublishedFixture()
        var kept: [UInt64] = []
        for step in 0..<12 {
            city.fixture.clock.now = firstClock.adding(seconds: Int64(step) * 1_200)
            let size = city.grow().rawValue
            try city.publisher.publish()
            if step % 3 == 0 { kept.append(size) }
        }
        city.fixture.log.close()
        #expect(try rows(city.data + "/log", "checkpoints").map(\.key) == kept.map { size in (0..<8).map { UInt8(size >> (56 - 8 * $0) & 255) } })
        let again = try PublishedFixture(city.directory)
        #expect(again.publisher.current?.checkpoint.size == 13, "what was published is shown at once")
        again.fixture.clock.now = firstClock.adding(seconds: 11 * 1_200 + 60)
        again.grow()
        try again.publisher.publish()
        again.fixture.log.close()
        #expect(try rows(city.data + "/log", "checkpoints").count == kept.count, "a restart in the same hour keeps no second one")
        #expect(try again.verify().finding == nil)
    }

    // MARK: Roll-back

    /// An older copy of the data is refused, by the outside copy alone, and the sizes are named.
    @Test func anOlderCopyIsRefused() throws {
        let city = try PublishedFixture()
        city.grow(5)
        try city.publisher.publish()
        city.fixture.log.close()
        let copy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: city.data, toPath: copy.path + "/data")
        let later = try PublishedFixture(city.directory)
        later.grow(7)
        try later.publisher.publish()
        later.fixture.log.close()
        try FileManager.default.removeItem(atPath: city.data)
        try FileManager.default.copyItem(atPath: copy.path + "/data", toPath: city.data)
        let error = logError { _ = try PublishedFixture(city.directory) }
        guard case .rolledBack(13, 6, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect("\(error!)".contains("13 entries") && "\(error!)".contains("the log has 6"))
    }

    /// The same size under another root: history written anew. Refused at open, and not signed while open.
    @Test func anotherHistoryIsRefused() throws {
        let city = try PublishedFixture()
        city.fixture.log.close()
        let copy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: city.data, toPath: copy.path + "/data")
        let one = try PublishedFixture(city.directory)
        one.grow(4)
        let signed = try one.publisher.publish()
        one.fixture.log.close()
        try FileManager.default.removeItem(atPath: city.data)
        try FileManager.default.copyItem(atPath: copy.path + "/data", toPath: city.data)
        let other = try LogFixture(TemporaryDirectory(at: city.data))
        for number in 0..<4 { #expect(other.append(fact("x-\(number)", on: "X-\(number)"), to: "X-\(number)", expecting: 0).isDurable) }
        other.log.close()
        guard case .rolledBack(5, 5, _)? = logError({ _ = try PublishedFixture(city.directory) }) else {
            Issue.record("another root for size 5 was taken")
            return
        }
        // The stored note alone shows it, too.
        try FileManager.default.removeItem(atPath: city.outside)
        try tamper(city.data + "/log", "meta") { transaction, table in try transaction.put("note", signed.note, in: table) }
        guard case .rolledBack(5, 5, _)? = logError({ _ = try PublishedFixture(city.directory) }) else {
            Issue.record("another root for size 5 was taken")
            return
        }
    }

    @Test func aCrashBetweenLogAndFileIsMadeGood() throws {
        let city = try PublishedFixture()
        let first = try city.publisher.publish()
        city.grow(3)
        let second = try city.publisher.publish()
        city.fixture.log.close()
        try Data(first.note).write(to: URL(fileURLWithPath: city.outside + "/checkpoint"))
        let again = try PublishedFixture(city.directory)
        #expect(again.publisher.current == nil, "not yet outside")
        #expect(try again.publisher.publish() == second, "the same note, not a second one for the size")
        #expect(FileManager.default.contents(atPath: city.outside + "/checkpoint").map { Array($0) } == second.note)
        again.fixture.log.close()
    }

    @Test func aFileThatCannotBeTakenStopsTheStart() throws {
        let city = try PublishedFixture()
        let note = try city.publisher.publish().note
        city.fixture.log.close()
        let url = URL(fileURLWithPath: city.outside + "/checkpoint")
        for bad in [utf8("no note\n"), note.map { $0 == UInt8(ascii: "1") ? UInt8(ascii: "2") : $0 }, Array(note.dropLast(3)), []] {
            try Data(bad).write(to: url)
            guard case .checkpoint? = logError({ _ = try PublishedFixture(city.directory) }) else {
                Issue.record("taken: \(String(decoding: bad, as: UTF8.self))")
                continue
            }
        }
        try Data(note).write(to: url)
        try PublishedFixture(city.directory).fixture.log.close()
    }

    @Test func anUnwritableDirectoryShowsNothingAndIsTriedAgain() throws {
        let city = try PublishedFixture()
        try Data().write(to: URL(fileURLWithPath: city.outside))
        #expect(throws: LogError.self) { try city.publisher.publish() }
        #expect(city.publisher.current == nil)
        try FileManager.default.removeItem(atPath: city.outside)
        #expect(try city.publisher.publish().checkpoint.size == 1 && city.publisher.current != nil)
        city.fixture.log.close()
    }

    /// Posts and publications from several threads: every note is of a head that was, and extends the one before.
    @Test func publishingWhileWriting() async throws {
        let city = try PublishedFixture()
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<3 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        DispatchQueue.global().async {
                            for step in 0..<40 {
                                if caller == 0 {
                                    _ = try? city.publisher.publish()
                                } else {
                                    let name = "P-\(caller)-\(step)"
                                    precondition(city.fixture.append(fact(name, on: name), to: name, expecting: 0).isDurable)
                                }
                            }
                            continuation.resume()
                        }
                    }
                }
            }
        }
        #expect(try city.publisher.publish().checkpoint.size == 81)
        city.fixture.log.close()
        #expect(try city.verify().finding == nil)
    }

    // MARK: The verifier

    @Test func changedCheckpointsAreFound() throws {
        let city = try PublishedFixture()
        for hour in 0..<4 {
            city.fixture.clock.now = firstClock.adding(seconds: Int64(hour) * 3_600)
            city.grow(3)
            try city.publisher.publish()
        }
        city.fixture.log.close()
        #expect(try city.verify().checkpoints == 5)
        let stored = try rows(city.data + "/log", "checkpoints")
        let last = try #require(try rows(city.data + "/log", "meta").first { $0.key == utf8("note") }).value
        var generator = SeededGenerator(seed: 77)
        for round in 0..<60 {
            let row = stored.randomElement(using: &generator)!
            let isMeta = round % 3 == 0
            var note = isMeta ? last : row.value
            note[Int.random(in: note.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let (table, key) = isMeta ? ("meta", utf8("note")) : ("checkpoints", row.key)
            try tamper(city.data + "/log", table) { transaction, table in try transaction.put(key, note, in: table) }
            #expect(try city.verify().finding != nil, "round \(round)")
            try tamper(city.data + "/log", table) { transaction, table in try transaction.put(key, isMeta ? last : row.value, in: table) }
        }
        #expect(try city.verify().finding == nil)
        // A good note at another's place, and an old one as the last.
        try tamper(city.data + "/log", "checkpoints") { transaction, table in try transaction.put(stored[0].key, stored[1].value, in: table) }
        #expect(try city.verify().finding?.what.contains("another size") == true)
        try tamper(city.data + "/log", "checkpoints") { transaction, table in try transaction.put(stored[0].key, stored[0].value, in: table) }
        try tamper(city.data + "/log", "meta") { transaction, table in try transaction.put("note", stored[0].value, in: table) }
        #expect(try city.verify().finding?.what.contains("older") == true)
    }
}

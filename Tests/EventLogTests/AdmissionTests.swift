import EventLog
import EventModel
import Foundation
import Testing

/// What the Applier admits, and that what it doesn't leaves nothing.
@Suite struct AdmissionTests {
    @Test func appendReopenContinue() throws {
        let fixture = try LogFixture()
        var leaves = [try #require(try fixture.log.reader.leafHash(at: Position(1)))]
        for number in 1...20 {
            let entries = fixture.append(fact("a-\(number)", on: "A-1"), to: "A-1", expecting: Revision(number - 1)).entries
            #expect(
                entries.map(\.position) == [Position(UInt64(number + 1))] && entries[0].revision == Revision(number)
                    && entries[0].stream == .firstCase)
            leaves.append(MerkleHash.leaf(entries[0].entry))
            #expect(entries[0].leafHash == leaves.last)
            #expect(fixture.log.reader.head.root == NaiveTree(leaves).root(0, leaves.count), "after \(leaves.count) entries")
        }
        let (before, head) = (try fixture.contents(), fixture.log.reader.head)
        fixture.log.close()
        let again = try LogFixture(fixture.directory)
        #expect(again.log.reader.head == head)
        #expect(try again.contents() == before)
        #expect(again.append(fact("a-21", on: "A-1"), to: "A-1", expecting: 20).isDurable)
        #expect(again.append(fact("b-1", on: "B-1"), to: "B-1", expecting: 0).entries.first?.stream == StreamNumber(17))
        let entries = try again.log.reader.entries(of: StreamName("A-1"))
        #expect(entries.map(\.head.revision) == Array(1...21))
        for (entry, next) in zip(entries, entries.dropFirst()) { #expect(next.head.previousLeaf == MerkleHash.leaf(entry.document.bytes)) }
        #expect(entries[0].head.previousLeaf == [UInt8](repeating: 0, count: 32))
        #expect(try again.closeAndVerify().finding == nil)
    }

    @Test func aLogIsCreatedOnce() throws {
        let fixture = try LogFixture()
        fixture.log.close()
        let error = logError {
            try AppendOnlyLog.create(directory: fixture.directory.path, origin: "other", genesis: fact("g", on: "@log", type: 1), clock: firstClock)
        }
        guard case .alreadyInitialised = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try verify(fixture.directory.path).finding == nil)
    }

    @Test func aGenesisBeyondTheLimitsMakesNoLog() throws {
        let directory = TemporaryDirectory()
        let genesis = fact(String(repeating: "g", count: 70_000), on: "@log", type: 1)
        var options = AppendOnlyLog.Options()
        options.mapSizeBytes = 64 << 20
        options.indexMapSizeBytes = 64 << 20
        #expect(throws: VoidReason.self) {
            try AppendOnlyLog.create(directory: directory.path, origin: "o", genesis: genesis, clock: firstClock, options: options)
        }
        let error = logError { _ = try AppendOnlyLog(directory: directory.path, options: options, observer: RecordingObserver()) }
        guard case .notInitialised = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func expectedRevisionsAndChecks() throws {
        let fixture = try LogFixture()
        #expect(fixture.append(fact("a-1", on: "A-1"), fact("a-2", on: "A-1"), to: "A-1", expecting: 0).isDurable)
        let before = try fixture.contents()
        let (a, b) = (StreamName("A-1"), StreamName("B-1"))
        for expected in [0, 1, 3] as [Revision] {
            #expect(fixture.append(fact("n", on: "A-1"), to: "A-1", expecting: expected) == .void(.revision(a, actual: 2)))
        }
        #expect(fixture.append(fact("n", on: "B-1"), to: "B-1", expecting: 1) == .void(.revision(b, actual: 0)))
        #expect(fixture.append(fact("n", on: "@rulebook"), to: "@rulebook", expecting: 1) == .void(.revision(.rulebook, actual: 0)))
        let new = [section("C-1", 0, [fact("n", on: "C-1")])]
        for check in [.exists(b), .atRevision(a, 1), .atRevision(a, 3), .atRevision(b, 1), .atRevision(.log, 0), .exists(.rulebook)] as [Commit.Check]
        {
            #expect(fixture.append(new, checks: [.exists(a), check]) == .void(.check(check)))
        }
        #expect(try fixture.contents() == before, "a void commit leaves nothing")
        #expect(fixture.append(new, checks: [.exists(a), .atRevision(a, 2), .atRevision(b, 0), .exists(.log), .atRevision(.log, 1)]).isDurable)
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    @Test func sectionsAreAdmittedTogetherOrNotAtAll() throws {
        let fixture = try LogFixture()
        let outcome = fixture.append([
            section("A-1", 0, [fact("a-1", on: "A-1", words: [.stream(StreamName("A-1"))]), fact("a-2", on: "A-1")]),
            section("B-1", 0, [fact("b-1", on: "B-1")]),
            section("A-1", 2, [fact("a-3", on: "A-1", words: [.stream(StreamName("B-1"))])]),
        ])
        #expect(
            outcome.entries.map { [$0.position.rawValue, UInt64($0.revision), $0.stream.rawValue] } == [
                [2, 1, 16], [3, 2, 16], [4, 1, 17], [5, 3, 16],
            ])
        for position in 2...5 as ClosedRange<UInt64> {
            let (record, entry) = try #require(try fixture.log.reader.fact(at: Position(position)))
            #expect(record.header.flags.contains(.firstOfCommit) == (position == 2))
            #expect(try Entry(entry)?.head.commit == Position(2))
        }
        #expect(try fixture.log.reader.fact(at: Position(2))?.record.words[0] == 16, "a case may point to itself")
        #expect(try fixture.log.reader.fact(at: Position(5))?.record.words[0] == 17)
        let before = try fixture.contents()
        let bad = [section("A-1", 3, [fact("a-4", on: "A-1", unit: "new-unit")]), section("B-1", 7, [fact("b-2", on: "B-1")])]
        #expect(fixture.append(bad) == .void(.revision(StreamName("B-1"), actual: 1)))
        let twice = [section("C-1", 0, [fact("c-1", on: "C-1")]), section("C-1", 0, [fact("c-2", on: "C-1")])]
        #expect(fixture.append(twice) == .void(.revision(StreamName("C-1"), actual: 1)))
        #expect(try fixture.contents() == before)
        #expect(fixture.log.reader.nameID("new-unit") == nil && fixture.append([section("A-1", 3, [fact("a-4", on: "A-1")])]).isDurable)
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    @Test func limitsOfTheFormat() throws {
        let fixture = try LogFixture()
        let before = try fixture.contents()
        func blob(_ scope: Scope, _ count: Int = 30) -> SealedBlob { SealedBlob(scope: scope, bytes: [UInt8](repeating: 1, count: count)) }
        let bad: [(String, [Fact])] = [
            ("no entry", []), ("4,097 entries", (0...4_096).map { fact("n-\($0)", on: "A-1") }),
            ("a long entry", [fact("n", on: "A-1") { $0.member("x", String(repeating: "x", count: 65_300)) }]),
            ("16 words", [fact("n", on: "A-1", words: (0..<16).map { .number($0) })]),
            ("15 words and a reference", [fact("n", on: "A-1", words: (0..<15).map { .number($0) }, external: "x")]),
            ("an access class without its word", [fact("n", on: "A-1", setsAccessClass: true)]),
            ("two blobs of a scope", [fact("n", on: "A-1", blobs: [blob(.text), blob(.text)])]),
            ("blobs out of order", [fact("n", on: "A-1", blobs: [blob(.text), blob(.person)])]),
            ("a large blob", [fact("n", on: "A-1", blobs: [blob(.text, 262_145)])]),
            ("8 MiB in all", (0..<33).map { fact("n-\($0)", on: "A-1", blobs: [blob(.text, 262_144)]) }),
            ("a long source", [fact("n", on: "A-1", source: "/" + String(repeating: "s", count: 256))]),
            ("an empty source", [fact("n", on: "A-1", source: "")]),
            ("a long unit", [fact("n", on: "A-1", unit: String(repeating: "u", count: 257))]),
            ("an empty name", [fact("n", on: "A-1", words: [.names(nil, "")])]),
        ]
        for (what, facts) in bad {
            guard case .void(.tooLarge) = fixture.append([section("A-1", 0, facts)]) else {
                Issue.record("\(what) was taken")
                return
            }
        }
        #expect(try fixture.contents() == before)
        let most = fact(
            "n", on: "A-1", source: "/" + String(repeating: "s", count: 255), words: (0..<14).map { .number($0) },
            blobs: [blob(.person), blob(.text), blob(.public)], external: "p\u{0}e")
        #expect(fixture.append(most, to: "A-1", expecting: 0).isDurable)
        #expect(
            fixture.append(
                (1...4_096).map {
                    [section("A-1", 1, [fact("m", on: "A-1")]), section("A-\($0 + 1)", 0, [fact("m-\($0)", on: "A-\($0 + 1)")])][$0 == 1 ? 0 : 1]
                }
            ).isDurable)
        #expect(try fixture.closeAndVerify().finding == nil)
        #expect(fixture.observer.reason == nil)
    }

    // MARK: Once only

    @Test func anIDIsTakenOnceWhateverTheCase() throws {
        let fixture = try LogFixture()
        let known = FixedSubmission.Outcome.void(.knownID(source: "/city/dispatch", id: "a-1"))
        // In one commit, in one batch, across batches.
        #expect(fixture.append([section("A-1", 0, [fact("a-1", on: "A-1"), fact("a-1", on: "A-1")])]) == known)
        let pair = [FixedSubmission([section("A-1", 0, [fact("a-1", on: "A-1")])]), FixedSubmission([section("B-1", 0, [fact("a-1", on: "B-1")])])]
        #expect(fixture.log.submit(pair))
        #expect(pair[0].wait().isDurable && pair[1].wait() == known)
        #expect(fixture.append(fact("a-1", on: "A-1"), to: "A-1", expecting: 1) == known)
        #expect(fixture.append(fact("a-1", on: "A-1", source: "/city/other"), to: "A-1", expecting: 1).isDurable, "another source, another event")
        #expect(fixture.append(fact("A-1", on: "A-1"), to: "A-1", expecting: 2).isDurable, "ids are bytes")
        #expect(try fixture.log.reader.position(source: "/city/dispatch", id: "a-1") == Position(2))
        #expect(try fixture.log.reader.position(source: "/city/dispatch", id: "a-2") == nil)
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    /// Every fact of a log is known after a restart: with the index whole, gone, behind, or another log's.
    @Test(arguments: ["whole", "gone", "behind", "foreign"]) func anIDIsTakenOnceAcrossRestarts(_ state: String) throws {
        let fixture = try LogFixture()
        MixedLog.write(fixture, count: 40, seed: 11)
        fixture.log.close()
        let (index, saved) = (fixture.directory.path + "/index", TemporaryDirectory())
        try FileManager.default.copyItem(atPath: index, toPath: saved.path + "/behind")
        let other = try LogFixture()
        MixedLog.write(other, count: 30, seed: 12)
        other.log.close()
        try FileManager.default.copyItem(atPath: other.directory.path + "/index", toPath: saved.path + "/foreign")
        let longer = try LogFixture(fixture.directory)
        #expect(longer.append(fact("late", on: "Z-1", external: "12345\u{0}LATE"), to: "Z-1", expecting: 0).isDurable)
        let head = longer.head
        longer.log.close()
        if state != "whole" { try FileManager.default.removeItem(atPath: index) }
        if state == "behind" || state == "foreign" { try FileManager.default.copyItem(atPath: saved.path + "/" + state, toPath: index) }

        let again = try LogFixture(fixture.directory)
        _ = try again.log.reader.facts(after: .start, limit: Int.max, looked: Int.max, where: { _ in true }) { record, bytes in
            guard let entry = try? Entry(bytes) else {
                Issue.record("\(record.position)")
                return
            }
            let retry = fact(entry.envelope.id, on: "@operations", source: entry.envelope.source)
            let revision = (try? again.log.reader.entries(of: .operations).count) ?? 0
            let outcome = again.append(retry, to: "@operations", expecting: Revision(revision))
            #expect(outcome == .void(.knownID(source: entry.envelope.source, id: entry.envelope.id)), "index \(state), position \(record.position)")
        }
        #expect(again.append(fact("new", on: "Y-1", external: "12345\u{0}LATE"), to: "Y-1", expecting: 0) == .void(.knownExternal))
        #expect(again.head == head)
        #expect(try again.closeAndVerify().finding == nil)
    }

    @Test func anExternalReferenceIsTakenOnce() throws {
        let fixture = try LogFixture()
        let reference = "12345\u{0}E-1"
        #expect(
            fixture.append([section("A-1", 0, [fact("a-1", on: "A-1", external: reference), fact("a-2", on: "A-1", external: reference)])])
                == .void(.knownExternal))
        let pair = ["a-1", "b-1"].map { FixedSubmission([section($0, 0, [fact($0, on: $0, external: reference)])]) }
        #expect(fixture.log.submit(pair))
        #expect(pair[0].wait().isDurable && pair[1].wait() == .void(.knownExternal))
        #expect(fixture.append(fact("c-1", on: "C-1", external: reference), to: "C-1", expecting: 0) == .void(.knownExternal))
        #expect(fixture.append(fact("c-1", on: "C-1", external: "12345\u{0}E-2"), to: "C-1", expecting: 0).isDurable)
        #expect(try fixture.log.reader.positions(external: reference) == [Position(2)])
        let record = try #require(try fixture.log.reader.fact(at: Position(2))).record
        #expect(record.header.flags.contains(.externalReference) && record.words[record.words.count - 1] == externalHash(reference))
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    @Test func recordedTimeNeverGoesBack() throws {
        let fixture = try LogFixture()
        var recorded: [Instant] = []
        for (number, seconds) in [10, 20, 5, -3_600, 15, 21].enumerated() {
            fixture.clock.now = firstClock.adding(seconds: Int64(seconds))
            recorded += fixture.append(fact("o-\(number)", on: "@operations"), to: "@operations", expecting: Revision(number)).entries.map(
                \.recordedAt)
        }
        #expect(recorded.map { ($0.microseconds - firstClock.microseconds) / 1_000_000 } == [10, 20, 20, 20, 20, 21])
        fixture.log.close()
        let again = try LogFixture(fixture.directory)
        again.clock.now = firstClock
        #expect(
            again.append(fact("late", on: "@operations"), to: "@operations", expecting: 6).entries.first?.recordedAt == firstClock.adding(seconds: 21)
        )
        #expect(try again.closeAndVerify().finding == nil)
    }

    @Test func namesAreNumberedAsTheyAppear() throws {
        let fixture = try LogFixture()
        let facts = [
            fact("a-1", on: "A-1", source: "/s1", unit: "u1", words: [.names("w1", "w2"), .number(5), .names(nil, "u1"), .names("w3", nil)]),
            fact("a-2", on: "A-1", source: "/s2", words: [.names("/s1", "u2")]),
        ]
        #expect(fixture.append([section("A-1", 0, facts)]).isDurable)
        let reader = fixture.log.reader
        #expect(["/engine", "/s1", "u1", "w1", "w2", "w3", "/s2", "u2"].map(reader.nameID) == [1, 2, 3, 4, 5, 6, 7, 8])
        let first = try #require(try reader.fact(at: Position(2))).record
        #expect(first.header.source == 2 && first.header.unit == 3 && first.words.lowName(0) == 4 && first.words.highName(0) == 5)
        #expect(first.words.lowName(2) == 0 && first.words.highName(2) == 3 && first.words.lowName(3) == 6 && first.words.highName(3) == 0)
        #expect(reader.name(8) == "u2" && reader.name(0) == nil && reader.name(9) == nil)
        fixture.log.close()
        let again = try LogFixture(fixture.directory)
        #expect(again.log.reader.nameID("u2") == 8)
        again.log.close()
    }
}

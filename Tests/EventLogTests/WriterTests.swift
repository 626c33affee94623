import EventLog
import EventModel
import Foundation
import Synchronization
import Testing

/// The queue, the batches, and what is told to whom.
@Suite struct WriterTests {
    /// Holds the writer's thread inside `decide` until let go.
    final class Gate: Sendable {
        private let entered = DispatchSemaphore(value: 0)
        private let open = DispatchSemaphore(value: 0)
        var submission: FixedSubmission {
            FixedSubmission { [self] _ in
                entered.signal()
                open.wait()
                return .answered
            }
        }
        func waitUntilHeld() { entered.wait() }
        func letGo() { open.signal() }
    }

    @Test func oneBatchInOrder() throws {
        let fixture = try LogFixture()
        let gate = Gate()
        let order = Mutex<[Int]>([])
        #expect(fixture.submit(gate.submission))
        gate.waitUntilHeld()
        let batches = fixture.observer.batches.count
        let submissions = (0..<100).map { number in
            FixedSubmission { log in
                order.withLock { $0.append(number) }
                // Each is decided on what the ones before it have staged.
                let revision = (try? log.streamHead(.operations))??.revision ?? 0
                guard revision == number else { return .answered }
                return .commit(
                    Commit(id: 0, clock: log.clock, sections: [section("@operations", revision, [fact("o-\(number)", on: "@operations")])]))
            }
        }
        for submission in submissions { #expect(fixture.submit(submission)) }
        #expect(fixture.log.queueDepth.events == 100)
        gate.letGo()
        let positions = submissions.flatMap { $0.wait().entries.map(\.position.rawValue) }
        #expect(positions == Array(2...101))
        #expect(order.withLock { $0 } == Array(0..<100))
        #expect(fixture.observer.batches.count <= batches + 2, "they were committed together")
        #expect(fixture.log.queueDepth == (0, 0))
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    @Test func whatIsKnownInsideABatch() throws {
        let fixture = try LogFixture()
        let seen = Mutex<[StagedLog.Known?]>([])
        func look(_ then: @escaping @Sendable (StagedLog) -> Verdict) -> FixedSubmission {
            FixedSubmission { log in
                let known = try? log.known(source: "/city/dispatch", id: "a-1")
                seen.withLock { $0.append(known) }
                return then(log)
            }
        }
        let once = look { _ in .answeredOnceDurable }
        #expect(fixture.log.submit([look { _ in .answered }, FixedSubmission([section("A-1", 0, [fact("a-1", on: "A-1")])]), once]))
        #expect(once.wait() == .durable([]))
        let last = look { _ in .answered }
        #expect(fixture.submit(last))
        _ = last.wait()
        #expect(seen.withLock { $0 } == [.no, .staged, .durable(Position(2))])
        fixture.log.close()
    }

    @Test func refusedAndVoidSubmissionsLeaveNothing() throws {
        let fixture = try LogFixture()
        let before = try fixture.contents()
        let refused = FixedSubmission { _ in .answered }
        let void = FixedSubmission([section("A-1", 4, [fact("a-1", on: "A-1", source: "/new/source", unit: "new-unit")])])
        #expect(fixture.log.submit([refused, void]))
        #expect(refused.wait() == .answered && void.wait() == .void(.revision(StreamName("A-1"), actual: 0)))
        let head = fixture.log.reader.head
        #expect(try fixture.contents() == before && head.lastStream == StreamNumber(15) && fixture.log.reader.nameID("new-unit") == nil)
        // Between two that are admitted, too.
        let good = ["A-1", "B-1"].map { FixedSubmission([section($0, 0, [fact($0, on: $0)])]) }
        let bad = FixedSubmission([section("C-1", 1, [fact("C-1", on: "C-1", source: "/new/source")])])
        #expect(fixture.log.submit([good[0], bad, good[1]]))
        #expect(good[1].wait().entries.map(\.position) == [Position(3)] && fixture.log.reader.nameID("/new/source") == nil)
        #expect(try fixture.closeAndVerify().finding == nil)
    }

    @Test func aFullQueueSaysNo() throws {
        let fixture = try LogFixture { options in
            options.queueEvents = 4
            options.queueBytes = 1_000
        }
        let gate = Gate()
        #expect(fixture.submit(gate.submission))
        gate.waitUntilHeld()
        func idle(_ events: Int, _ bytes: Int) -> FixedSubmission { FixedSubmission(eventCount: events, byteCount: bytes) { _ in .answered } }
        let first = [idle(1, 10), idle(2, 10)]
        #expect(fixture.log.submit(first))
        #expect(!fixture.submit(idle(2, 10)), "5 events")
        #expect(!fixture.submit(idle(1, 981)), "1,001 bytes")
        #expect(!fixture.submit(idle(1, 10), idle(1, 10)), "all or none")
        #expect(fixture.submit(idle(1, 980)))
        #expect(fixture.log.queueDepth == (4, 1_000))
        gate.letGo()
        #expect(first.map { $0.wait() } == [.answered, .answered])
        let large = idle(100, 100_000)
        var isTaken = fixture.submit(large)
        while !isTaken { isTaken = fixture.submit(large) }
        #expect(large.wait() == .answered, "an empty queue takes what is larger than itself")
        fixture.log.close()
        #expect(!fixture.submit(idle(1, 1)), "nothing after the end")
    }

    @Test func closingFinishesWhatWaits() throws {
        let fixture = try LogFixture()
        let submissions = (0..<200).map { number in
            FixedSubmission([section("A-\(number)", 0, [fact("a-\(number)", on: "A-\(number)")])])
        }
        #expect(fixture.log.submit(submissions))
        #expect(try fixture.closeAndVerify().finding == nil)
        #expect(submissions.allSatisfy { $0.outcome?.isDurable == true })
    }

    @Test func aFullMapIsAnAnswer() throws {
        let fixture = try LogFixture(mapSizeBytes: 1 << 20)
        let padding = String(repeating: "x", count: 20_000)
        var written: Revision = 0
        var outcome = FixedSubmission.Outcome.answered
        repeat {
            outcome = fixture.append(fact("o-\(written)", on: "@operations") { $0.member("x", padding) }, to: "@operations", expecting: written)
            if outcome.isDurable { written += 1 }
        } while outcome.isDurable && written < 100
        #expect(outcome == .failed(.full) && written > 5)
        #expect(!fixture.log.isPoisoned && fixture.observer.reason == nil && fixture.observer.batches.last == false)
        #expect(fixture.head == Position(UInt64(written) + 1))
        #expect(try fixture.log.reader.entries(of: .operations).count == Int(written), "still readable")
        // A retry is refused again, and a refusal is still an answer.
        #expect(
            fixture.append(fact("o-\(written)", on: "@operations") { $0.member("x", padding) }, to: "@operations", expecting: written)
                == .failed(.full))
        #expect(fixture.append(fact("n", on: "@operations"), to: "@operations", expecting: 0) == .void(.revision(.operations, actual: written)))
        #expect(try fixture.closeAndVerify().finding == nil)
        let larger = try LogFixture(fixture.directory, mapSizeBytes: 64 << 20)
        #expect(larger.append(fact("o-\(written)", on: "@operations") { $0.member("x", padding) }, to: "@operations", expecting: written).isDurable)
        #expect(try larger.closeAndVerify().finding == nil)
    }

    /// Many callers on the same streams: exactly one wins each revision.
    @Test func concurrentAppendsHaveOneWinnerEach() async throws {
        let fixture = try LogFixture()
        final class Wins: Sendable { let counts = Mutex<[String: [Revision: Int]]>([:]) }
        let wins = Wins()
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<8 {
                group.addTask {
                    for round in 0..<25 {
                        let stream = "S-\(round % 3)"
                        let revision = Revision(round / 3)
                        let outcome = await withCheckedContinuation { continuation in
                            DispatchQueue.global().async {
                                continuation.resume(
                                    returning: fixture.append(fact("\(caller)-\(round)", on: stream), to: stream, expecting: revision))
                            }
                        }
                        guard outcome.isDurable else { continue }
                        wins.counts.withLock { $0[stream, default: [:]][revision, default: 0] += 1 }
                    }
                }
            }
        }
        for (stream, counts) in wins.counts.withLock({ $0 }) { #expect(counts.values.allSatisfy { $0 == 1 }, "\(stream): \(counts)") }
        #expect(try fixture.closeAndVerify().finding == nil)
    }
}

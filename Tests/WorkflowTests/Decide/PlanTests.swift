import EventModel
import Testing

@testable import Workflow

/// What a plan says beside its facts: checks, ids, receipts, the engine's own plans.
@Suite struct PlanTests {
    private func plan(_ step: String, _ world: World) throws -> Plan? {
        var script = Script(world)
        let words = step.split(separator: " ").map(String.init)
        let (json, now) = try script.event(words)
        let claim = try ClaimReader.read(Array(json.utf8)).get()
        guard case .admitted(let plan) = decide(claim, in: world.context(now: now, peer: TestPeers.byName[words[0]]!)) else { return nil }
        return plan
    }

    @Test func aNewCaseChecksTheSerialBefore() throws {
        let world = World()
        let first = try #require(try plan("intake 03-01T09:00 received channel=plain title=t", world))
        #expect(first.checks == [.atRevision(.rulebook, 7)])
        #expect(first.sections[0].expectedRevision == 0)
        #expect(first.receipt.isNewCase)
        #expect(first.receipt.serial == "5101-20170301-000001")
        #expect(first.receipt.code == ExtractionCode(epoch: 2, round: 1))
        try Script.run("intake 03-01T09:00 received channel=plain title=t", world)
        let second = try #require(try plan("intake 03-01T09:00 received channel=plain title=t", world))
        #expect(second.checks == [.atRevision(.rulebook, 7), .exists(StreamName("5101-20170301-000001"))])
    }

    @Test func factsTheEngineAddsHaveIdsOfTheClaim() throws {
        let world = World()
        try Script.run("intake 03-01T09:00 received channel=plain title=t", world)
        let plan = try #require(try plan("dispatch 03-01T09:10 assigned unit=510104-transport", world))
        let facts = plan.sections[0].facts
        #expect(facts.map { $0.source } == ["/engine", "/dispatch"])
        #expect(facts[0].id == Draft.hex(Array("/dispatch\0t-1\01".utf8)))
        #expect(facts[1].id == "t-1")
        #expect(plan.primary.fact == 1)
        #expect(plan.sections[0].state?.revision == 3)
    }

    @Test func outOfOrderIsAFlagOfTheReceipt() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T10:00 accepted
            """, world)
        #expect(try plan("dispatch 03-01T09:30 noted internal=x @now=03-01T10:30", world)?.receipt.flags == ["out-of-order"])
        #expect(try plan("dispatch 03-01T10:00 noted internal=x", world)?.receipt.flags == [])
    }

    @Test func theTickersCandidateMustBeDue() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            """, world)
        let serial = world.serials[0]
        let due = try Script.instant("03-09T00:00")
        func candidate(_ now: String, assignment: Int = 1, kind: DeadlineKind = .reply, due: Instant = due, serial: String = serial) throws -> Plan? {
            decideOverdue(
                case: serial, assignment: assignment, kind: kind, due: due, in: world.context(now: try Script.instant(now), peer: .engine(uid: 990)))
        }
        #expect(world.cases[serial]?.nextDue == due)
        #expect(try candidate("03-08T23:59:59") == nil)
        #expect(try candidate("03-09T00:00", assignment: 2) == nil)
        #expect(try candidate("03-09T00:00", kind: .sign) == nil)
        #expect(try candidate("03-09T00:00", due: due.adding(seconds: 1)) == nil)
        #expect(try candidate("03-09T00:00", serial: "none") == nil)
        let plan = try #require(try candidate("03-09T00:00"))
        try world.commit(plan, at: due)
        #expect(try candidate("03-09T00:00") == nil)
        #expect(world.cases[serial]?.nextDue == nil)
    }

    @Test func keysAreCommittedToOnce() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T09:10 noted internal=x
            """, world)
        #expect(world.entries[0].sealed[0].keyCommitment != nil)
        #expect(world.entries[1].sealed[0].keyCommitment == nil)
        #expect(world.cases[world.serials[0]]?.committedKeys == [.text])
    }

    @Test func actorsAndSources() {
        #expect(TestPeers.byName["dispatch"]?.actor == "operator/2001")
        #expect(Peer.engine(uid: 990).actor == "engine/990")
        #expect(TestPeers.byName["importer"]?.holds(source: "/import/x") == true)
        #expect(TestPeers.byName["importer"]?.holds(source: "/import") == false)
    }
}

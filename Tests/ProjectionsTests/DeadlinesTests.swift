import EventModel
import Testing
import Workflow

@testable import Projections

@Suite struct DeadlinesTests {
    let history = History()
    let scratch = Scratch()

    private func list(_ view: Deadlines, _ before: String = "2018-12-31") -> [String] {
        view.due(before: local(before), limit: 1_000).map {
            "\($0.stream.rawValue - 16).\($0.assignment) \($0.kind.name) \(Zone.shanghai.text($0.due).prefix(10))"
        }
    }

    private func assigned(_ intake: Intake = Intake(), source: String = "/hotline") -> Int {
        let index = history.receive("2017-03-01T09:00:00", intake, source: source)
        history.add(index, "2017-03-01T09:00:00", .accepted)
        let others = [
            DeadlineWord(kind: .sign, due: due("2017-03-02")), DeadlineWord(kind: .contact, due: due("2017-03-03")),
            DeadlineWord(kind: .return, due: due("2017-03-03")),
            DeadlineWord(kind: .close, due: due("2017-03-20")),
        ]
        history.add(
            index, "2017-03-01T10:00:00", .assigned(Ticket(number: 1, unit: "510104-transport", due: due("2017-03-08"), otherDeadlines: others)))
        return index
    }

    @Test func whatStopsWhat() throws {
        let view = try folded(Deadlines.self, history.log, in: scratch)
        let index = assigned()
        try advance(view, history.log)
        #expect(list(view) == ["0.1 sign 2017-03-03", "0.1 contact 2017-03-04", "0.1 reply 2017-03-09", "0.0 close 2017-03-21"])
        let steps: [(Act, [String])] = [
            (.signed(1), ["0.1 contact 2017-03-04", "0.1 reply 2017-03-09", "0.0 close 2017-03-21"]),
            (.contacted(1), ["0.1 reply 2017-03-09", "0.0 close 2017-03-21"]),
            (.replied(1, kind: 2, approved: false), ["0.1 reply 2017-03-09", "0.0 close 2017-03-21"]),
            (.replied(1, kind: 1, approved: false), ["0.0 close 2017-03-21"]),
            (.sentBack(1), ["0.1 reply 2017-03-09", "0.0 close 2017-03-21"]),
            (.extended(1, due: due("2017-03-13")), ["0.1 reply 2017-03-14", "0.0 close 2017-03-21"]),
            (.paused(1), ["0.0 close 2017-03-21"]),
            (.resumed(1), ["0.1 reply 2017-03-14", "0.0 close 2017-03-21"]),
            (.recomputed(1, .reply, due: due("2017-03-15")), ["0.1 reply 2017-03-16", "0.0 close 2017-03-21"]),
            (.overdue(1, .reply, due: due("2017-03-15")), ["0.0 close 2017-03-21"]),
            (.extended(1, due: due("2017-03-22")), ["0.0 close 2017-03-21", "0.1 reply 2017-03-23"]),
            (.closed(lead: 1, withParent: false, deadlines: [DeadlineWord(kind: .callback, due: due("2017-03-30"))]), ["0.0 callback 2017-03-31"]),
            (.calledBack(solved: 1, handling: 0, reply: 0), []),
        ]
        for (number, step) in steps.enumerated() {
            history.add(index, local("2017-03-01T11:00:00").adding(seconds: Int64(number) * 60), step.0)
            try advance(view, history.log)
            #expect(list(view) == step.1, "after \(step.0)")
        }
        #expect(view.rowCount == 1)
    }

    @Test func aReplyEndsAPause() throws {
        let index = assigned()
        history.add(index, "2017-03-01T11:00:00", .paused(1))
        history.add(index, "2017-03-01T12:00:00", .replied(1, kind: 2, approved: false))
        let view = try folded(Deadlines.self, history.log, in: scratch)
        #expect(list(view) == ["0.0 close 2017-03-21"])
        history.add(index, "2017-03-02T12:00:00", .replied(1, kind: 1, approved: false))
        try advance(view, history.log)
        #expect(list(view) == ["0.1 contact 2017-03-04", "0.0 close 2017-03-21"])
    }

    @Test func limitsFromSigning() throws {
        let index = history.receive("2017-03-01T09:00:00")
        history.add(index, "2017-03-01T09:00:00", .accepted)
        history.add(index, "2017-03-01T10:00:00", .assigned(Ticket(number: 1, unit: "510104-transport")))
        history.add(index, "2017-03-02T10:00:00", .signedWithin(1, due: due("2017-03-09")))
        history.add(index, "2017-03-10T10:00:00", .replied(1, kind: 1, approved: true))
        let deadlines = try folded(Deadlines.self, history.log, in: scratch)
        #expect(list(deadlines).isEmpty)
        let figures = try folded(DepartmentKPI.self, history.log, in: scratch)
        let march = try figures.query(KPIQuery(period: Period("2017-03")!), rulebook: .test, names: history.log.name)
        #expect(march.fraction(.overdue1) == [1, 1])
        #expect(march.fraction(.onTime1) == [0, 1])
    }

    @Test func aVoidedReplyStopsNothing() throws {
        let index = assigned()
        let revision = history.add(index, "2017-03-02T10:00:00", .replied(1, kind: 1, approved: true))
        history.add(index, "2017-03-02T11:00:00", .voided(revision: revision, type: EventType.appealReplied.rawValue))
        let view = try folded(Deadlines.self, history.log, in: scratch)
        #expect(list(view).contains("0.1 reply 2017-03-09"))
    }

    @Test func endsTakeThemAll() throws {
        for act in [Act.withdrawn, .terminated] { history.add(assigned(), "2017-03-02T10:00:00", act) }
        let returned = assigned()
        history.add(returned, "2017-03-02T10:00:00", .returnGranted(1))
        let merged = assigned()
        history.add(merged, "2017-03-02T10:00:00", .merged(into: 0))
        let view = try folded(Deadlines.self, history.log, in: scratch)
        #expect(list(view) == ["2.0 close 2017-03-21"])
        history.add(merged, "2017-03-03T10:00:00", .unmerged)
        try advance(view, history.log)
        #expect(list(view) == ["2.0 close 2017-03-21", "3.0 close 2017-03-21"])
    }

    @Test func inOrderAndInPages() throws {
        for _ in 0..<50 { _ = assigned() }
        let view = try folded(Deadlines.self, history.log, in: scratch)
        let all = view.due(before: local("2018-01-01"), limit: 1_000)
        #expect(all.count == 200)
        #expect(all == all.sorted())
        var paged: [Deadlines.Due] = []
        while true {
            let page = view.due(before: local("2018-01-01"), after: paged.last, limit: 7)
            if page.isEmpty { break }
            paged += page
        }
        #expect(paged == all)
        // Due is exclusive: at that instant it has passed.
        #expect(view.due(before: due("2017-03-02"), limit: 1_000).count == 50)
        #expect(view.due(before: Instant(microseconds: due("2017-03-02").microseconds - 1), limit: 1_000).isEmpty)
        #expect(view.nextDue == due("2017-03-02"))
    }

    @Test func sourceClockIsHeldApart() throws {
        _ = assigned(Intake(onSourceClock: true), source: "/import/baltimore")
        _ = assigned()
        let view = try folded(Deadlines.self, history.log, in: scratch)
        #expect(view.counts == (running: 4, held: 4))
        #expect(list(view).allSatisfy { $0.hasPrefix("1.") })
        #expect(view.openCases(ofClock: "/import/baltimore", dueBefore: due("2017-03-02")) == [StreamNumber(16)])
        #expect(view.openCases(ofClock: "/import/", dueBefore: due("2017-03-02")) == [StreamNumber(16)])
        #expect(view.openCases(ofClock: "/import", dueBefore: due("2017-03-02")).isEmpty)
        #expect(view.openCases(ofClock: "/import/", dueBefore: local("2017-03-02")).isEmpty)
        #expect(view.openCases(ofSource: history.log.intern("/import/baltimore"), dueBefore: due("2017-03-02")) == [StreamNumber(16)])
        #expect(view.openCases(ofSource: 999, dueBefore: due("2017-03-02")).isEmpty)
        history.advanceClock(source: "/import/", live: false)
        try advance(view, history.log)
        #expect(view.counts == (running: 4, held: 4))
        // Live for good: what the source, and others below the prefix, open later is the wall clock's from the start.
        history.advanceClock(source: "/import/", live: true)
        _ = assigned(Intake(onSourceClock: true), source: "/import/baltimore")
        _ = assigned(Intake(onSourceClock: true), source: "/import/calgary")
        _ = assigned(Intake(onSourceClock: true), source: "/other")
        try advance(view, history.log)
        #expect(view.counts == (running: 16, held: 4))
        history.add(0, "2017-03-02T10:00:00", .signed(1))
        history.add(0, "2017-03-02T10:00:00", .extended(1, due: due("2017-03-13")))
        try advance(view, history.log)
        #expect(list(view).filter { $0.hasPrefix("0.") } == ["0.1 contact 2017-03-04", "0.1 reply 2017-03-14", "0.0 close 2017-03-21"])
    }

    @Test func limitsFromTheReceipt() throws {
        let limits = [DeadlineWord(kind: .accept, due: due("2017-03-02")), DeadlineWord(kind: .dispatch, due: due("2017-03-03"))]
        // The hash of an external reference looks like a deadline here, and isn't.
        let hash = DeadlineWord(kind: .sign, due: due("2017-03-04")).word
        let index = history.receive("2017-03-01T09:00:00", Intake(deadlines: limits, externalHash: hash))
        let view = try folded(Deadlines.self, history.log, in: scratch)
        #expect(list(view) == ["0.0 accept 2017-03-03", "0.0 dispatch 2017-03-04"])
        history.add(index, "2017-03-01T10:00:00", .accepted)
        try advance(view, history.log)
        #expect(list(view) == ["0.0 dispatch 2017-03-04"])
        history.add(index, "2017-03-01T11:00:00", .assigned(Ticket(number: 1, unit: "510104", due: due("2017-03-08"))))
        history.add(index, "2017-03-01T12:00:00", .instructedWithin(due: due("2017-03-06")))
        try advance(view, history.log)
        #expect(list(view) == ["0.1 instruction 2017-03-07", "0.1 reply 2017-03-09"])
    }

    /// Any history, against the same view opened anew from its files at many places.
    @Test func reopenedAnywhereItIsTheSame() throws {
        let history = RandomHistory.make(seed: 4, events: 1_200)
        let whole = try folded(Deadlines.self, history.log, in: scratch)
        let pieces = Scratch()
        var view = try Deadlines(opening: pieces.path, mapSizeBytes: testMapSize, names: history.log.name)
        while view.position < history.log.head {
            try advance(view, history.log, to: min(history.log.head, Position(view.position.rawValue + 130)), commitEvery: 3)
            view.close()
            view = try Deadlines(opening: pieces.path, mapSizeBytes: testMapSize, names: history.log.name)
            // What was not committed is applied again.
            try advance(view, history.log, to: min(history.log.head, Position(view.position.rawValue + 150)))
            try view.commit(at: history.log.checkpoint(at: view.position))
        }
        #expect(view.due(before: local("2019-01-01"), limit: 10_000) == whole.due(before: local("2019-01-01"), limit: 10_000))
        #expect(view.counts == whole.counts)
    }
}

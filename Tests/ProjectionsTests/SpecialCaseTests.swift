import EventModel
import Testing
import Workflow

@testable import Projections

/// domain.md §4.3, one test a row; each history is a few lines.
@Suite struct SpecialCaseTests {
    static let unit = "510104-transport"
    let history = History()
    let scratch = Scratch()

    /// One case, accepted and assigned on 2017-03-01 with a reply due on 03-08.
    private func assignedCase(_ intake: Intake = Intake(), at day: String = "2017-03-01", due dueDay: String = "2017-03-08") -> Int {
        let index = history.receive("\(day)T09:00:00", intake)
        history.add(index, "\(day)T09:30:00", .accepted)
        history.add(index, "\(day)T10:00:00", .assigned(Ticket(number: 1, unit: Self.unit, due: due(dueDay))))
        return index
    }
    private func reply(_ index: Int, _ at: String, _ number: UInt16 = 1) { history.add(index, at, .replied(number, kind: 1, approved: true)) }
    private func close(_ index: Int, _ at: String, _ lead: UInt16 = 1) {
        history.add(index, at, .closed(lead: lead, withParent: false, deadlines: []))
    }

    private func ask(_ query: KPIQuery, rulebook: Rulebook = .test) throws -> KPIAnswer {
        try folded(DepartmentKPI.self, history.log, in: scratch).query(query, rulebook: rulebook, names: history.log.name)
    }
    private func march(_ definition: KPIDefinition, _ slice: [String] = [], by: [KPISlice] = []) throws -> [Int]? {
        let view = try DepartmentKPI(opening: Scratch().path, mapSizeBytes: testMapSize, names: history.log.name)
        try advance(view, history.log)
        return try view.query(KPIQuery(period: Period("2017-03")!, slices: by), rulebook: .test, names: history.log.name).fraction(definition, slice)
    }

    @Test func declined() throws {
        let index = history.receive("2017-03-01T09:00:00")
        history.add(index, "2017-03-01T10:00:00", .declined)
        let volume = try #require(try ask(KPIQuery(period: Period("2017-03")!)).row(.volume1))
        #expect(volume.numerator == 0)
        #expect(volume.detail("received") == 1)
        #expect(volume.detail("declined") == 1)
    }

    @Test func withdrawnBeforeDueLeavesDue() throws {
        let early = assignedCase()
        history.add(early, "2017-03-06T09:00:00", .withdrawn)
        let late = assignedCase()
        history.add(late, "2017-03-10T09:00:00", .withdrawn)
        #expect(try march(.onTime1) == [0, 1])
        #expect(try march(.tickets1) == [2, 1])
    }

    @Test func mergedChildIsReceivedOnly() throws {
        let parent = assignedCase()
        let child = assignedCase()
        history.add(child, "2017-03-02T09:00:00", .merged(into: parent))
        reply(parent, "2017-03-03T09:00:00")
        close(parent, "2017-03-06T09:00:00")
        history.add(child, "2017-03-06T09:00:00", .closed(lead: 0, withParent: true, deadlines: []))
        history.add(child, "2017-03-07T09:00:00", .rated(round: 1, solved: 2, handling: 1, reply: 1))
        #expect(try march(.volume1) == [2, 1])
        #expect(try march(.distinct1) == [1, 1])
        #expect(try march(.reply2) == [1, 1])
        #expect(try march(.tickets1) == [1, 1])
        #expect(try march(.satisfaction1) == [1, 1])
        #expect(try march(.satisfaction2) == [0, 0])
    }

    @Test func returnedCountsForReturnsOnly() throws {
        let index = assignedCase()
        history.add(index, "2017-03-08T16:00:00", .overdue(1, .reply, due: due("2017-03-08")))
        history.add(index, "2017-03-09T09:00:00", .returnGranted(1))
        history.add(index, "2017-03-09T10:00:00", .assigned(Ticket(number: 2, unit: "510104-housing", due: due("2017-03-16"))))
        #expect(try march(.return1, [Self.unit], by: [.unit]) == [1, 1])
        #expect(try march(.tickets1, [Self.unit], by: [.unit]) == [0, 1])
        #expect(try march(.onTime1, [Self.unit], by: [.unit]) == [0, 0])
        #expect(try march(.onTime1, ["510104-housing"], by: [.unit]) == [0, 1])
    }

    @Test func extensionReplacesTheDue() throws {
        let index = assignedCase()
        history.add(index, "2017-03-07T09:00:00", .extended(1, due: due("2017-03-13")))
        reply(index, "2017-03-13T23:59:59")
        #expect(try march(.onTime1) == [1, 1])
        #expect(try march(.overdue1) == [0, 1])
    }

    @Test func overdueThenRepliedStaysOverdue() throws {
        let index = assignedCase()
        reply(index, "2017-03-09T00:00:00")
        #expect(try march(.reply1) == [1, 1])
        #expect(try march(.overdue1) == [1, 1])
        #expect(try march(.overdue2) == [1, 1])
    }

    /// In overdue@1 only in the period of its reply; open past due is carried from period to period.
    @Test func openPastDueIsPrintedApart() throws {
        let index = assignedCase()
        reply(index, "2017-04-05T10:00:00")
        let march = try ask(KPIQuery(period: Period("2017-03")!, definitions: [.onTime1, .overdue1]))
        #expect(march.row(.onTime1)?.detail("openOverdue") == 1)
        #expect(march.fraction(.onTime1) == [0, 1])
        #expect(march.fraction(.overdue1) == [0, 1])
        let april = try ask(KPIQuery(period: Period("2017-04")!, definitions: [.onTime1, .overdue1]))
        #expect(april.fraction(.overdue1) == [1, 0])
        #expect(april.row(.overdue1)?.value == nil)
        #expect(april.row(.onTime1)?.detail("openOverdue") == 0)
    }

    @Test func reopenedHasFirstAndFinalValues() throws {
        let index = assignedCase()
        reply(index, "2017-03-02T10:00:00")
        close(index, "2017-03-03T10:00:00")
        history.add(index, "2017-03-04T10:00:00", .rated(round: 1, solved: 2, handling: 1, reply: 0))
        history.add(index, "2017-03-06T10:00:00", .reopened(round: 2))
        history.add(index, "2017-03-06T11:00:00", .assigned(Ticket(number: 2, unit: Self.unit, round: 2, due: due("2017-03-13"))))
        reply(index, "2017-03-08T10:00:00", 2)
        close(index, "2017-03-09T10:00:00", 2)
        history.add(index, "2017-03-10T10:00:00", .rated(round: 2, solved: 1, handling: 5, reply: 0))
        #expect(try march(.satisfaction2) == [1, 1])
        #expect(try march(.cycle1) == [2, 1])
        let first = try ask(KPIQuery(period: Period("2017-03")!, definitions: [.satisfaction2, .cycle1], firstRoundOnly: true))
        #expect(first.fraction(.satisfaction2) == [0, 1])
        #expect(first.fraction(.cycle1) == [1, 1])
    }

    @Test func theLastValidRatingCounts() throws {
        let index = assignedCase()
        reply(index, "2017-03-02T10:00:00")
        close(index, "2017-03-03T10:00:00")
        history.add(index, "2017-03-04T10:00:00", .rated(round: 1, solved: 1, handling: 5, reply: 5))
        history.add(index, "2017-03-05T10:00:00", .calledBack(solved: 2, handling: 2, reply: 0))
        let mistaken = history.add(index, "2017-03-06T10:00:00", .rated(round: 1, solved: 1, handling: 4, reply: 0))
        history.add(index, "2017-03-07T10:00:00", .voided(revision: mistaken, type: EventType.appealRated.rawValue))
        // Day 30 after closing still counts, day 31 doesn't.
        history.add(index, "2017-04-02T23:59:59", .rated(round: 1, solved: 0, handling: 1, reply: 0))
        history.add(index, "2017-04-03T00:00:00", .rated(round: 1, solved: 1, handling: 5, reply: 0))
        #expect(try march(.satisfaction2) == [0, 1])
        #expect(try march(.solve1) == [0, 1])
    }

    @Test func onlyTheReplyScoreIsGiven() throws {
        let index = assignedCase()
        reply(index, "2017-03-02T10:00:00")
        close(index, "2017-03-03T10:00:00")
        history.add(index, "2017-03-04T10:00:00", .rated(round: 1, solved: 0, handling: 0, reply: 2))
        #expect(try march(.satisfaction2) == [0, 1])
    }

    @Test func sentBackCountsAsNoReply() throws {
        let index = assignedCase()
        history.add(index, "2017-03-03T10:00:00", .replied(1, kind: 1, approved: false))
        history.add(index, "2017-03-04T10:00:00", .sentBack(1))
        #expect(try march(.reply1) == [0, 1])
        history.add(index, "2017-03-06T10:00:00", .replied(1, kind: 2, approved: false))
        #expect(try march(.reply1) == [0, 1])
        history.add(index, "2017-03-07T10:00:00", .replied(1, kind: 3, approved: false))
        #expect(try march(.reply1) == [1, 1])
    }

    /// External platforms are counted apart and never inside the core figures.
    @Test func externalIsApart() throws {
        _ = assignedCase()
        let intake = Intake(channel: "people-cn", isExternal: true)
        _ = assignedCase(intake)
        let total = try ask(KPIQuery(period: Period("2017-03")!))
        #expect(total.fraction(.volume1) == [1, 1])
        #expect(total.row(.volume1)?.detail("external") == 1)
        #expect(total.fraction(.tickets1) == [1, 1])
        #expect(try march(.volume1, ["external"], by: [.group]) == [1, 1])
        #expect(try march(.volume1, ["people-cn"], by: [.channel]) == [1, 1])
    }

    @Test func aSubAssignmentIsNotCountedTwice() throws {
        let index = assignedCase()
        let below = Ticket(number: 2, unit: "510104-transport-buses", isLead: false, parent: 1, due: due("2017-03-08"))
        history.add(index, "2017-03-01T11:00:00", .assigned(below))
        #expect(try march(.tickets1, ["510104-transport-buses"], by: [.unit]) == [1, 1])
        #expect(try march(.tickets1, [Self.unit], by: [.unit]) == [1, 1])
        #expect(try march(.tickets1, ["510100"], by: [.unit]) == [1, 1])
        #expect(try march(.tickets1) == [1, 1])
    }

    @Test func aYearWithoutCalendarIsUnknown() throws {
        let index = assignedCase(at: "2018-12-28", due: "2019-01-04")
        reply(index, "2019-01-03T10:00:00")
        close(index, "2019-01-04T10:00:00")
        let answer = try ask(KPIQuery(period: Period("2019-01")!, definitions: [.cycle1, .cyclePercentile1]))
        #expect(answer.fraction(.cycle1) == [0, 0])
        #expect(answer.row(.cycle1)?.value == nil)
        #expect(answer.row(.cycle1)?.detail("unknownDays") == 1)
        #expect(answer.calendar == "cn-2019@0")
        #expect(
            String(decoding: answer.json(), as: UTF8.self).contains(
                #""base":"assignments of closed cases","value":null,"scale":"wd","unknownDays":1"#))
    }

    /// Closes above receipts in flow; the cohort follows its own cases.
    @Test func flowAndCohort() throws {
        let old = assignedCase(at: "2017-02-20", due: "2017-02-27")
        reply(old, "2017-03-01T10:00:00")
        close(old, "2017-03-02T10:00:00")
        let new = assignedCase(at: "2017-03-20", due: "2017-03-27")
        reply(new, "2017-04-05T10:00:00")
        close(new, "2017-04-06T10:00:00")
        #expect(try ask(KPIQuery(period: Period("2017-03")!, definitions: [.satisfaction1])).fraction(.satisfaction1) == [1, 1])
        let cohort = try ask(KPIQuery(period: Period("2017-03")!, definitions: [.satisfaction1, .overdue1, .onTime1], basis: .cohort))
        #expect(cohort.fraction(.satisfaction1) == [1, 1])
        #expect(cohort.fraction(.overdue1) == [1, 1])
        #expect(cohort.fraction(.onTime1) == [0, 1])
    }

    @Test func instructionsAndDirectAnswersPerLeader() throws {
        let index = assignedCase()
        history.add(index, "2017-03-02T10:00:00", .instructed(leader: "mayor", unit: nil))
        let mistaken = history.add(index, "2017-03-03T10:00:00", .instructed(leader: "mayor", unit: nil))
        history.add(index, "2017-03-03T11:00:00", .voided(revision: mistaken, type: EventType.appealInstructed.rawValue))
        let direct = history.receive("2017-03-05T09:00:00")
        history.add(direct, "2017-03-05T10:00:00", .accepted)
        history.add(direct, "2017-03-05T10:00:00", .answered(unit: Self.unit, kind: 1, leader: "mayor"))
        let answer = try ask(KPIQuery(period: Period("2017-03")!, slices: [.leader]))
        #expect(answer.rows.map(\.definition) == [.instructions1])
        #expect(answer.fraction(.instructions1, ["mayor"]) == [1, 1])
        #expect(answer.row(.instructions1, ["mayor"])?.detail("directAnswers") == 1)
        #expect(try march(.direct1) == [1, 2])
        #expect(try march(.volume1, [Self.unit], by: [.unit]) == [2, 1])
    }

    @Test func lateFactsBySource() throws {
        let at = local("2017-03-01T09:00:00")
        history.receive(at, Intake(), source: "/fax", recordedAt: at.adding(seconds: 3_601))
        history.receive(at.adding(seconds: 10), Intake(), source: "/phone")
        let answer = try ask(KPIQuery(period: Period("2017-03")!, slices: [.source]))
        #expect(answer.fraction(.lateRecorded1, ["/fax"]) == [1, 1])
        #expect(answer.row(.lateRecorded1, ["/fax"])?.detail("facts") == 1)
    }

    @Test func decimalsComeFromTheRulebook() throws {
        for solved: UInt8 in [1, 1, 2] {
            let index = assignedCase()
            reply(index, "2017-03-02T10:00:00")
            close(index, "2017-03-03T10:00:00")
            history.add(index, "2017-03-04T10:00:00", .rated(round: 1, solved: solved, handling: 0, reply: 0))
        }
        var rulebook = Rulebook.test
        rulebook.decimals["solve@1"] = 1
        let answer = try ask(KPIQuery(period: Period("2017-03")!, definitions: [.solve1]), rulebook: rulebook)
        #expect(answer.row(.solve1)?.value == "66.7")
    }

    @Test func questionsWithoutAnAnswer() throws {
        let view = try folded(DepartmentKPI.self, history.log, in: scratch)
        #expect(throws: QueryError.self) {
            try view.query(KPIQuery(parameters: ["period": "2017", "by": "leader", "definition": "solve@1"]), rulebook: .test, names: { _ in nil })
        }
        #expect(throws: QueryError.self) { try KPIQuery(parameters: ["period": "2017-13"]) }
        #expect(throws: QueryError.self) { try KPIQuery(parameters: ["period": "2017", "sort": "up"]) }
        #expect(throws: QueryError.self) { try KPIQuery(parameters: ["period": "2017", "definition": "satisfaction"]) }
        #expect(throws: QueryError.self) {
            try view.query(KPIQuery(parameters: ["period": "2017", "by": "unit,channel,nature,district"]), rulebook: .test, names: { _ in nil })
        }
        let query = try KPIQuery(parameters: ["period": "2017-Q1", "by": "unit,month", "compare": "yoy", "basis": "cohort", "round": "first"])
        #expect(query.slices == [.unit] && query.byMonth && query.compare == .yearOnYear && query.basis == .cohort && query.firstRoundOnly)
    }
}

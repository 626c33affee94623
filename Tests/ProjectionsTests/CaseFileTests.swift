import EventModel
import Testing
import Workflow

@testable import Projections

@Suite struct CaseFileTests {
    let history = History()
    let scratch = Scratch()

    private func view() throws -> CaseFile { try folded(CaseFile.self, history.log, in: scratch) }
    private func page(_ view: CaseFile, _ query: CaseQuery) throws -> CasePage { try view.page(query, rulebook: .test, names: history.log.name) }
    private func serial(_ stream: StreamNumber) throws -> String? { try history.log.streamName(stream)?.rawValue }

    @Test func aCaseFromFirstToLast() throws {
        let view = try view()
        let index = history.receive("2017-03-01T09:12:40", Intake(channel: "mailbox", mailbox: "510104-head"))
        let stream = StreamNumber(UInt64(index) + 16)
        let steps: [(Act, CaseStatus)] = [
            (.accepted, .accepted), (.assigned(Ticket(number: 1, unit: "510104-transport", due: due("2017-03-08"))), .inHand),
            (.replied(1, kind: 2, approved: false), .inHand), (.replied(1, kind: 1, approved: false), .inHand), (.approved(1), .replied),
            (.sentBack(1), .inHand), (.replied(1, kind: 1, approved: true), .replied), (.closed(lead: 1, withParent: false, deadlines: []), .closed),
            (.reopened(round: 2), .accepted), (.assigned(Ticket(number: 2, unit: "510104-housing", round: 2, due: due("2017-03-20"))), .inHand),
            (.returnGranted(2), .accepted), (.merged(into: 0), .merged), (.unmerged, .accepted),
            (.answered(unit: nil, kind: 1, leader: nil), .replied),
            (.terminated, .terminated), (.archived, .terminated),
        ]
        for (number, step) in steps.enumerated() {
            history.add(index, local("2017-03-02T09:00:00").adding(seconds: Int64(number) * 60), step.0)
            try advance(view, history.log)
            #expect(view.summary(of: stream)?.status == step.1, "after \(step.0)")
        }
        let summary = try #require(view.summary(of: stream))
        #expect(summary.revision == 17)
        #expect(summary.isArchived)
        #expect(summary.lastPosition == history.log.head)
    }

    @Test func reopeningTakesACaseOutOfTheArchive() throws {
        let index = history.receive("2017-03-01T09:00:00")
        let steps: [Act] = [.accepted, .answered(unit: nil, kind: 1, leader: nil), .closed(lead: 0, withParent: false, deadlines: []), .archived]
        for step in steps { history.add(index, "2017-03-02T09:00:00", step) }
        let view = try view()
        #expect(view.summary(of: StreamNumber(16))?.isArchived == true)
        history.add(index, "2017-03-03T09:00:00", .reopened(round: 2))
        try advance(view, history.log)
        #expect(view.summary(of: StreamNumber(16))?.isArchived == false)
    }

    @Test func theNextDueAndTheOverdueMark() throws {
        let view = try view()
        let index = history.receive("2017-03-01T09:00:00")
        let stream = StreamNumber(16)
        history.add(index, "2017-03-01T09:00:00", .accepted)
        history.add(index, "2017-03-01T10:00:00", .assigned(Ticket(number: 1, unit: "510104-transport", due: due("2017-03-08"))))
        history.add(index, "2017-03-01T11:00:00", .assigned(Ticket(number: 2, unit: "510104-housing", isLead: false, due: due("2017-03-07"))))
        try advance(view, history.log)
        #expect(view.summary(of: stream)?.nextDue == due("2017-03-07"))
        history.add(index, "2017-03-07T11:00:00", .replied(2, kind: 1, approved: true))
        try advance(view, history.log)
        #expect(view.summary(of: stream)?.nextDue == due("2017-03-08"))
        history.add(index, due("2017-03-08"), .overdue(1, .reply, due: due("2017-03-08")))
        try advance(view, history.log)
        #expect(view.summary(of: stream)?.isOverdue == true)
        history.add(index, due("2017-03-08"), .rescinded(1, .reply))
        try advance(view, history.log)
        #expect(view.summary(of: stream)?.isOverdue == false)
        history.add(index, "2017-03-09T09:00:00", .extended(1, due: due("2017-03-13")))
        try advance(view, history.log)
        #expect(view.summary(of: stream)?.nextDue == due("2017-03-13"))
    }

    private func queue() throws -> CaseFile {
        for number in 0..<25 {
            let isBus = number % 2 == 0
            let index = history.receive(
                local("2017-03-01T09:00:00").adding(seconds: Int64(number % 7) * 60),
                Intake(mailbox: number % 3 == 0 ? "mayor" : nil, category: isBus ? "transport.bus" : "housing", isWhistleblower: number == 24))
            history.add(index, "2017-03-01T10:00:00", .accepted)
            if number % 5 != 0 {
                let ticket = Ticket(number: 1, unit: isBus ? "510104-transport-buses" : "510105-housing", due: due("2017-03-\(10 + number % 4)"))
                history.add(index, "2017-03-01T11:00:00", .assigned(ticket))
            }
        }
        return try view()
    }

    @Test(arguments: CaseQuery.Sort.allCases)
    func pagesShowEveryCaseOnce(_ sort: CaseQuery.Sort) throws {
        let view = try queue()
        let all = try page(view, CaseQuery(sort: sort, limit: 500)).items
        #expect(all.count == (sort == .due ? 19 : 24))
        var paged: [CaseSummary] = []
        var cursor: String?
        repeat {
            let page = try page(view, CaseQuery(sort: sort, cursor: cursor, limit: 4))
            #expect(page.items.count <= 4)
            paged += page.items
            cursor = page.next
        } while cursor != nil
        #expect(paged == all)
        #expect(Set(paged.map(\.stream)).count == paged.count)
    }

    /// Nothing is shown twice or skipped while the list moves.
    @Test func theListMayMove() throws {
        let view = try queue()
        let first = try page(view, CaseQuery(sort: .oldest, limit: 10))
        history.receive("2017-02-01T09:00:00")
        history.receive("2017-04-01T09:00:00")
        try advance(view, history.log)
        let rest = try page(view, CaseQuery(sort: .oldest, cursor: first.next, limit: 500))
        #expect(Set(first.items.map(\.stream)).isDisjoint(with: rest.items.map(\.stream)))
        #expect(first.items.count + rest.items.count == 25)
        #expect(rest.items.last?.receivedAt == local("2017-04-01T09:00:00"))
    }

    @Test func cursorsBelongToTheirQuery() throws {
        let view = try queue()
        let next = try #require(try page(view, CaseQuery(limit: 3)).next)
        #expect(throws: QueryError.foreignCursor) { try page(view, CaseQuery(status: .inHand, cursor: next, limit: 3)) }
        #expect(throws: QueryError.foreignCursor) { try page(view, CaseQuery(sort: .due, cursor: next, limit: 3)) }
        #expect(throws: QueryError.foreignCursor) { try page(view, CaseQuery(cursor: "abc", limit: 3)) }
        #expect(throws: QueryError.badLimit) { try page(view, CaseQuery(limit: 0)) }
        #expect(throws: QueryError.badLimit) { try page(view, CaseQuery(limit: 501)) }
        // Another limit is the same query.
        #expect(try page(view, CaseQuery(cursor: next, limit: 500)).items.count == 21)
    }

    @Test func filters() throws {
        let view = try queue()
        func count(_ parameters: [String: String]) throws -> Int {
            try page(view, CaseQuery(parameters: parameters.merging(["limit": "500"]) { $1 }, zone: .shanghai)).items.count
        }
        let all = (0..<24)
        #expect(try count([:]) == 24)
        #expect(try count(["unit": "510104"]) == all.filter { $0 % 2 == 0 && $0 % 5 != 0 }.count)
        #expect(try count(["unit": "510104-transport-buses"]) == all.filter { $0 % 2 == 0 && $0 % 5 != 0 }.count)
        #expect(try count(["mailbox": "mayor"]) == all.filter { $0 % 3 == 0 }.count)
        #expect(try count(["status": "in-hand"]) == all.filter { $0 % 5 != 0 }.count)
        #expect(try count(["category": "transport"]) == all.filter { $0 % 2 == 0 }.count)
        #expect(try count(["category": "trans"]) == 0)
        #expect(try count(["dueBefore": "2017-03-11"]) == all.filter { $0 % 5 != 0 && $0 % 4 <= 1 }.count)
        #expect(try count(["overdue": "true"]) == 0)
        #expect(try page(view, CaseQuery(limit: 500, includesWhistleblower: true)).items.count == 25)
        #expect(
            try view.page(CaseQuery(limit: 500), rulebook: .test, names: history.log.name, where: { $0.stream.rawValue % 2 == 0 }).items.count == 12)
        for bad in [["status": "open"], ["dueBefore": "soon"], ["overdue": "1"], ["sort": "name"], ["limit": "0"], ["color": "red"]] {
            #expect(throws: QueryError.self, "\(bad)") { try CaseQuery(parameters: bad, zone: .shanghai) }
        }
    }

    @Test func theListAsJSON() throws {
        let view = try view()
        let index = history.receive("2017-03-01T09:12:40", Intake(channel: "mailbox", mailbox: "510104-head"))
        history.add(index, "2017-03-01T10:00:00", .accepted)
        history.add(index, "2017-03-01T10:05:00", .assigned(Ticket(number: 1, unit: "510104-transport", due: due("2017-03-08"))))
        try advance(view, history.log)
        let json = try view.json(page(view, CaseQuery()), rulebook: .test, names: history.log.name, serial: serial)
        let expected =
            #"{"items":[{"case":"case-1","status":"in-hand","round":1,"channel":"mailbox","group":"core","mailbox":"510104-head","nature":"help","#
            + #""category":"transport.bus","district":"510104","unit":"510104-transport","accessClass":"normal","#
            + #""receivedAt":"2017-03-01T09:12:40+08:00","#
            + #""acceptedAt":"2017-03-01T10:00:00+08:00","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","#
            + #""overdue":false,"revision":3,"position":3}]}"#
        #expect(String(decoding: json, as: UTF8.self) == expected)
    }
}

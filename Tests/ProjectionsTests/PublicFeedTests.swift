import EventModel
import Testing
import Workflow

@testable import Projections

@Suite struct PublicFeedTests {
    let history = History()
    let scratch = Scratch()
    static let facts = PublicityPolicy(mode: .facts)
    static let review = PublicityPolicy(mode: .review)

    /// events.md: the case of the worked history, rated 2.
    private func wholeCase(_ intake: Intake = Intake(channel: "mailbox")) -> Int {
        let index = history.receive("2017-03-01T09:12:40", intake)
        history.add(index, "2017-03-01T10:00:00", .accepted)
        history.add(index, "2017-03-01T10:05:00", .assigned(Ticket(number: 1, unit: "510104-transport", due: due("2017-03-08"))))
        history.add(index, "2017-03-09T16:20:00", .replied(1, kind: 1, approved: true))
        history.add(index, "2017-03-10T09:00:00", .closed(lead: 1, withParent: false, deadlines: []))
        history.add(index, "2017-03-11T20:11:00", .rated(round: 1, solved: 1, handling: 2, reply: 4))
        return index
    }
    private func json(_ view: PublicFeed, _ query: FeedQuery = FeedQuery(), _ policy: PublicityPolicy) throws -> String {
        let bytes = try view.json(view.page(query, policy: policy), rulebook: .test, names: history.log.name, publicId: { "p\($0.rawValue)" })
        return String(decoding: bytes, as: UTF8.self)
    }
    private func words(_ view: PublicFeed, _ policy: PublicityPolicy) throws -> [String] {
        try view.page(FeedQuery(limit: 500), policy: policy).items.map { "\($0.stream.rawValue - 16) \($0.stage.name) \($0.version)" }
    }

    @Test func theItemOfTheExample() throws {
        let index = wholeCase()
        history.add(index, "2017-03-13T10:30:00", .published(.result, 1))
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        let expected =
            #"{"items":[{"publicId":"p16","stage":"result","version":1,"publishedAt":"2017-03-13T10:30:00+08:00","group":"core","nature":"help","#
            + #""category":"transport.bus","district":"510104","unit":"510104-transport","receivedDay":"2017-03-01","dueDay":"2017-03-08","#
            + #""repliedDay":"2017-03-09","status":"closed","rating":"不满意"}]}"#
        #expect(try json(view, Self.review) == expected)
    }

    private func json(_ view: PublicFeed, _ policy: PublicityPolicy) throws -> String { try json(view, FeedQuery(), policy) }

    @Test func reviewShowsNothingBeforeTheReviewer() throws {
        _ = wholeCase()
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        #expect(try words(view, Self.review).isEmpty)
        #expect(try words(view, Self.facts) == ["0 result 1", "0 handling 1", "0 acceptance 1"])
    }

    @Test func stagesAndVersions() throws {
        let declined = history.receive("2017-03-01T09:00:00")
        history.add(declined, "2017-03-01T09:30:00", .declined)
        let index = wholeCase()
        history.add(index, "2017-03-12T09:00:00", .reopened(round: 2))
        history.add(index, "2017-03-12T10:00:00", .assigned(Ticket(number: 2, unit: "510104-housing", round: 2, due: due("2017-03-17"))))
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        #expect(try words(view, Self.facts) == ["1 handling 2", "1 result 1", "1 acceptance 1", "0 acceptance 1"])
        let items = try view.page(FeedQuery(), policy: Self.facts).items
        #expect(items.map(\.status) == ["in-hand", "closed", "accepted", "declined"])
        #expect(history.log.name(items[0].unit) == "510104-housing")
        #expect(items[0].due == due("2017-03-17"))
        // The result keeps what it showed; the rating is of the round now open.
        #expect(history.log.name(items[1].unit) == "510104-transport")
        #expect(items[1].repliedAt == local("2017-03-09T16:20:00"))
        #expect(items[1].ratingWord == nil)
        #expect(items[2].unit == 0)
        #expect(try view.page(FeedQuery(stage: .acceptance), policy: Self.facts).items.count == 2)
        #expect(view.items(of: StreamNumber(17), policy: Self.facts).map(\.stage) == [.acceptance, .handling, .result])
    }

    @Test func whistleblowersAreNeverShown() throws {
        _ = wholeCase(Intake(isWhistleblower: true))
        let later = wholeCase()
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        #expect(try words(view, Self.facts).count == 3)
        history.add(later, "2017-03-12T09:00:00", .published(.result, 1))
        history.add(later, "2017-03-13T09:00:00", .reclassified(district: nil, accessClass: 1))
        try advance(view, history.log)
        #expect(try words(view, Self.facts).isEmpty)
        #expect(try words(view, Self.review).isEmpty)
        // Nor after a change back.
        history.add(later, "2017-03-14T09:00:00", .reclassified(district: nil, accessClass: 0))
        try advance(view, history.log)
        #expect(try words(view, Self.facts).isEmpty)
        #expect(view.items(of: StreamNumber(17), policy: Self.facts).isEmpty)
    }

    @Test func anEnterpriseIsAStubUntilAReviewerSaysOtherwise() throws {
        let index = wholeCase(Intake(isEnterprise: true))
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        let stub = #"{"publicId":"p16","stage":"result","version":1,"publishedAt":"2017-03-10T09:00:00+08:00","withheld":"trade-secret"}"#
        #expect(try json(view, FeedQuery(stage: .result), Self.facts) == #"{"items":[\#(stub)]}"#)
        history.add(index, "2017-03-12T09:00:00", .classified(.result, 1))
        try advance(view, history.log)
        #expect(
            try json(view, FeedQuery(stage: .result), Self.facts).contains(#""version":2,"publishedAt":"2017-03-12T09:00:00+08:00","group":"core""#))
        #expect(try json(view, FeedQuery(stage: .handling), Self.facts).contains("withheld"))
    }

    @Test func classes() throws {
        let index = wholeCase()
        history.add(index, "2017-03-12T09:00:00", .classified(.acceptance, 4))
        history.add(index, "2017-03-12T09:00:00", .classified(.handling, 2))
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        #expect(try words(view, Self.facts) == ["0 handling 2", "0 result 1"])
        #expect(try json(view, FeedQuery(stage: .handling), Self.facts).contains(#""withheld":"privacy"}"#))
        history.add(index, "2017-03-13T09:00:00", .classified(.result, 5))
        try advance(view, history.log)
        #expect(try words(view, Self.facts).isEmpty)
    }

    @Test func withdrawalLeavesATombstone() throws {
        let index = wholeCase()
        history.add(index, "2017-03-12T09:00:00", .published(.result, 1))
        history.add(index, "2017-03-13T09:00:00", .unpublished(.result))
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        let tombstone = #"{"items":[{"publicId":"p16","stage":"result","version":2,"publishedAt":"2017-03-13T09:00:00+08:00","withdrawn":true}]}"#
        #expect(try json(view, Self.review) == tombstone)
        #expect(try view.page(FeedQuery(stage: .result), policy: Self.facts).items.first?.content == .withdrawn)
        // Facts don't publish it again, a reviewer does.
        history.add(index, "2017-03-14T09:00:00", .reopened(round: 2))
        history.add(index, "2017-03-14T10:00:00", .closed(lead: 0, withParent: false, deadlines: []))
        try advance(view, history.log)
        #expect(try view.page(FeedQuery(stage: .result), policy: Self.facts).items.first?.content == .withdrawn)
        history.add(index, "2017-03-15T10:00:00", .published(.result, 3))
        try advance(view, history.log)
        #expect(try view.page(FeedQuery(stage: .result), policy: Self.facts).items.first?.content == .open)
        #expect(try words(view, Self.review) == ["0 result 3"])
    }

    @Test func pagesNewestFirst() throws {
        for _ in 0..<9 { _ = wholeCase() }
        let view = try folded(PublicFeed.self, history.log, in: scratch)
        let all = try view.page(FeedQuery(limit: 500), policy: Self.facts).items
        #expect(all.count == 27)
        #expect(all.map(\.position) == all.map(\.position).sorted(by: >))
        var paged: [PublicItem] = []
        var cursor: String?
        repeat {
            let page = try view.page(FeedQuery(cursor: cursor, limit: 4), policy: Self.facts)
            paged += page.items
            cursor = page.next
        } while cursor != nil
        #expect(paged == all)
        let next = try #require(try view.page(FeedQuery(limit: 4), policy: Self.facts).next)
        #expect(throws: QueryError.foreignCursor) { try view.page(FeedQuery(stage: .result, cursor: next), policy: Self.facts) }
        #expect(throws: QueryError.foreignCursor) { try view.page(FeedQuery(cursor: next), policy: Self.review) }
        #expect(throws: QueryError.badLimit) { try view.page(FeedQuery(limit: 501), policy: Self.facts) }
        #expect(throws: QueryError.self) { try FeedQuery(parameters: ["stage": "end"]) }
    }
}

public import EventModel

/// 直接答复: the answer is given at once, with no assignment.
public struct AppealAnsweredDirectly: EventPayload {
    public var kind: String?
    public var leader: String?
    public var post: String?
    public var policyRefs: Int
    /// Decided: the unit that answers.
    public var unit: String?
    public var deadlines: DeadlineStatement

    /// As of a reply; but an interim one answers nothing.
    static let kinds = ["solved", "explained", "rejected"]

    public static let schema = EventSchema(
        .appealAnsweredDirectly, .case, grants: [.dispatch, .leader], leastOneOf: [["public", "internal"]],
        [
            .sealed("public", .text(60_000)), .sealed("internal", .text(60_000)), .open("kind", .choice(kinds)), .filled("leader", .leader),
            .open("post", .code), .counted("policyRefs", PolicyReference.schema), .decided("unit", .unit),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        kind = data["kind"]?.string
        leader = data["leader"]?.string
        post = data["post"]?.string
        policyRefs = data.counted("policyRefs")
        unit = data["unit"]?.string
        deadlines = DeadlineStatement(data)
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("kind", optional: kind)
        data.member("leader", optional: leader)
        data.member("post", optional: post)
        if policyRefs > 0 { data.member("policyRefs", policyRefs) }
        data.member("unit", optional: unit)
        deadlines.write(to: &data)
    }

    public var words: [FactWord] {
        // The numbers are those of a reply's kinds.
        [.number(ordinal(kind, in: AppealReplied.kinds) | UInt64(min(policyRefs, 255)) << 8), .names(leader, post)] + deadlines.words
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.status = .replied
        state.directAnswer = CaseState.DirectAnswer(round: state.round, kind: kind, unit: unit, leader: leader, post: post, at: event.time)
        state.start(deadlines, of: nil)
    }
}

enum PolicyReference {
    /// The rule an answer rests on (政策解读).
    static let schema: MemberKind = .array(
        .object([.least("title", .text(600)), .open("number", .text(200)), .open("url", .text(2_048))]), count: 0...50)
}

public import EventModel

/// 评价: how the appellant found the handling (办理) and the reply (回复), 1–5, 5 = 非常满意.
public struct AppealRated: EventPayload {
    public var handling: Int?
    public var reply: Int?
    public var solved: String?
    public var reason: String?
    public var via: String?
    public var round: Int

    static let answers = ["yes", "no"]

    public static let schema = EventSchema(
        .appealRated, .case, grants: [.citizen, .callback, .intake], leastOneOf: [["handling", "reply"]],
        [
            .open("handling", .integer(1...5)), .open("reply", .integer(1...5)), .open("solved", .choice(answers)),
            .open("reason", .list(.unsatisfiedReason)), .sealed("words", .text(12_000)), .open("via", .code), .filled("round", .integer(1...65_535)),
        ])

    public init?(_ data: JSONValue) {
        handling = data["handling"]?.integer
        reply = data["reply"]?.integer
        solved = data["solved"]?.string
        reason = data["reason"]?.string
        via = data["via"]?.string
        round = data["round"]?.integer ?? 0
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("handling", optional: handling)
        data.member("reply", optional: reply)
        data.member("solved", optional: solved)
        data.member("reason", optional: reason)
        data.member("via", optional: via)
        data.member("round", round)
    }

    public var words: [FactWord] {
        let scores = UInt64(handling ?? 0) << 8 | UInt64(reply ?? 0) << 16
        // The round is one byte on disk; a case of 256 rounds shows its last as 255.
        return [.number(UInt64(min(round, 255)) | scores | ordinal(solved, in: Self.answers) << 24), .names(reason, via)]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.ratings.append(
            CaseState.Rating(
                round: round, handling: handling, reply: reply, solved: solved, reason: reason, via: via, at: event.time,
                revision: event.revision))
    }
}

public import EventModel

/// 回访: the centre asks the appellant, and may hear scores.
public struct AppealCalledBack: EventPayload {
    public var reached: Bool
    public var solved: String?
    public var handling: Int?
    public var reply: Int?
    public var attempt: Int?

    public static let schema = EventSchema(
        .appealCalledBack, .case, grants: [.callback],
        [
            .least("reached", .boolean), .open("solved", .choice(AppealRated.answers)), .open("handling", .integer(1...5)),
            .open("reply", .integer(1...5)), .open("attempt", .integer(1...255)), .sealed("words", .text(12_000)),
        ])

    public init?(_ data: JSONValue) {
        guard let reached = data["reached"]?.boolean else { return nil }
        self.reached = reached
        solved = data["solved"]?.string
        handling = data["handling"]?.integer
        reply = data["reply"]?.integer
        attempt = data["attempt"]?.integer
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("reached", reached)
        data.member("solved", optional: solved)
        data.member("handling", optional: handling)
        data.member("reply", optional: reply)
        data.member("attempt", optional: attempt)
    }

    public var words: [FactWord] {
        let scores = UInt64(handling ?? 0) << 16 | UInt64(reply ?? 0) << 24
        return [.number((reached ? 1 : 0) | ordinal(solved, in: AppealRated.answers) << 8 | scores | UInt64(attempt ?? 0) << 32)]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.callbacks.append(
            CaseState.Callback(
                round: state.round, reached: reached, solved: solved, handling: handling, reply: reply, attempt: attempt, at: event.time,
                revision: event.revision))
    }
}

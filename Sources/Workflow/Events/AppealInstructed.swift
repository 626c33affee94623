public import EventModel

/// 批示、批转: a leader comments, or sends the case to units.
public struct AppealInstructed: EventPayload {
    public var leader: String
    public var toUnits: [String]
    /// 批示 comment, 批转 forward; by default as `toUnits` says.
    public var kind: String
    public var post: String?
    public var mailbox: String?
    public var within: String?
    /// Decided: the instruction limit, of the units that held an assignment already.
    public var deadlines: DeadlineStatement

    static let kinds = ["comment", "forward"]

    public static let schema = EventSchema(
        .appealInstructed, .case, grants: [.leader, .dispatch], leastOneOf: [["text", "toUnits"]],
        [
            .least("leader", .leader), .sealed("text", .text(30_000)), .open("toUnits", .array(.unit, count: 1...100)),
            .filled("kind", .choice(kinds)), .open("post", .code), .open("mailbox", .mailbox), .open("within", .within),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        guard let leader = data["leader"]?.string else { return nil }
        self.leader = leader
        toUnits = data.strings("toUnits")
        kind = data["kind"]?.string ?? (toUnits.isEmpty ? "comment" : "forward")
        post = data["post"]?.string
        mailbox = data["mailbox"]?.string
        within = data["within"]?.string
        deadlines = DeadlineStatement(data)
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("leader", leader)
        if !toUnits.isEmpty { data.member("toUnits", toUnits) }
        data.member("kind", kind)
        data.member("post", optional: post)
        data.member("mailbox", optional: mailbox)
        data.member("within", optional: within)
        deadlines.write(to: &data)
    }

    public var words: [FactWord] {
        [.number(ordinal(kind, in: Self.kinds) | UInt64(min(toUnits.count, 255)) << 8), .names(leader, post), .names(mailbox, nil)] + deadlines.words
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        let held = state.liveAssignments.map { $0.unit }
        state.instructions.append(
            CaseState.Instruction(
                leader: leader, post: post, kind: kind, mailbox: mailbox, at: event.time, toUnits: toUnits, revision: event.revision,
                isActedOn: !deadlines.items.isEmpty || toUnits.contains { !held.contains($0) }))
        for assignment in state.liveAssignments where toUnits.contains(assignment.unit) { state.start(deadlines, of: assignment.number) }
    }
}

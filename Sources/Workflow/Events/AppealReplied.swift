public import EventModel

/// 回复: the unit's answer. All kinds but `interim` count (domain rule T9).
public struct AppealReplied: EventPayload {
    public var number: Int
    public var kind: String
    public var truth: String?
    public var beyondDuty: Bool?
    /// Of an interim reply: when the answer will come.
    public var promisedDate: Day?
    public var unsolvedReason: String?
    public var policyRefs: Int
    public var attachments: Int
    /// Decided: no review is to be waited for.
    public var isApproved: Bool

    static let kinds = ["solved", "interim", "explained", "rejected"]
    static let truths = ["true", "partly", "false"]

    public static let schema = EventSchema(
        .appealReplied, .assignment, grants: [.unit], leastOneOf: [["public", "internal"]],
        requiredWhen: [EventSchema.Condition(member: "promisedDate", when: "kind", equals: "interim")],
        [
            .filled("assignment", .integer(1...65_535)), .least("kind", .choice(kinds)), .sealed("public", .text(60_000)),
            .sealed("internal", .text(60_000)), .open("truth", .choice(truths)), .open("beyondDuty", .boolean), .open("promisedDate", .day),
            .open("unsolvedReason", .list(.unsolvedReason)), .counted("policyRefs", PolicyReference.schema),
            .counted("attachments", Attachment.schema), .decided("approved", .boolean),
        ])

    public init?(_ data: JSONValue) {
        guard let kind = data["kind"]?.string else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.kind = kind
        truth = data["truth"]?.string
        beyondDuty = data["beyondDuty"]?.boolean
        promisedDate = data["promisedDate"]?.string.flatMap(Day.init)
        unsolvedReason = data["unsolvedReason"]?.string
        policyRefs = data.counted("policyRefs")
        attachments = data.counted("attachments")
        isApproved = data["approved"]?.boolean ?? false
    }

    /// Counted = not interim (nor sent back or voided, which later events say).
    public var isCounted: Bool { kind != "interim" }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("kind", kind)
        data.member("truth", optional: truth)
        data.member("beyondDuty", optional: beyondDuty)
        data.member("promisedDate", optional: promisedDate?.description)
        data.member("unsolvedReason", optional: unsolvedReason)
        if policyRefs > 0 { data.member("policyRefs", policyRefs) }
        if attachments > 0 { data.member("attachments", attachments) }
        if isApproved { data.member("approved", true) }
    }

    public var assignmentNumber: Int { number }

    public var words: [FactWord] {
        var first = ordinal(kind, in: Self.kinds) | ordinal(truth, in: Self.truths) << 8
        if beyondDuty == true { first |= 1 << 16 }
        if isApproved { first |= 1 << 24 }
        first |= UInt64(min(policyRefs, 255)) << 32
        return [
            .number(first), .names(unsolvedReason, nil), .number(UInt64(bitPattern: Int64(promisedDate?.number ?? 0))),
        ]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.replies.append(
                Assignment.Reply(
                    kind: kind, at: event.time, promisedDate: promisedDate, statusBefore: assignment.status, pausedBefore: assignment.pausedAt,
                    revision: event.revision))
            guard isCounted else { return }
            assignment.status = isApproved ? .approved : .replied
            assignment.approvedAt = isApproved ? event.time : nil
            assignment.pausedAt = nil
        }
        state.settle()
    }
}

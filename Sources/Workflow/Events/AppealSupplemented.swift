public import EventModel

/// 补充: what the appellant adds.
public struct AppealSupplemented: EventPayload {
    public var attachments: Int

    public static let schema = EventSchema(
        .appealSupplemented, .case, grants: [.intake, .citizen], leastOneOf: [["text", "attachments"]],
        [.sealed("text", .text(120_000)), .counted("attachments", Attachment.schema)])

    public init?(_ data: JSONValue) { attachments = data.counted("attachments") }

    public func writeMembers(to data: inout JSONWriter) { if attachments > 0 { data.member("attachments", attachments) } }

    public var words: [FactWord] { [.number(UInt64(attachments))] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.supplements.append(CaseState.Supplement(attachments: attachments, at: event.time, revision: event.revision))
    }
}

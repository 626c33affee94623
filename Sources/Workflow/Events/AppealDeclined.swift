public import EventModel

/// 不予受理: not a matter for here, with the reason and the right way.
public struct AppealDeclined: EventPayload {
    public var reason: String
    /// Where to go instead.
    public var redirect: String?
    public var explained: Bool?

    public static let schema = EventSchema(
        .appealDeclined, .case, grants: [.dispatch],
        [.least("reason", .list(.declineReason)), .open("redirect", .code), .open("explained", .boolean), .sealed("public", .text(30_000))])

    public init?(_ data: JSONValue) {
        guard let reason = data["reason"]?.string else { return nil }
        self.reason = reason
        redirect = data["redirect"]?.string
        explained = data["explained"]?.boolean
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("reason", reason)
        data.member("redirect", optional: redirect)
        data.member("explained", optional: explained)
    }

    public var words: [FactWord] { [.number(explained == true ? 1 : 0), .names(reason, redirect)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.status = .declined
        state.declinedAt = event.time
        state.endReason = reason
        state.childLinks = []
    }
}

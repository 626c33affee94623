public import EventModel

/// 受理: the case will be handled, under a profile's limits.
public struct AppealAccepted: EventPayload {
    /// As posted: holds for all limits of the round. Absent: the rulebook's match.
    public var profile: String?
    /// Added by the engine, since the case was assigned or answered at once.
    public var isImplied: Bool
    /// Replies wait for the dispatcher's approval.
    public var isReviewed: Bool
    /// `on-approval` or `5wd`; absent: by hand.
    public var closing: String?
    public var deadlines: DeadlineStatement

    public static let schema = EventSchema(
        .appealAccepted, .case, grants: [.dispatch],
        [
            .open("profile", .profile), .decided("implied", .boolean), .decided("review", .choice(["dispatch"])),
            .decided("closing", .printable(16)),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        profile = data["profile"]?.string
        isImplied = data["implied"]?.boolean ?? false
        isReviewed = data["review"]?.string == "dispatch"
        closing = data["closing"]?.string
        deadlines = DeadlineStatement(data)
    }

    init(implied profile: ServiceProfile?, deadlines: DeadlineStatement) {
        self.profile = nil
        isImplied = true
        isReviewed = false
        self.deadlines = deadlines
        take(profile)
    }

    /// What the profile says of review and closing, so that a replay needs no rulebook.
    mutating func take(_ profile: ServiceProfile?) {
        isReviewed = profile?.replyReview == .dispatch
        closing =
            switch profile?.closing {
            case .onApproval: "on-approval"
            case .afterWorkingDays(let days): "\(days)wd"
            case .manual, nil: nil
            }
    }

    /// `letter-5wd` of `letter-5wd@3`
    private static func withoutVersion(_ name: String) -> String { String(name.prefix { $0 != "@" }) }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("profile", optional: profile)
        if isImplied { data.member("implied", true) }
        if isReviewed { data.member("review", "dispatch") }
        data.member("closing", optional: closing)
        deadlines.write(to: &data)
    }

    public var words: [FactWord] {
        let name = (profile ?? deadlines.rule).map(Self.withoutVersion)
        return [.number(isImplied ? 1 : 0), .names(name, nil)] + deadlines.words
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.status = .accepted
        state.acceptedAt = event.time
        state.profile = deadlines.rule
        state.postedProfile = profile.map(Self.withoutVersion)
        state.isReviewed = isReviewed
        state.closing = closing
        state.start(deadlines, of: nil)
    }
}

public import EventModel

/// 撤诉: the appellant takes it back; live assignments are void (domain rule T13).
public struct AppealWithdrawn: EventPayload {
    public var reason: String?

    public static let schema = EventSchema(
        .appealWithdrawn, .case, grants: [.citizen, .intake], [.open("reason", .list(.withdrawalReason))])

    public init?(_ data: JSONValue) { reason = data["reason"]?.string }

    public func writeMembers(to data: inout JSONWriter) { data.member("reason", optional: reason) }

    public var words: [FactWord] { [.names(reason, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.end(.withdrawn, assignments: .withdrawn, at: event.time, reason: reason)
    }
}

/// 终止办理: grounds to decline found on the way, or the appellant doesn't take part; somebody reviews it.
public struct AppealTerminated: EventPayload {
    public var reason: String
    /// Id of the staff who reviewed it.
    public var reviewer: String
    public var explained: Bool?

    public static let schema = EventSchema(
        .appealTerminated, .case, grants: [.dispatch],
        [
            .least("reason", .list(.terminationReason)), .least("reviewer", .printable(128)), .open("explained", .boolean),
            .sealed("public", .text(30_000)),
        ])

    public init?(_ data: JSONValue) {
        guard let reason = data["reason"]?.string, let reviewer = data["reviewer"]?.string else { return nil }
        self.reason = reason
        self.reviewer = reviewer
        explained = data["explained"]?.boolean
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("reason", reason)
        data.member("reviewer", reviewer)
        data.member("explained", optional: explained)
    }

    public var words: [FactWord] { [.number(explained == true ? 1 : 0), .names(reason, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.end(.terminated, assignments: .terminated, at: event.time, reason: reason)
    }
}

/// 重办: the case starts another round, with limits of its own (domain rule T13).
public struct AppealReopened: EventPayload {
    public var source: String
    public var reason: String
    /// Decided: the round that begins.
    public var round: Int

    static let sources = ["callback", "rating", "review"]

    public static let schema = EventSchema(
        .appealReopened, .case, grants: [.dispatch],
        [.least("source", .choice(sources)), .least("reason", .list(.reopenReason)), .decided("round", .integer(2...65_535))])

    public init?(_ data: JSONValue) {
        guard let source = data["source"]?.string, let reason = data["reason"]?.string else { return nil }
        self.source = source
        self.reason = reason
        round = data["round"]?.integer ?? 0
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("source", source)
        data.member("reason", reason)
        data.member("round", round)
    }

    public var words: [FactWord] { [.number(ordinal(source, in: Self.sources) | UInt64(round & 0xFFFF) << 8), .names(reason, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.status = .accepted
        state.round = round
        state.closedAt = nil
        state.archivedAt = nil
        state.result = nil
        state.mergedInto = nil
        // Cases that were merged have closed with the round before.
        state.childLinks = []
        state.reopenings.append(CaseState.Reopening(round: round, source: source, reason: reason, at: event.time, revision: event.revision))
    }
}

/// 归档: the file is put away; only what invariant I8 lists comes after it.
public struct AppealArchived: EventPayload {
    public static let schema = EventSchema(.appealArchived, .case, grants: [.dispatch], [])

    public init?(_ data: JSONValue) {}

    public func writeMembers(to data: inout JSONWriter) {}

    public func apply(to state: inout CaseState, _ event: EventStamp) { state.archivedAt = event.time }
}

extension CaseState {
    /// An end other than by closing: what was live is void, and what was merged into it stands on its own.
    mutating func end(_ status: Status, assignments end: Assignment.End, at time: EventTime, reason: String?) {
        self.status = status
        endedAt = time
        endReason = reason
        for assignment in liveAssignments { changeAssignment(assignment.number) { $0.end(end, at: time) } }
        childLinks = []
    }
}

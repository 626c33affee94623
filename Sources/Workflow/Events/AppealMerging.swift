public import EventModel

/// 并单: the case is handled as part of another; it keeps its serial and code, and ends with its parent.
public struct AppealMerged: EventPayload {
    public var into: String
    public var kind: String
    /// Per cent.
    public var similarity: Int?

    static let kinds = ["duplicate", "repeat"]

    public static let schema = EventSchema(
        .appealMerged, .case, grants: [.dispatch],
        [.least("into", .serial), .filled("kind", .choice(kinds)), .open("similarity", .integer(0...100))])

    public init?(_ data: JSONValue) {
        guard let into = data["into"]?.string else { return nil }
        self.into = into
        kind = data["kind"]?.string ?? "duplicate"
        similarity = data["similarity"]?.integer
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("into", into)
        data.member("kind", kind)
        data.member("similarity", optional: similarity)
    }

    public var words: [FactWord] {
        [.number(ordinal(kind, in: Self.kinds) | UInt64(similarity ?? 0) << 8), .stream(StreamName(into))]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.status = .merged
        state.mergedInto = into
        for assignment in state.liveAssignments { state.changeAssignment(assignment.number) { $0.end(.merged, at: event.time) } }
    }
}

/// 拆单: the case stands on its own again.
public struct AppealUnmerged: EventPayload {
    public var reason: String

    /// By the engine when the parent ends in another way than by closing.
    static let parentEnded = "parent-ended"

    public static let schema = EventSchema(.appealUnmerged, .case, grants: [.dispatch], [.least("reason", .code)])

    public init?(_ data: JSONValue) {
        guard let reason = data["reason"]?.string else { return nil }
        self.reason = reason
    }

    init(reason: String) { self.reason = reason }

    public func writeMembers(to data: inout JSONWriter) { data.member("reason", reason) }

    public var words: [FactWord] { [.names(reason, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.status = .accepted
        // Merged before anybody accepted it: it is in hand from now on.
        state.acceptedAt = state.acceptedAt ?? event.time
        state.mergedInto = nil
    }
}

/// 关联: another case has to do with this one. Posted as repeat or related; `child` and `parent` are the engine's.
public struct AppealLinked: EventPayload {
    public var to: String
    public var kind: String
    public var similarity: Int?

    static let kinds = ["repeat", "related", "child", "parent"]

    public static let schema = EventSchema(
        .appealLinked, .case, grants: [.dispatch],
        [.least("to", .serial), .least("kind", .choice(Array(kinds.prefix(2)))), .open("similarity", .integer(0...100))])

    public init?(_ data: JSONValue) {
        guard let to = data["to"]?.string, let kind = data["kind"]?.string else { return nil }
        self.to = to
        self.kind = kind
        similarity = data["similarity"]?.integer
    }

    init(child: String, similarity: Int?) {
        to = child
        kind = "child"
        self.similarity = similarity
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("to", to)
        data.member("kind", kind)
        data.member("similarity", optional: similarity)
    }

    public var words: [FactWord] { [.number(ordinal(kind, in: Self.kinds) | UInt64(similarity ?? 0) << 8), .stream(StreamName(to))] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        if kind == "child" {
            state.childLinks.append(CaseState.Child(serial: to, revision: event.revision))
        } else {
            state.links.append(CaseState.Link(to: to, kind: kind, similarity: similarity, revision: event.revision))
        }
    }
}

public import EventModel

/// 办结: the round ends, with its result.
public struct AppealClosed: EventPayload {
    public enum By: String, Sendable, CaseIterable {
        case dispatch
        /// By the profile's `closing`.
        case engine
        /// With the case it was merged into.
        case parent
    }
    /// A live assignment that is left without a reply, and why.
    public struct Dropped: Sendable, Equatable {
        public var number: Int
        public var reason: String
    }

    public var result: String
    public var unsolvedReason: String?
    public var dropped: [Dropped]
    public var by: By
    /// Decided: the assignment whose reply the case is closed on; absent after a direct answer.
    public var lead: Int?
    public var deadlines: DeadlineStatement

    static let results = ["solved", "partly", "explained", "unsolved"]

    public static let schema = EventSchema(
        .appealClosed, .case, grants: [.dispatch],
        [
            .least("result", .choice(results)), .open("unsolvedReason", .list(.unsolvedReason)),
            .open("dropped", .array(.object([.least("assignment", .integer(1...65_535)), .least("reason", .code)]), count: 1...500)),
            .decided("by", .choice(By.allCases.map { $0.rawValue })), .decided("lead", .integer(1...65_535)),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        guard let result = data["result"]?.string else { return nil }
        self.result = result
        unsolvedReason = data["unsolvedReason"]?.string
        dropped =
            data["dropped"]?.items.compactMap { item in
                guard let number = item["assignment"]?.integer, let reason = item["reason"]?.string else { return nil }
                return Dropped(number: number, reason: reason)
            } ?? []
        by = data["by"]?.string.flatMap(By.init) ?? .dispatch
        lead = data["lead"]?.integer
        deadlines = DeadlineStatement(data)
    }

    init(result: String, unsolvedReason: String? = nil, by: By, lead: Int? = nil, deadlines: DeadlineStatement = .none) {
        self.result = result
        self.unsolvedReason = unsolvedReason
        dropped = []
        self.by = by
        self.lead = lead
        self.deadlines = deadlines
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("result", result)
        data.member("unsolvedReason", optional: unsolvedReason)
        if !dropped.isEmpty {
            data.member(
                "dropped",
                array: { array in
                    for item in dropped {
                        array.object { object in
                            object.member("assignment", item.number)
                            object.member("reason", item.reason)
                        }
                    }
                })
        }
        data.member("by", by.rawValue)
        data.member("lead", optional: lead)
        deadlines.write(to: &data)
    }

    public var words: [FactWord] {
        let by: UInt64 =
            switch by {
            case .dispatch: 0
            case .engine: 1
            case .parent: 2
            }
        let first = ordinal(result, in: Self.results) | by << 8 | UInt64(min(dropped.count, 65_535)) << 16 | UInt64((lead ?? 0) & 0xFFFF) << 32
        return [.number(first), .names(unsolvedReason, nil)] + deadlines.words
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        for item in dropped { state.changeAssignment(item.number) { $0.end(.dropped, at: event.time) } }
        for assignment in state.liveAssignments {
            // Only approved ones are left: `decide` has seen to it.
            state.changeAssignment(assignment.number) { $0.status = .done }
        }
        state.status = .closed
        state.closedAt = event.time
        state.closings.append(CaseState.Closing(round: state.round, result: result, at: event.time, revision: event.revision))
        state.result = result
        state.start(deadlines, of: nil)
    }
}

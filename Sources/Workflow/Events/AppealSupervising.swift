public import EventModel

/// 催办: the supervisor urges the unit, or whoever has the case.
public struct AppealUrged: EventPayload {
    /// 0: about the case itself.
    public var number: Int
    public var reason: String

    public static let schema = EventSchema(
        .appealUrged, .assignmentOrCase, grants: [.supervise],
        [.open("assignment", .integer(1...65_535)), .least("reason", .list(.urgeReason))])

    public init?(_ data: JSONValue) {
        guard let reason = data["reason"]?.string else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.reason = reason
    }

    public func writeMembers(to data: inout JSONWriter) {
        if number > 0 { data.member("assignment", number) }
        data.member("reason", reason)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.names(reason, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.urgings.append(CaseState.Urging(assignment: number, reason: reason, at: event.time, revision: event.revision))
    }
}

/// 督办: levels 1 to 4, from a notice to a talk with the head; `within` limits the unit's answer.
public struct AppealSupervised: EventPayload {
    /// 0: about the case itself.
    public var number: Int
    public var level: Int
    public var reason: String?
    public var within: String?
    /// Decided: the instruction limit that `within` starts.
    public var deadlines: DeadlineStatement

    public static let schema = EventSchema(
        .appealSupervised, .assignmentOrCase, grants: [.supervise],
        [
            .filled("assignment", .integer(1...65_535)), .least("level", .integer(1...4)), .open("reason", .code), .open("within", .within),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        guard let level = data["level"]?.integer else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.level = level
        reason = data["reason"]?.string
        within = data["within"]?.string
        deadlines = DeadlineStatement(data)
    }

    public func writeMembers(to data: inout JSONWriter) {
        if number > 0 { data.member("assignment", number) }
        data.member("level", level)
        data.member("reason", optional: reason)
        data.member("within", optional: within)
        deadlines.write(to: &data)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.number(UInt64(level)), .names(reason, nil)] + deadlines.words }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.supervisions.append(
            CaseState.Supervision(
                assignment: number, level: level, reason: reason, at: event.time, startsLimit: !deadlines.items.isEmpty, revision: event.revision))
        state.start(deadlines, of: number > 0 ? number : nil)
    }
}

/// 解除督办: of the assignment named, or of the case.
public struct AppealSupervisionEnded: EventPayload {
    /// 0: about the case itself.
    public var number: Int
    public var result: String

    public static let schema = EventSchema(
        .appealSupervisionEnded, .assignmentOrCase, grants: [.supervise],
        [.open("assignment", .integer(1...65_535)), .least("result", .code)])

    public init?(_ data: JSONValue) {
        guard let result = data["result"]?.string else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.result = result
    }

    public func writeMembers(to data: inout JSONWriter) {
        if number > 0 { data.member("assignment", number) }
        data.member("result", result)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.names(result, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        for index in state.supervisions.indices where state.supervisions[index].isOpen(of: number) {
            state.supervisions[index].result = result
            state.supervisions[index].endedAt = event.time
            state.supervisions[index].endRevision = event.revision
        }
    }
}

extension CaseState.Supervision {
    func isOpen(of number: Int) -> Bool { assignment == number && endedAt == nil }
}

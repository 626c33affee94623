public import EventModel

/// 退单申请: the unit says the case is not its own.
public struct AppealReturnRequested: EventPayload {
    public var number: Int
    public var reason: String
    public var suggestedUnit: String?

    public static let schema = EventSchema(
        .appealReturnRequested, .assignment, grants: [.unit],
        [
            .filled("assignment", .integer(1...65_535)), .least("reason", .list(.returnReason)), .open("suggestedUnit", .unit),
            .sealed("evidence", .text(30_000)),
        ])

    public init?(_ data: JSONValue) {
        guard let reason = data["reason"]?.string else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.reason = reason
        suggestedUnit = data["suggestedUnit"]?.string
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("reason", reason)
        data.member("suggestedUnit", optional: suggestedUnit)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.names(reason, suggestedUnit)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.status = .returning
            assignment.returnRequestedAt = event.time
        }
    }
}

/// 准予退单: the assignment is void, and with it its deadlines (domain rule T12).
public struct AppealReturnGranted: EventPayload {
    public var number: Int

    public static let schema = EventSchema(
        .appealReturnGranted, .assignment, grants: [.dispatch], [.filled("assignment", .integer(1...65_535)), .sealed("ruling", .text(12_000))])

    public init?(_ data: JSONValue) { number = data["assignment"]?.integer ?? 0 }

    public func writeMembers(to data: inout JSONWriter) { data.member("assignment", number) }

    public var assignmentNumber: Int { number }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { $0.end(.returned, at: event.time) }
        state.settle()
    }
}

/// 不予退单: the unit keeps it; `final` says for good.
public struct AppealReturnRefused: EventPayload {
    public var number: Int
    public var isFinal: Bool?

    public static let schema = EventSchema(
        .appealReturnRefused, .assignment, grants: [.dispatch],
        [.filled("assignment", .integer(1...65_535)), .sealed("ruling", .text(12_000)), .open("final", .boolean)])

    public init?(_ data: JSONValue) {
        number = data["assignment"]?.integer ?? 0
        isFinal = data["final"]?.boolean
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("final", optional: isFinal)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.number(isFinal == true ? 1 : 0)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.status = .signed
            if isFinal == true { assignment.isFinal = true }
        }
    }
}

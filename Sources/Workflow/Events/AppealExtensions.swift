public import EventModel

/// 延期申请: the unit asks for more time; a pending request stops nothing (domain rule T10).
public struct AppealExtensionRequested: EventPayload {
    public var number: Int
    public var kind: DeadlineKind
    public var by: String

    static let kinds = ["sign", "contact", "reply", "instruction"]

    public static let schema = EventSchema(
        .appealExtensionRequested, .assignment, grants: [.unit],
        [
            .filled("assignment", .integer(1...65_535)), .least("by", .within), .filled("kind", .choice(kinds)),
            .sealed("reason", .text(12_000), required: true),
        ])

    public init?(_ data: JSONValue) {
        guard let by = data["by"]?.string else { return nil }
        number = data["assignment"]?.integer ?? 0
        kind = data["kind"]?.string.flatMap(DeadlineKind.init(name:)) ?? .reply
        self.by = by
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("by", by)
        data.member("kind", kind.name)
    }

    public var assignmentNumber: Int { number }

    public var words: [FactWord] {
        let within = Within(by)
        return [.number(UInt64(kind.rawValue) | UInt64(within?.amount ?? 0) << 8 | UInt64(within?.unit.rawValue ?? 0) << 40)]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.extensionRequest = Within(by).map { Assignment.ExtensionRequest(kind: kind, by: $0) }
        }
    }
}

/// 准予延期: the due moves, counted from the old due day.
public struct AppealExtensionGranted: EventPayload {
    public var number: Int
    public var by: String?
    /// Decided: what was asked for, and from when to when the limit moves.
    public var kind: DeadlineKind
    public var oldDue: EventTime?
    public var newDue: EventTime?
    public var dueDay: Day?
    public var calendar: String?

    public static let schema = EventSchema(
        .appealExtensionGranted, .assignment, grants: [.dispatch],
        [
            .filled("assignment", .integer(1...65_535)), .filled("by", .within),
            .decided("kind", .choice(AppealExtensionRequested.kinds)), .decided("oldDue", .time), .decided("newDue", .time),
            .decided("dueDay", .day), .decided("calendar", .code),
        ])

    public init?(_ data: JSONValue) {
        number = data["assignment"]?.integer ?? 0
        by = data["by"]?.string
        kind = data["kind"]?.string.flatMap(DeadlineKind.init(name:)) ?? .reply
        oldDue = EventTime(data["oldDue"])
        newDue = EventTime(data["newDue"])
        dueDay = data["dueDay"]?.string.flatMap(Day.init)
        calendar = data["calendar"]?.string
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("by", optional: by)
        data.member("kind", kind.name)
        data.member("oldDue", optional: oldDue?.text)
        data.member("newDue", optional: newDue?.text)
        data.member("dueDay", optional: dueDay?.description)
        data.member("calendar", optional: calendar)
    }

    public var assignmentNumber: Int { number }

    public var words: [FactWord] {
        [newDue, oldDue].map { due in .number(due.map { DeadlineWord(kind: kind, due: $0.instant).word } ?? 0) }
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        guard let oldDue, let newDue, let dueDay, let by = by.flatMap({ Within($0) }) else { return }
        state.changeDeadline(of: number, kind, due: oldDue.instant) { deadline in
            deadline.move(to: newDue, dueDay)
            deadline.extensions.append(by)
        }
        state.changeAssignment(number) { $0.extensionRequest = nil }
    }
}

/// 不予延期
public struct AppealExtensionRefused: EventPayload {
    public var number: Int

    public static let schema = EventSchema(
        .appealExtensionRefused, .assignment, grants: [.dispatch],
        [.filled("assignment", .integer(1...65_535)), .sealed("ruling", .text(12_000))])

    public init?(_ data: JSONValue) { number = data["assignment"]?.integer ?? 0 }

    public func writeMembers(to data: inout JSONWriter) { data.member("assignment", number) }

    public var assignmentNumber: Int { number }

    public func apply(to state: inout CaseState, _ event: EventStamp) { state.changeAssignment(number) { $0.extensionRequest = nil } }
}

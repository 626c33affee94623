public import EventModel

/// 超期: a deadline passed without the act it waits for. Made by the engine, once per (case, assignment, kind, due).
public struct AppealOverdue: EventPayload {
    public var number: Int
    public var kind: DeadlineKind
    public var dueDay: Day
    public var due: EventTime
    public var calendar: String?

    public static let schema = EventSchema(
        .appealOverdue, .assignmentOrCase, grants: [],
        [
            .decided("assignment", .integer(0...65_535)), .decided("kind", .choice(DeadlineKind.allCases.map { $0.name })), .decided("dueDay", .day),
            .decided("due", .time), .decided("calendar", .code),
        ])

    public init?(_ data: JSONValue) {
        guard let number = data["assignment"]?.integer, let kind = data["kind"]?.string.flatMap(DeadlineKind.init(name:)),
            let day = data["dueDay"]?.string.flatMap(Day.init), let due = EventTime(data["due"])
        else { return nil }
        self.number = number
        self.kind = kind
        dueDay = day
        self.due = due
        calendar = data["calendar"]?.string
    }

    init(_ deadline: Deadline, of number: Int) {
        self.number = number
        kind = deadline.stated.kind
        dueDay = deadline.stated.dueDay
        due = deadline.stated.due
        calendar = deadline.calendar
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("kind", kind.name)
        data.member("dueDay", dueDay.description)
        data.member("due", due.text)
        data.member("calendar", optional: calendar)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.number(DeadlineWord(kind: kind, due: due.instant).word)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeDeadline(of: number, kind, due: due.instant) { $0.overdue = .recorded }
    }
}

/// 超期撤销: what came to be known later shows that the act was in time, or the limit another.
public struct AppealOverdueRescinded: EventPayload {
    public enum Why: String, Sendable, CaseIterable {
        case lateRecorded = "late-recorded"
        case extended = "extension"
        case paused = "pause"
        case calendar
    }
    public var number: Int
    public var kind: DeadlineKind
    public var oldDue: EventTime
    public var newDue: EventTime?
    public var why: Why

    public static let schema = EventSchema(
        .appealOverdueRescinded, .assignmentOrCase, grants: [],
        [
            .decided("assignment", .integer(0...65_535)), .decided("kind", .choice(DeadlineKind.allCases.map { $0.name })), .decided("oldDue", .time),
            .decided("newDue", .time), .decided("why", .choice(Why.allCases.map { $0.rawValue })),
        ])

    public init?(_ data: JSONValue) {
        guard let number = data["assignment"]?.integer, let kind = data["kind"]?.string.flatMap(DeadlineKind.init(name:)),
            let oldDue = EventTime(data["oldDue"]), let why = data["why"]?.string.flatMap(Why.init)
        else { return nil }
        self.number = number
        self.kind = kind
        self.oldDue = oldDue
        newDue = EventTime(data["newDue"])
        self.why = why
    }

    init(_ deadline: Deadline, of number: Int, why: Why) {
        self.number = number
        kind = deadline.stated.kind
        oldDue = deadline.stated.due
        self.why = why
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("kind", kind.name)
        data.member("oldDue", oldDue.text)
        data.member("newDue", optional: newDue?.text)
        data.member("why", why.rawValue)
    }

    public var assignmentNumber: Int { number }

    public var words: [FactWord] {
        let new = newDue.map { DeadlineWord(kind: kind, due: $0.instant).word } ?? 0
        return [.number(DeadlineWord(kind: kind, due: oldDue.instant).word), .number(new), .number(UInt64(Why.allCases.firstIndex(of: why)! + 1))]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeDeadline(of: number, kind, due: oldDue.instant) { $0.overdue = .rescinded }
    }
}

public import EventModel

/// A deadline as the event that starts it states it: later readers need neither rulebook nor calendar.
public struct StatedDeadline: Sendable, Equatable {
    public var kind: DeadlineKind
    /// `5wd`; absent if it was posted as an instant.
    public var within: String?
    /// What it counts from: received, accepted, assigned, signed, closed, instructed; absent if it was posted as an instant.
    public var from: String?
    /// The last local day on which the act is in time.
    public var dueDay: Day
    /// The first instant that is too late (domain rule T2).
    public var due: EventTime
    /// Set by the poster of the event, not by the profile (domain rule T5).
    public var isPosted: Bool

    public init(kind: DeadlineKind, within: String? = nil, from: String? = nil, dueDay: Day, due: EventTime, isPosted: Bool = false) {
        self.kind = kind
        self.within = within
        self.from = from
        self.dueDay = dueDay
        self.due = due
        self.isPosted = isPosted
    }

    init?(_ value: JSONValue) {
        guard let kind = value["kind"]?.string.flatMap(DeadlineKind.init(name:)), let day = value["dueDay"]?.string.flatMap(Day.init),
            let due = EventTime(value["due"])
        else { return nil }
        self.init(
            kind: kind, within: value["within"]?.string, from: value["from"]?.string, dueDay: day, due: due,
            isPosted: value["rule"]?.string == "posted")
    }

    func write(to writer: inout JSONWriter) {
        writer.object { item in
            item.member("kind", kind.name)
            item.member("within", optional: within)
            item.member("from", optional: from)
            item.member("dueDay", dueDay.description)
            item.member("due", due.text)
            if isPosted { item.member("rule", "posted") }
        }
    }

    var word: FactWord { .number(DeadlineWord(kind: kind, due: due.instant).word) }

    /// Of the case itself, or of one assignment (domain rule T4).
    public var isOfCase: Bool { kind.isOfCase }

    static let schema: MemberKind = .array(
        .object([
            .decided("kind", .choice(DeadlineKind.allCases.map { $0.name })), .decided("within", .within), .decided("from", .code),
            .decided("dueDay", .day), .decided("due", .time), .decided("rule", .choice(["posted"])),
        ]), count: 1...15)
}

extension DeadlineKind {
    /// Whether it limits the case itself: `assignment` 0 (domain rule T4).
    public var isOfCase: Bool {
        switch self {
        case .accept, .dispatch, .close, .callback: true
        case .sign, .contact, .reply, .return, .instruction: false
        }
    }
}

/// The deadlines one event starts, with the calendar and the rule they came from: the decided members `deadlines`, `calendar`, `rule`.
public struct DeadlineStatement: Sendable, Equatable {
    public var items: [StatedDeadline]
    /// `cn-2017@1`, if working days were counted.
    public var calendar: String?
    /// `letter-5wd@3`, or `posted`.
    public var rule: String?

    public static let none = DeadlineStatement(items: [])

    public init(items: [StatedDeadline], calendar: String? = nil, rule: String? = nil) {
        self.items = items
        self.calendar = calendar
        self.rule = rule
    }

    init(_ data: JSONValue) {
        // A post can't hold them; the schema has refused it.
        items = data["deadlines"]?.items.compactMap { StatedDeadline($0) } ?? []
        calendar = data["calendar"]?.string
        rule = data["rule"]?.string
    }

    func write(to data: inout JSONWriter) {
        if !items.isEmpty { data.member("deadlines", array: { array in for item in items { item.write(to: &array) } }) }
        data.member("calendar", optional: calendar)
        data.member("rule", optional: rule)
    }

    var words: [FactWord] { items.map { $0.word } }

    static let members: [SchemaMember] = [
        .decided("deadlines", StatedDeadline.schema), .decided("calendar", .code), .decided("rule", .code),
    ]
}

public import EventModel

/// 派单、改派、加派、下派: a unit is to handle the case.
public struct AppealAssigned: EventPayload {
    public enum Role: String, Sendable, CaseIterable {
        /// 主办
        case lead
        /// 协办
        case co
    }
    /// A limit stated on the ticket (domain rule T5): a length or an instant.
    public struct Limit: Sendable, Equatable {
        public var kind: DeadlineKind
        public var within: String?
        public var due: EventTime?
    }

    public var unit: String?
    public var role: Role?
    /// 下派: the assignment this one is below.
    public var parent: Int?
    /// 改派: the assignment this one takes over from.
    public var replaces: Int?
    public var limits: [Limit]
    /// May not be returned.
    public var isFinal: Bool?
    public var number: Int
    public var round: Int
    public var deadlines: DeadlineStatement

    static let limitKinds = ["sign", "contact", "reply", "return", "close"]

    public static let schema = EventSchema(
        .appealAssigned, .assignment, grants: [.dispatch, .unit],
        [
            .least("unit", .unit), .filled("role", .choice(Role.allCases.map { $0.rawValue })), .open("parent", .integer(1...65_535)),
            .open("replaces", .integer(1...65_535)),
            .open(
                "limits", .array(.object([.least("kind", .choice(limitKinds)), .open("within", .within), .open("due", .time)]), count: 1...5)),
            .open("final", .boolean), .sealed("note", .text(12_000)), .decided("assignment", .integer(1...65_535)),
            .decided("round", .integer(1...65_535)),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        guard let unit = data["unit"]?.string else { return nil }
        self.unit = unit
        role = data["role"]?.string.flatMap(Role.init)
        parent = data["parent"]?.integer
        replaces = data["replaces"]?.integer
        limits =
            data["limits"]?.items.compactMap { item in
                guard let kind = item["kind"]?.string.flatMap(DeadlineKind.init(name:)) else { return nil }
                return Limit(kind: kind, within: item["within"]?.string, due: EventTime(item["due"]))
            } ?? []
        isFinal = data["final"]?.boolean
        number = data["assignment"]?.integer ?? 0
        round = data["round"]?.integer ?? 0
        deadlines = DeadlineStatement(data)
    }

    init(unit: String, role: Role, number: Int, round: Int, deadlines: DeadlineStatement) {
        self.unit = unit
        self.role = role
        limits = []
        self.number = number
        self.round = round
        self.deadlines = deadlines
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("unit", optional: unit)
        data.member("role", optional: role?.rawValue)
        data.member("parent", optional: parent)
        data.member("replaces", optional: replaces)
        if !limits.isEmpty {
            data.member(
                "limits",
                array: { array in
                    for limit in limits {
                        array.object { item in
                            item.member("kind", limit.kind.name)
                            item.member("within", optional: limit.within)
                            item.member("due", optional: limit.due?.text)
                        }
                    }
                })
        }
        data.member("final", optional: isFinal)
        data.member("assignment", number)
        data.member("round", round)
        deadlines.write(to: &data)
    }

    public var assignmentNumber: Int { number }

    public var words: [FactWord] {
        var first: UInt64 = role == .co ? 2 : 1
        if isFinal == true { first |= 1 << 8 }
        first |= UInt64(round & 0xFFFF) << 16
        first |= UInt64((parent ?? 0) & 0xFFFF) << 32
        first |= UInt64((replaces ?? 0) & 0xFFFF) << 48
        return [.number(first)] + deadlines.words
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        if let replaces { state.changeAssignment(replaces) { $0.end(.replaced, at: event.time) } }
        state.assignments.append(
            Assignment(
                number: number, round: round, unit: unit ?? "", role: role ?? .lead, assignedAt: event.time, parent: parent, replaces: replaces,
                isFinal: isFinal ?? false))
        state.start(deadlines, of: number)
        state.status = .inHand
    }
}

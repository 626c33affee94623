public import EventModel

/// 签收: the unit has taken the assignment.
public struct AppealSigned: EventPayload {
    public var number: Int
    public var deadlines: DeadlineStatement

    public static let schema = EventSchema(
        .appealSigned, .assignment, grants: [.unit], [.filled("assignment", .integer(1...65_535))] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        number = data["assignment"]?.integer ?? 0
        deadlines = DeadlineStatement(data)
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        deadlines.write(to: &data)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { deadlines.words }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.status = .signed
            assignment.signedAt = event.time
        }
        state.start(deadlines, of: number)
    }
}

/// 联系: the unit has tried to reach the appellant.
public struct AppealContacted: EventPayload {
    public var number: Int
    public var reached: Bool
    public var method: String?

    public static let schema = EventSchema(
        .appealContacted, .assignment, grants: [.unit],
        [.filled("assignment", .integer(1...65_535)), .least("reached", .boolean), .open("method", .code), .sealed("note", .text(12_000))])

    public init?(_ data: JSONValue) {
        guard let reached = data["reached"]?.boolean else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.reached = reached
        method = data["method"]?.string
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("reached", reached)
        data.member("method", optional: method)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.number(reached ? 1 : 0), .names(method, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { $0.contacts.append(Assignment.Contact(at: event.time, revision: event.revision)) }
    }
}

/// 办理进展: a note on the way, for the file or for the public.
public struct AppealNoted: EventPayload {
    /// 0: about the case itself.
    public var number: Int
    /// Decided: which texts it has, `internal` and `public`.
    public var texts: [String]

    public static let schema = EventSchema(
        .appealNoted, .assignmentOrCase, grants: [.unit, .dispatch], leastOneOf: [["internal", "public"]],
        [
            .filled("assignment", .integer(1...65_535)), .sealed("internal", .text(60_000)), .sealed("public", .text(60_000)),
            .decided("texts", .array(.choice(["internal", "public"]), count: 1...2)),
        ])

    public init?(_ data: JSONValue) {
        number = data["assignment"]?.integer ?? 0
        texts = data["texts"].map { _ in data.strings("texts") } ?? ["internal", "public"].filter { data[$0] != nil }
    }

    public func writeMembers(to data: inout JSONWriter) {
        if number > 0 { data.member("assignment", number) }
        data.member("texts", texts)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.number((texts.contains("internal") ? 1 : 0) | (texts.contains("public") ? 2 : 0))] }
}

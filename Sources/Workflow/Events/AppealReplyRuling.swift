public import EventModel

/// 审核通过: the unit's reply stands.
public struct AppealReplyApproved: EventPayload {
    public var number: Int

    public static let schema = EventSchema(
        .appealReplyApproved, .assignment, grants: [.dispatch], [.filled("assignment", .integer(1...65_535))])

    public init?(_ data: JSONValue) { number = data["assignment"]?.integer ?? 0 }

    public func writeMembers(to data: inout JSONWriter) { data.member("assignment", number) }

    public var assignmentNumber: Int { number }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.status = .approved
            assignment.approvedAt = event.time
            if let index = assignment.replies.lastIndex(where: { $0.isCounted && !$0.isSentBack }) {
                assignment.replies[index].ruling = event.revision
            }
        }
        state.settle()
    }
}

/// 审核退回: the reply counts as none (domain rule T9).
public struct AppealReplySentBack: EventPayload {
    public var number: Int

    public static let schema = EventSchema(
        .appealReplySentBack, .assignment, grants: [.dispatch],
        [.filled("assignment", .integer(1...65_535)), .sealed("reason", .text(12_000), required: true)])

    public init?(_ data: JSONValue) { number = data["assignment"]?.integer ?? 0 }

    public func writeMembers(to data: inout JSONWriter) { data.member("assignment", number) }

    public var assignmentNumber: Int { number }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeAssignment(number) { assignment in
            assignment.status = .signed
            assignment.approvedAt = nil
            if let index = assignment.replies.lastIndex(where: { $0.isCounted && !$0.isSentBack }) {
                assignment.replies[index].isSentBack = true
                assignment.replies[index].ruling = event.revision
            }
        }
        state.settle()
    }
}

public import EventModel

/// 误录作废: an event of the case was entered in error; the state is the fold of the facts not voided (invariant I13).
public struct AppealVoided: EventPayload {
    public var voided: Revision
    /// Decided: the type of what is voided.
    public var type: EventType?

    public static let schema = EventSchema(
        .appealVoided, .case, grants: [.dispatch],
        [.least("revision", .integer(1...65_535)), .sealed("reason", .text(12_000), required: true), .decided("type", .printable(64))])

    public init?(_ data: JSONValue) {
        guard let revision = data["revision"]?.integer.flatMap(Revision.init(exactly:)) else { return nil }
        voided = revision
        type = data["type"]?.string.flatMap(EventType.init(name:))
    }

    init(_ voided: Revision, _ type: EventType) {
        self.voided = voided
        self.type = type
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("revision", Int(voided))
        data.member("type", optional: type?.name)
    }

    public var words: [FactWord] { [.number(UInt64(voided) | UInt64(type?.rawValue ?? 0) << 32)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) { if let type { state.void(voided, type) } }
}

/// What may be voided (invariant I13).
enum VoidableTypes {
    static let all: Set<EventType> = [
        .appealSupplemented, .appealContacted, .appealNoted, .appealInstructed, .appealReplied, .appealReplyApproved, .appealCalledBack,
        .appealRated, .appealUrged, .appealSupervised, .appealLinked, .appealTopicTagged,
    ]
}

extension CaseState {
    /// Undoes one event: the state is then that of a case in which it never was.
    mutating func void(_ voided: Revision, _ type: EventType) {
        if let index = voidables.firstIndex(where: { $0.revision == voided }) { voidables[index].isVoided = true }
        switch type {
        case .appealSupplemented: supplements.removeAll { $0.revision == voided }
        case .appealContacted: for index in assignments.indices { assignments[index].contacts.removeAll { $0.revision == voided } }
        case .appealInstructed: instructions.removeAll { $0.revision == voided }
        case .appealReplied:
            for index in assignments.indices { assignments[index].voidReply(voided) }
            settle()
        case .appealReplyApproved:
            for index in assignments.indices { assignments[index].voidApproval(voided) }
            settle()
        case .appealCalledBack: callbacks.removeAll { $0.revision == voided }
        case .appealRated: ratings.removeAll { $0.revision == voided }
        case .appealUrged: urgings.removeAll { $0.revision == voided }
        case .appealSupervised: supervisions.removeAll { $0.revision == voided }
        case .appealLinked:
            links.removeAll { $0.revision == voided }
            childLinks.removeAll { $0.revision == voided }
        case .appealTopicTagged: taggings.removeAll { $0.revision == voided }
        default: return
        }
    }
}

extension Assignment {
    fileprivate mutating func voidReply(_ voided: Revision) {
        guard let index = replies.firstIndex(where: { $0.revision == voided }) else { return }
        let reply = replies.remove(at: index)
        guard reply.isCounted, !reply.isSentBack else { return }
        status = reply.statusBefore
        pausedAt = reply.pausedBefore
        approvedAt = nil
    }

    fileprivate mutating func voidApproval(_ voided: Revision) {
        guard status == .approved, let index = replies.firstIndex(where: { $0.ruling == voided }) else { return }
        replies[index].ruling = nil
        status = .replied
        approvedAt = nil
    }
}

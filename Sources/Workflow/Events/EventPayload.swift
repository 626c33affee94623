public import EventModel

/// What one type of event says: its `data`, typed. One file per type beside this one.
///
/// A payload is read from a post and from an entry alike; what the engine decides is absent in the first. What it writes is the
/// entry's open members in the order of `schema`, then the decided ones.
public protocol EventPayload: Sendable, Equatable {
    static var schema: EventSchema { get }
    /// `nil` if a required member is missing or of another kind.
    init?(_ data: JSONValue)
    func writeMembers(to data: inout JSONWriter)

    /// Words of the fact, as docs/reference/on-disk-format.md fixes them.
    var words: [FactWord] { get }
    /// The unit the entry names.
    var unit: String? { get }
    /// The assignment the event is about, 0 for the case itself.
    var assignmentNumber: Int { get }
    /// `accessClass` and `externalReference`, as far as they apply.
    var flags: FactFlags { get }
    /// `platform ‖ 0 ‖ external id`.
    var externalReference: String? { get }

    /// What the event does to its case.
    func apply(to state: inout CaseState, _ event: EventStamp)
}

extension EventPayload {
    public var unit: String? { nil }
    public var assignmentNumber: Int { 0 }
    public var flags: FactFlags { [] }
    public var externalReference: String? { nil }
    public var words: [FactWord] { [] }
    public func apply(to state: inout CaseState, _ event: EventStamp) {}
}

/// What a payload needs to know of its envelope.
public struct EventStamp: Sendable, Equatable {
    public var time: EventTime
    public var source: String
    public var revision: Revision
}

/// The types whose events this version reads, writes and decides; all others of the registry are known by name only.
public enum EventRegistry {
    static let payloads: [any EventPayload.Type] = [
        LogCreated.self,
        AppealReceived.self, AppealSupplemented.self, AppealCorrected.self, AppealReclassified.self, AppealVoided.self, AppealCodeReissued.self,
        AppealAccepted.self, AppealDeclined.self, AppealAnsweredDirectly.self, AppealAssigned.self, AppealSigned.self,
        AppealContacted.self, AppealNoted.self, AppealReturnRequested.self, AppealReturnGranted.self, AppealReturnRefused.self,
        AppealExtensionRequested.self, AppealExtensionGranted.self, AppealExtensionRefused.self, AppealClockPaused.self, AppealClockResumed.self,
        AppealReplied.self, AppealReplyApproved.self, AppealReplySentBack.self, AppealInstructed.self, AppealUrged.self, AppealSupervised.self,
        AppealSupervisionEnded.self, AppealClosed.self, AppealCalledBack.self, AppealRated.self, AppealReopened.self, AppealWithdrawn.self,
        AppealTerminated.self, AppealArchived.self, AppealMerged.self, AppealUnmerged.self, AppealLinked.self,
        AppealOverdue.self, AppealOverdueRescinded.self, AppealDeadlineRecomputed.self, AppealTopicTagged.self,
        RulebookPartRecorded.self, RulebookAdopted.self, ClockAdvanced.self,
    ]
    private static let byType = Dictionary(uniqueKeysWithValues: payloads.map { ($0.schema.type, $0) })

    /// In the order of the registry.
    public static let schemas: [EventSchema] = payloads.map { $0.schema }

    public static func schema(of type: EventType) -> EventSchema? { byType[type]?.schema }
    static func payload(of type: EventType) -> (any EventPayload.Type)? { byType[type] }

    /// Made by the engine only; a post of it is refused even where this version doesn't make it yet.
    static func isEngineOnly(_ type: EventType) -> Bool {
        switch type {
        case .logCreated, .logRollbackAccepted, .keyRotated, .appealOverdue, .appealOverdueRescinded, .appealDeadlineRecomputed,
            .publicityRedactionProposed, .publicityPublished, .alertRaised, .rulebookPart, .rulebookAdopted, .auditRead, .auditExported,
            .backupCompleted, .backupRestored, .projectionSwapped, .projectionRolledBack:
            true
        default: false
        }
    }
}

extension JSONValue {
    /// The strings of an array member; empty if there is none.
    func strings(_ name: String) -> [String] { self[name]?.items.compactMap { $0.string } ?? [] }
    /// A sealed list's length: the number an entry keeps, or the items of a post.
    func counted(_ name: String) -> Int { self[name].map { $0.integer ?? $0.count } ?? 0 }
}

/// A word of a fixed list as its number on disk: 1 for the first, 0 for none.
func ordinal(_ word: String?, in words: [String]) -> UInt64 {
    guard let word, let index = words.firstIndex(of: word) else { return 0 }
    return UInt64(index + 1)
}

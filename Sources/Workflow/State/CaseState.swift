public import EventModel

/// A case (诉求) as its events leave it: the fold of its stream. Holds codes, times and numbers; never opened text.
public struct CaseState: Sendable, Equatable {
    public enum Status: String, Sendable, CaseIterable {
        case received, accepted
        case inHand = "in-hand"
        case replied, closed, declined, withdrawn, terminated, merged

        /// received, accepted, in-hand or replied.
        public var isOpen: Bool {
            switch self {
            case .received, .accepted, .inHand, .replied: true
            case .closed, .declined, .withdrawn, .terminated, .merged: false
            }
        }
    }
    public struct Instruction: Sendable, Equatable {
        public var leader: String
        public var post: String?
        public var kind: String
        public var mailbox: String?
        public var at: EventTime
        public var toUnits: [String]
        var revision: Revision
        /// Whether assignments or limits came of it, which then stand on it.
        var isActedOn: Bool
    }
    public struct Rating: Sendable, Equatable {
        public var round: Int
        public var handling: Int?
        public var reply: Int?
        public var solved: String?
        public var reason: String?
        public var via: String?
        public var at: EventTime
        var revision: Revision
    }
    /// 回访
    public struct Callback: Sendable, Equatable {
        public var round: Int
        public var reached: Bool
        public var solved: String?
        public var handling: Int?
        public var reply: Int?
        public var attempt: Int?
        public var at: EventTime
        var revision: Revision
    }
    public struct Link: Sendable, Equatable {
        public var to: String
        public var kind: String
        public var similarity: Int?
        var revision: Revision
    }
    /// 补充
    public struct Supplement: Sendable, Equatable {
        public var attachments: Int
        public var at: EventTime
        var revision: Revision
    }
    /// 催办; `assignment` 0: the case itself.
    public struct Urging: Sendable, Equatable {
        public var assignment: Int
        public var reason: String
        public var at: EventTime
        var revision: Revision
    }
    /// 督办; `assignment` 0: the case itself.
    public struct Supervision: Sendable, Equatable {
        public var assignment: Int
        public var level: Int
        public var reason: String?
        public var at: EventTime
        public var result: String?
        public var endedAt: EventTime?
        var startsLimit: Bool
        var revision: Revision
        var endRevision: Revision?
    }
    /// 办结 of one round.
    public struct Closing: Sendable, Equatable {
        public var round: Int
        public var result: String
        public var at: EventTime
        var revision: Revision
    }
    /// 重办: how a round after the first began.
    public struct Reopening: Sendable, Equatable {
        public var round: Int
        public var source: String
        public var reason: String
        public var at: EventTime
        var revision: Revision
    }
    /// 主题 of one event.
    struct Tagging: Sendable, Equatable {
        var topics: [String]
        var revision: Revision
    }
    /// A case merged into this one, and the revision of the link that says so.
    struct Child: Sendable, Equatable {
        var serial: String
        var revision: Revision
    }
    /// An event that may be entered in error (误录): what `appeal.voided` can name.
    struct Voidable: Sendable, Equatable {
        var revision: Revision
        var type: EventType
        var assignment: Int
        var isVoided = false
    }
    public struct DirectAnswer: Sendable, Equatable {
        public var round: Int
        public var kind: String?
        public var unit: String?
        public var leader: String?
        public var post: String?
        public var at: EventTime
    }

    /// 受理流水号
    public let serial: String
    public internal(set) var revision: Revision = 0
    public internal(set) var status = Status.received
    /// Counts from 1; reopening starts the next.
    public internal(set) var round = 1
    /// Of the last closing: solved, partly, explained, unsolved.
    public internal(set) var result: String?

    // What was received. `internal(set)`: later events correct it.
    public internal(set) var channel: String
    public internal(set) var group: String
    public internal(set) var mailbox: String?
    public internal(set) var nature: String?
    public internal(set) var category: String?
    public internal(set) var district: String?
    public internal(set) var urgency: String?
    public internal(set) var legacyLine: String?
    public internal(set) var wantReply: Bool
    public internal(set) var isAnonymous: Bool
    public internal(set) var isConfidential: Bool
    public internal(set) var publishConsent: String?
    public internal(set) var isWhistleblower: Bool
    public internal(set) var accused: [String]
    public internal(set) var appellantKind: String?
    public internal(set) var externalReference: ExternalReference?
    public internal(set) var code: ExtractionCode
    /// The source that opened it.
    public let source: String
    /// Its deadlines pass on the source's clock, not on the wall's (domain rule T8).
    public let isSourceClock: Bool
    public let receivedAt: EventTime

    // Service levels, from acceptance on.
    /// `letter-5wd@3`
    public internal(set) var profile: String?
    /// The profile as the accepting event named it, which then holds for all limits.
    public internal(set) var postedProfile: String?
    public internal(set) var isReviewed = false
    /// `on-approval`, `5wd`; absent: by hand.
    public internal(set) var closing: String?

    // Acts of the case itself, of the present round.
    public internal(set) var acceptedAt: EventTime?
    public internal(set) var declinedAt: EventTime?
    public internal(set) var closedAt: EventTime?
    /// When it was withdrawn or terminated.
    public internal(set) var endedAt: EventTime?
    public internal(set) var archivedAt: EventTime?
    /// Why it ended, where the end states a reason code.
    public internal(set) var endReason: String?

    public internal(set) var assignments: [Assignment] = []
    /// Deadlines of the case itself (assignment 0).
    public internal(set) var deadlines: [Deadline] = []
    public internal(set) var instructions: [Instruction] = []
    public internal(set) var ratings: [Rating] = []
    public internal(set) var callbacks: [Callback] = []
    public internal(set) var links: [Link] = []
    public internal(set) var supplements: [Supplement] = []
    public internal(set) var urgings: [Urging] = []
    public internal(set) var supervisions: [Supervision] = []
    /// Of all rounds that were closed.
    public internal(set) var closings: [Closing] = []
    public internal(set) var reopenings: [Reopening] = []
    var taggings: [Tagging] = []
    var childLinks: [Child] = []
    var voidables: [Voidable] = []
    /// Serials of the cases merged into it.
    public var children: [String] { childLinks.map { $0.serial } }
    /// 主题, each once, in the order of tagging.
    public var topics: [String] {
        var found: [String] = []
        for tagging in taggings { for topic in tagging.topics where !found.contains(topic) { found.append(topic) } }
        return found
    }
    public internal(set) var mergedInto: String?
    public internal(set) var directAnswer: DirectAnswer?

    /// The greatest `time` of its events.
    public internal(set) var lastOccurredAt: Instant
    /// Generations of the keys of person, text and public.
    public internal(set) var keyGenerations: [UInt8] = [1, 1, 1]
    /// Scopes whose present key an entry has committed to (`kc`).
    public internal(set) var committedKeys: Set<Scope> = []
    /// Scopes whose earlier texts are gone.
    public internal(set) var erased: Set<Scope> = []

    /// The case a first event opens; `nil` for any other event (invariant I1).
    public init?(opening event: StoredEvent) {
        guard let received = event.body as? AppealReceived else { return nil }
        serial = event.subject
        channel = received.channel
        group = received.group
        mailbox = received.mailbox
        nature = received.nature
        category = received.category
        district = received.district
        urgency = received.urgency
        legacyLine = received.legacyLine
        wantReply = received.wantReply
        isAnonymous = received.anonymous
        isConfidential = received.confidential
        publishConsent = received.publishConsent
        isWhistleblower = received.accessClass == "whistleblower"
        accused = received.accused
        appellantKind = received.appellantKind
        externalReference = received.external
        code = received.code ?? ExtractionCode(epoch: 0, round: 1)
        source = event.source
        isSourceClock = received.isSourceClock
        receivedAt = event.time
        lastOccurredAt = event.time.instant
        start(received.deadlines, of: nil)
        note(event)
    }

    /// The state after a case's entries, in their order; `nil` if the first is no `appeal.received` or one can't be read. O(entries).
    public static func folding(_ entries: [Entry]) -> CaseState? {
        guard let first = entries.first.flatMap({ StoredEvent($0) }), var state = CaseState(opening: first) else { return nil }
        for entry in entries.dropFirst() {
            guard let event = StoredEvent(entry) else { return nil }
            state.apply(event)
        }
        return state
    }

    /// Folds the next event of the stream in.
    public mutating func apply(_ event: StoredEvent) {
        event.body.apply(to: &self, EventStamp(time: event.time, source: event.source, revision: event.revision))
        note(event)
    }

    /// What every event leaves.
    private mutating func note(_ event: StoredEvent) {
        revision = event.revision
        if VoidableTypes.all.contains(event.type) {
            voidables.append(Voidable(revision: event.revision, type: event.type, assignment: event.body.assignmentNumber))
        }
        lastOccurredAt = max(lastOccurredAt, event.time.instant)
        for reference in event.sealed {
            committedKeys.insert(reference.scope)
            let index = Int(reference.scope.rawValue) - 1
            keyGenerations[index] = max(keyGenerations[index], reference.generation)
        }
    }
}

public import EventModel

/// Where the clock of an importer's source stands (domain rule T8).
public enum SourceClock: Sendable, Equatable {
    /// No `clock.advanced` yet: deadlines pass only with events of their own case.
    case waiting
    case advanced(Instant)
    /// Handed to the wall clock.
    case live
}

/// What Engine sealed for a claim before `decide`: the references go into the entry, the blobs beside it.
public struct SealedInput: Sendable, Equatable {
    /// In the order of scopes.
    public var references: [SealedReference]
    public var blobs: [SealedBlob]
    public init(references: [SealedReference] = [], blobs: [SealedBlob] = []) {
        self.references = references
        self.blobs = blobs
    }
    public static let none = SealedInput()
}

/// All that `decide` may know beside the claim. The closures answer from staged state: what earlier claims of the batch made is included
/// (invariant I2). They must not block.
public struct DecideContext {
    /// The commit's clock.
    public var now: Instant
    public var peer: Peer
    public var rulebook: Rulebook
    public var rulebookRevision: Revision
    /// Of the stream `@operations`.
    public var operationsRevision: Revision
    /// Of the present look-up key.
    public var codeEpoch: UInt32
    /// Uid in the actor of facts the engine adds.
    public var engineUID: UInt32
    public var clockOfSource: (String) -> SourceClock
    /// Any case that exists, seen by the peer or not; `nil`: there is none of that serial.
    public var caseNamed: (String) -> CaseState?
    /// The greatest serial that begins with a prefix like `510104-20170301-`, and its number; (0, nil) if there is none.
    public var lastSerial: (String) -> (number: Int, serial: String?)
    /// The serial of the case that has an external reference (`platform ‖ 0 ‖ id`).
    public var isExternalKnown: (String) -> String?
    /// Whether `access.granted` opens a whistle-blower case to the peer.
    public var isAccessGranted: (String) -> Bool
    public var sealed: SealedInput

    public init(
        now: Instant, peer: Peer, rulebook: Rulebook, rulebookRevision: Revision = 0, operationsRevision: Revision = 0, codeEpoch: UInt32 = 1,
        engineUID: UInt32 = 0, clockOfSource: @escaping (String) -> SourceClock = { _ in .waiting },
        caseNamed: @escaping (String) -> CaseState? = { _ in nil },
        lastSerial: @escaping (String) -> (number: Int, serial: String?) = { _ in (0, nil) },
        isExternalKnown: @escaping (String) -> String? = { _ in nil }, isAccessGranted: @escaping (String) -> Bool = { _ in false },
        sealed: SealedInput = .none
    ) {
        self.now = now
        self.peer = peer
        self.rulebook = rulebook
        self.rulebookRevision = rulebookRevision
        self.operationsRevision = operationsRevision
        self.codeEpoch = codeEpoch
        self.engineUID = engineUID
        self.clockOfSource = clockOfSource
        self.caseNamed = caseNamed
        self.lastSerial = lastSerial
        self.isExternalKnown = isExternalKnown
        self.isAccessGranted = isAccessGranted
        self.sealed = sealed
    }

    /// How far time has come for a case: the wall's clock, or its source's. `nil`: the source has not said.
    public func clock(of state: CaseState) -> Instant? {
        guard state.isSourceClock else { return now }
        switch clockOfSource(state.source) {
        case .waiting: return nil
        case .advanced(let instant): return instant
        case .live: return now
        }
    }
}

/// The answer to a claim: a refusal that leaves nothing behind, or the facts to commit.
public enum Decision: Sendable {
    case refused(Refusal)
    case admitted(Plan)
}

/// The facts of one commit, and what its receipt says.
public struct Plan: Sendable {
    public struct Section: Sendable {
        public var stream: StreamName
        /// 0: the stream must not exist.
        public var expectedRevision: Revision
        public var facts: [Fact]
        /// The case after the facts; `nil` for a system stream.
        public var state: CaseState?
    }

    public var sections: [Section]
    public var checks: [Commit.Check]
    /// The claim's own fact; of a plan of the engine's, the first.
    public var primary: (section: Int, fact: Int)
    public var receipt: Receipt

    /// Revision of the claim's own fact in its stream.
    public var primaryRevision: Revision { sections[primary.section].expectedRevision + Revision(primary.fact) + 1 }
}

/// What a receipt tells beside position, revision and hash.
public struct Receipt: Sendable, Equatable {
    /// Of `appeal.received`.
    public var serial: String?
    /// Of `appeal.received`: what the extraction code is derived from.
    public var code: ExtractionCode?
    /// The assignment the event is about, made or found by the engine.
    public var assignment: Int?
    /// Deadlines the event starts.
    public var deadlines: DeadlineStatement
    /// `out-of-order`
    public var flags: [String]
    public var isNewCase: Bool

    /// `{"kind":"reply","within":"5wd","from":"assigned","dueDay":"2017-03-08","due":"…","calendar":"cn-2017@1","rule":"letter-5wd@3"}` each.
    public func writeDeadlines(to writer: inout JSONWriter) {
        writer.array { array in
            for item in deadlines.items {
                array.object { object in
                    object.member("kind", item.kind.name)
                    object.member("within", optional: item.within)
                    object.member("from", optional: item.from)
                    object.member("dueDay", item.dueDay.description)
                    object.member("due", item.due.text)
                    object.member("calendar", optional: deadlines.calendar)
                    object.member("rule", optional: item.isPosted ? "posted" : deadlines.rule)
                }
            }
        }
    }
}

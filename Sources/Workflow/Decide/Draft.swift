import Crypto
import EventModel

/// A plan in the making: facts go in one by one, and each section's state follows.
struct Draft {
    let context: DecideContext
    /// `nil`: the engine's own plan.
    let claim: Claim?
    /// Of the claim, and of facts the engine adds to it unless they have their own.
    let time: EventTime
    private(set) var sections: [Plan.Section] = []
    private var primary = (section: 0, fact: 0)
    private var checks: [Commit.Check]
    private var receipt = Receipt(deadlines: .none, flags: [], isNewCase: false)
    private var ordinal = 0

    init(_ context: DecideContext, claim: Claim?, time: EventTime) {
        self.context = context
        self.claim = claim
        self.time = time
        checks = [.atRevision(.rulebook, context.rulebookRevision)]
    }

    /// Starts the section of a stream; the first is that of the claim's case.
    @discardableResult
    mutating func open(_ stream: StreamName, at revision: Revision, _ state: CaseState?) -> Int {
        sections.append(Plan.Section(stream: stream, expectedRevision: revision, facts: [], state: state))
        return sections.count - 1
    }

    @discardableResult
    mutating func open(_ state: CaseState) -> Int { open(StreamName(state.serial), at: state.revision, state) }

    mutating func check(_ check: Commit.Check) { checks.append(check) }

    /// The state a section has come to.
    func state(_ section: Int) -> CaseState { sections[section].state! }

    /// Records what has fallen due by a time, before anything that happens then (domain rule T7).
    mutating func recordOverdue(asOf time: Instant, in section: Int) {
        for item in state(section).unrecordedOverdue(asOf: time) { addOverdue(item, in: section) }
    }

    mutating func addOverdue(_ item: CaseState.DueDeadline, in section: Int) {
        let payload = AppealOverdue(item.deadline, of: item.assignment)
        let id = [state(section).serial, String(item.assignment), item.deadline.kind.name, item.deadline.stated.due.text].joined(separator: "\n")
        append(payload, id: Self.hex(Array(id.utf8)), source: Self.engineSource, actor: engineActor, time: item.deadline.stated.due, in: section)
    }

    /// The claim's own fact.
    mutating func record(_ payload: some EventPayload, deadlines: DeadlineStatement = .none, in section: Int = 0) {
        guard let claim else { return }
        let isOutOfOrder = sections[section].state.map { time.instant < $0.lastOccurredAt } ?? false
        if isOutOfOrder { receipt.flags.append("out-of-order") }
        primary = (section, sections[section].facts.count)
        if payload.assignmentNumber > 0 { receipt.assignment = payload.assignmentNumber }
        receipt.deadlines = deadlines
        append(
            payload, id: claim.id, source: claim.source, actor: context.peer.actor, time: time, isOutOfOrder: isOutOfOrder, claim: claim,
            sealed: context.sealed, in: section)
    }

    /// A fact the engine adds to the claim's commit; its id is drawn from the claim's.
    mutating func add(_ payload: some EventPayload, time: EventTime? = nil, in section: Int = 0) {
        ordinal += 1
        let input = "\(claim?.source ?? "")\0\(claim?.id ?? "")\0\(ordinal)"
        append(payload, id: Self.hex(Array(input.utf8)), source: Self.engineSource, actor: engineActor, time: time ?? self.time, in: section)
    }

    /// A fact of the engine's own accord, with an id of its own.
    mutating func addOwn(_ payload: some EventPayload, idInput: [String], in section: Int = 0) {
        let id = Self.hex(Array(idInput.joined(separator: "\n").utf8))
        append(payload, id: id, source: Self.engineSource, actor: engineActor, time: time, in: section)
    }

    mutating func received(_ serial: String, code: ExtractionCode?) {
        receipt.serial = serial
        receipt.code = code
        receipt.isNewCase = true
    }

    mutating func reissued(_ code: ExtractionCode) { receipt.code = code }

    /// The plan. Overdue facts that the claim shows to be wrong are rescinded in it.
    mutating func finish() -> Plan {
        for section in sections.indices {
            guard let state = sections[section].state else { continue }
            for item in state.wronglyOverdue() {
                add(AppealOverdueRescinded(item.deadline, of: item.assignment, why: .lateRecorded), in: section)
            }
        }
        return Plan(sections: sections, checks: checks, primary: primary, receipt: receipt)
    }

    static let engineSource = "/engine"
    private var engineActor: String { Peer.engine(uid: context.engineUID).actor }

    static func hex(_ bytes: [UInt8]) -> String { TextCoding.hex(SHA256.hash(data: bytes)) }

    private mutating func append(
        _ payload: some EventPayload, id: String, source: String, actor: String, time: EventTime, isOutOfOrder: Bool = false, claim: Claim? = nil,
        sealed: SealedInput = .none, in section: Int
    ) {
        let type = Swift.type(of: payload).schema.type
        let envelope = EntryEnvelope(
            id: id, source: source, type: type.name, subject: sections[section].stream.rawValue, time: time.text, actor: actor,
            actingFor: claim?.actingFor, causationID: claim?.causationID, correlationID: claim?.correlationID)
        sections[section].facts.append(
            Fact.making(payload, envelope, time: time, isOutOfOrder: isOutOfOrder, sealed: sealed))
        let event = StoredEvent(
            body: payload, type: type, envelope: envelope, time: time, isOutOfOrder: isOutOfOrder, sealed: sealed.references,
            revision: sections[section].expectedRevision + Revision(sections[section].facts.count), position: .start, recordedAt: context.now)
        if sections[section].state != nil {
            sections[section].state!.apply(event)
        } else {
            sections[section].state = CaseState(opening: event)
        }
    }
}

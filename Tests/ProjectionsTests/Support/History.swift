import EventModel
import Workflow

@testable import Projections

/// What happened, in the words of the domain: what the oracle reads, while views read the words it is encoded to.
enum Act: Equatable {
    case received(Intake)
    case accepted
    case declined
    case answered(unit: String?, kind: UInt8, leader: String?)
    case assigned(Ticket)
    case signed(UInt16)
    case signedWithin(UInt16, due: Instant)
    case contacted(UInt16)
    case replied(UInt16, kind: UInt8, approved: Bool)
    case approved(UInt16)
    case sentBack(UInt16)
    case returnRequested(UInt16)
    case returnRefused(UInt16)
    case returnGranted(UInt16)
    case extended(UInt16, due: Instant)
    case paused(UInt16)
    case resumed(UInt16)
    case recomputed(UInt16, DeadlineKind, due: Instant)
    case overdue(UInt16, DeadlineKind, due: Instant)
    case rescinded(UInt16, DeadlineKind)
    case closed(lead: UInt16, withParent: Bool, deadlines: [DeadlineWord])
    case calledBack(solved: UInt8, handling: UInt8, reply: UInt8)
    case rated(round: UInt8, solved: UInt8, handling: UInt8, reply: UInt8)
    case reopened(round: UInt16)
    case withdrawn, terminated, unmerged, archived
    case merged(into: Int)
    case linkedRepeat
    case instructed(leader: String, unit: String?)
    case instructedWithin(due: Instant)
    case voided(revision: UInt32, type: UInt16)
    case reclassified(district: String?, accessClass: UInt8?)
    case classified(PublicStage, UInt8)
    case published(PublicStage, UInt16)
    case unpublished(PublicStage)
}

struct Intake: Equatable {
    var channel = "phone"
    var mailbox: String?
    var nature: String? = "help"
    var category: String? = "transport.bus"
    var district: String? = "510104"
    var isExternal = false
    var isWhistleblower = false
    var isEnterprise = false
    var onSourceClock = false
    var deadlines: [DeadlineWord] = []
    var externalHash: UInt64?
}

struct Ticket: Equatable {
    var number: UInt16
    var unit: String
    var isLead = true
    var round: UInt16 = 1
    var parent: UInt16 = 0
    var replaces: UInt16 = 0
    /// Due of the reply limit, exclusive.
    var due: Instant?
    var otherDeadlines: [DeadlineWord] = []
}

struct Event {
    var caseIndex: Int
    var at: Instant
    var recordedAt: Instant
    var revision: UInt32
    var source: String
    var act: Act
}

/// Writes events to a fake log and keeps them as said.
final class History {
    let log: FakeLog
    private(set) var events: [Event] = []
    private var revisions: [UInt32] = []
    private var lastRecorded = Instant(microseconds: 0)

    init(_ log: FakeLog = FakeLog()) { self.log = log }

    var caseCount: Int { revisions.count }

    /// A new case; returns its index.
    @discardableResult
    func receive(_ at: String, _ intake: Intake = Intake(), source: String = "/hotline") -> Int { receive(local(at), intake, source: source) }

    @discardableResult
    func receive(_ at: Instant, _ intake: Intake = Intake(), source: String = "/hotline", recordedAt: Instant? = nil) -> Int {
        revisions.append(0)
        _ = log.openCase("case-\(revisions.count)")
        add(revisions.count - 1, at, .received(intake), source: source, recordedAt: recordedAt)
        return revisions.count - 1
    }

    /// One event of a case; returns its revision.
    @discardableResult
    func add(_ caseIndex: Int, _ at: String, _ act: Act, source: String = "/dispatch") -> UInt32 { add(caseIndex, local(at), act, source: source) }

    @discardableResult
    func add(_ caseIndex: Int, _ at: Instant, _ act: Act, source: String = "/dispatch", recordedAt: Instant? = nil) -> UInt32 {
        revisions[caseIndex] += 1
        lastRecorded = max(lastRecorded, recordedAt ?? at)
        let event = Event(caseIndex: caseIndex, at: at, recordedAt: lastRecorded, revision: revisions[caseIndex], source: source, act: act)
        events.append(event)
        encode(event)
        return event.revision
    }

    /// `clock.advanced` on the operations stream.
    func advanceClock(source: String, live: Bool, at: String = "2018-01-01T00:00:00") {
        let header = header(.clockAdvanced, StreamNumber.operations, local(at), local(at), 1, "/import", flags: [])
        log.append(header, [live ? 1 : 0, live ? 0 : UInt64(bitPattern: local(at).microseconds), UInt64(log.intern(source))])
    }

    /// A fact of a case that was never received.
    func appendBroken() {
        log.append(header(.appealAccepted, StreamNumber(9_999), local("2018-01-01T00:00:00"), lastRecorded, 1, "/x", flags: []), [0, 0])
    }

    private func header(
        _ type: EventType, _ stream: StreamNumber, _ at: Instant, _ recorded: Instant, _ revision: UInt32, _ source: String, flags: FactFlags,
        unit: String? = nil, assignment: UInt16 = 0
    ) -> FactHeader {
        FactHeader(
            flags: flags, type: type.rawValue, revision: revision, stream: stream, occurredAt: at, recordedAt: recorded, idHash: 0,
            source: log.intern(source),
            unit: log.intern(unit), assignment: assignment, wordCount: 0, entryByteCount: 0)
    }

    private func encode(_ event: Event) {
        let (type, unit, assignment, words, flags) = encoded(event.act)
        let header = header(
            type, StreamNumber(UInt64(event.caseIndex) + 16), event.at, event.recordedAt, event.revision, event.source, flags: flags, unit: unit,
            assignment: assignment)
        log.append(header, words)
    }

    private func names(_ low: String?, _ high: String? = nil) -> UInt64 { UInt64(log.intern(low)) | UInt64(log.intern(high)) << 32 }

    // The table of docs/reference/on-disk-format.md, row by row.
    private func encoded(_ act: Act) -> (EventType, String?, UInt16, [UInt64], FactFlags) {
        switch act {
        case .received(let intake):
            let c0 =
                (intake.isWhistleblower ? 1 : 0) | (intake.isEnterprise ? 2 : 1) << 8 | (intake.onSourceClock ? 8 : 0) << 24
                | (intake.isExternal ? 1 : 0) << 32 as UInt64
            return (
                .appealReceived, nil, 0,
                [c0, names(intake.channel, intake.mailbox), names(intake.nature, intake.category), names(intake.district), 0]
                    + intake.deadlines.map(\.word) + (intake.externalHash.map { [$0] } ?? []),
                intake.externalHash == nil ? .accessClass : [.accessClass, .externalReference]
            )
        case .accepted: return (.appealAccepted, nil, 0, [0, names("letter-5wd@1")], [])
        case .declined: return (.appealDeclined, nil, 0, [1, names("beyond-duty")], [])
        case .answered(let unit, let kind, let leader): return (.appealAnsweredDirectly, unit, 0, [UInt64(kind), names(leader)], [])
        case .assigned(let ticket):
            let first =
                (ticket.isLead ? 1 : 2) | UInt64(ticket.round) << 16 | UInt64(ticket.parent) << 32 | UInt64(ticket.replaces) << 48
            let own = ticket.due.map { [DeadlineWord(kind: .reply, due: $0).word] } ?? []
            return (.appealAssigned, ticket.unit, ticket.number, [first] + own + ticket.otherDeadlines.map(\.word), [])
        case .closed(let lead, let withParent, let deadlines):
            return (.appealClosed, nil, 0, [1 | (withParent ? 2 : 0) << 8 | UInt64(lead) << 32, 0] + deadlines.map(\.word), [])
        case .reclassified(let district, let accessClass):
            let stated = (district == nil ? 0 : StatedMember.district) | (accessClass == nil ? 0 : StatedMember.accessClass)
            return (
                .appealReclassified, nil, 0, [UInt64(accessClass ?? 0), stated, 0, 0, names(district), 0], accessClass == nil ? [] : .accessClass
            )
        default: return encodedLater(act)
        }
    }

    private func encodedLater(_ act: Act) -> (EventType, String?, UInt16, [UInt64], FactFlags) {
        switch act {
        case .signed(let number): return (.appealSigned, nil, number, [], [])
        case .signedWithin(let number, let due): return (.appealSigned, nil, number, [DeadlineWord(kind: .reply, due: due).word], [])
        case .contacted(let number): return (.appealContacted, nil, number, [1, 0], [])
        case .replied(let number, let kind, let approved): return (.appealReplied, nil, number, [UInt64(kind) | (approved ? 1 : 0) << 24, 0, 0], [])
        case .approved(let number): return (.appealReplyApproved, nil, number, [], [])
        case .sentBack(let number): return (.appealReplySentBack, nil, number, [], [])
        case .returnRequested(let number): return (.appealReturnRequested, nil, number, [names("not-ours")], [])
        case .returnRefused(let number): return (.appealReturnRefused, nil, number, [0], [])
        case .returnGranted(let number): return (.appealReturnGranted, nil, number, [], [])
        case .extended(let number, let due): return (.appealExtensionGranted, nil, number, [DeadlineWord(kind: .reply, due: due).word, 0], [])
        case .paused(let number): return (.appealClockPaused, nil, number, [0], [])
        case .resumed(let number): return (.appealClockResumed, nil, number, [], [])
        case .recomputed(let number, let kind, let due):
            return (
                .appealDeadlineRecomputed, nil, number, [DeadlineWord(kind: kind, due: due).word, DeadlineWord(kind: kind, due: due).word, 3], []
            )
        case .overdue(let number, let kind, let due): return (.appealOverdue, nil, number, [DeadlineWord(kind: kind, due: due).word], [])
        case .rescinded(let number, let kind): return (.appealOverdueRescinded, nil, number, [UInt64(kind.rawValue), 0, 1], [])
        case .calledBack(let solved, let handling, let reply):
            return (.appealCalledBack, nil, 0, [1 | UInt64(solved) << 8 | UInt64(handling) << 16 | UInt64(reply) << 24], [])
        case .rated(let round, let solved, let handling, let reply):
            return (.appealRated, nil, 0, [UInt64(round) | UInt64(handling) << 8 | UInt64(reply) << 16 | UInt64(solved) << 24, 0], [])
        case .reopened(let round): return (.appealReopened, nil, 0, [2 | UInt64(round) << 8, 0], [])
        case .withdrawn: return (.appealWithdrawn, nil, 0, [0], [])
        case .terminated: return (.appealTerminated, nil, 0, [1, 0], [])
        case .archived: return (.appealArchived, nil, 0, [], [])
        case .merged(let into): return (.appealMerged, nil, 0, [1, UInt64(into) + 16], [])
        case .unmerged: return (.appealUnmerged, nil, 0, [0], [])
        case .linkedRepeat: return (.appealLinked, nil, 0, [1, 16], [])
        case .instructed(let leader, let unit): return (.appealInstructed, unit, 0, [1, names(leader), 0], [])
        case .instructedWithin(let due): return (.appealInstructed, nil, 0, [1, 0, 0, DeadlineWord(kind: .instruction, due: due).word], [])
        case .voided(let revision, let type): return (.appealVoided, nil, 0, [UInt64(revision) | UInt64(type) << 32], [])
        case .classified(let stage, let value): return (.publicityClassified, nil, 0, [UInt64(stage.rawValue) | UInt64(value) << 8, 0], [])
        case .published(let stage, let version): return (.publicityPublished, nil, 0, [UInt64(stage.rawValue) | UInt64(version) << 8], [])
        case .unpublished(let stage): return (.publicityWithdrawn, nil, 0, [UInt64(stage.rawValue), 0], [])
        default: preconditionFailure("encoded elsewhere")
        }
    }
}

/// A Shanghai local time: `2017-03-01T10:05:00`, or a day's start.
func local(_ text: String) -> Instant { RFC3339.parse((text.utf8.count == 10 ? text + "T00:00:00" : text) + "+08:00")!.instant }

/// The exclusive due of a due day.
func due(_ day: String) -> Instant { Rulebook.test.zone.start(of: Day(day)!.adding(days: 1)) }

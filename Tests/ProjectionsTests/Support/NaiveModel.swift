import EventModel
import Workflow

@testable import Projections

/// The second implementation: plays the events as said (not the words) into plain objects and counts sets, without an eye to speed.
///
/// It assumes what `RandomHistory` gives: events in order of time.
final class NaiveModel {
    final class Assignment {
        let ticket: Ticket
        let at: Instant
        var due: Instant?
        var repliedAt: Instant?
        var replyKind: UInt8 = 0
        var replyRevision: UInt32 = 0
        var approvalRevision: UInt32 = 0
        var isApproved = false
        var isLive = true
        var isVoid = false
        var returnedAt: Instant?
        var endedAt: Instant?
        init(_ ticket: Ticket, _ at: Instant) {
            self.ticket = ticket
            self.at = at
            due = ticket.due
        }
    }
    struct Voice {
        var round: UInt16
        var at: Instant
        var revision: UInt32
        var solved: UInt8
        var handling: UInt8
        var reply: UInt8
    }
    struct Closing {
        var round: UInt16
        var at: Instant
        var unit: String
        var claim: UInt8
        var isChild: Bool
        /// Whether the case was accepted and open.
        var ended: Bool
    }
    final class Case {
        let intake: Intake
        var district: String?
        let receivedAt: Instant
        var acceptedAt: Instant?
        var declinedAt: Instant?
        var answers: [(at: Instant, round: UInt16, kind: UInt8)] = []
        var unit = ""
        var round: UInt16 = 1
        var isMerged = false
        var isOpen = false
        var assignments: [Assignment] = []
        var voices: [Voice] = []
        var closings: [Closing] = []
        var reopenings: [Instant] = []
        var unmergings: [Instant] = []
        var withdrawals: [Instant] = []
        var terminations: [Instant] = []
        var mergings: [Instant] = []
        var repeats: Set<UInt32> = []
        var instructions: [UInt32: (at: Instant, unit: String)] = [:]
        var requests: [(at: Instant, unit: String)] = []
        /// When "accepted and open" became true or false.
        var changes: [(at: Instant, isOpen: Bool)] = []
        init(_ intake: Intake, _ at: Instant) {
            self.intake = intake
            district = intake.district
            receivedAt = at
        }
        func assignment(_ number: UInt16) -> Assignment { assignments.first { $0.ticket.number == number }! }
        func setOpen(_ open: Bool, _ at: Instant) {
            isOpen = open
            changes.append((at, open))
        }
        func isOpen(before instant: Instant) -> Bool { changes.last { $0.at < instant }?.isOpen ?? false }
    }

    private(set) var cases: [Case] = []
    private var lastRecorded = Instant(microseconds: 0)
    private var facts: [(source: String, at: Instant, isLate: Bool)] = []
    private let rulebook: Rulebook

    init(_ events: [Event], rulebook: Rulebook) {
        self.rulebook = rulebook
        for event in events {
            lastRecorded = max(lastRecorded, event.recordedAt)
            facts.append((event.source, event.at, event.recordedAt.microseconds - event.at.microseconds > 3_600_000_000))
            play(event)
        }
    }

    private func play(_ event: Event) {
        if case .received(let intake) = event.act {
            cases.append(Case(intake, event.at))
            return
        }
        let own = cases[event.caseIndex]
        let at = event.at
        switch event.act {
        case .accepted:
            own.acceptedAt = own.acceptedAt ?? at
            own.setOpen(true, at)
        case .declined: own.declinedAt = at
        case .answered(let unit, let kind, _):
            own.answers.append((at, own.round, kind))
            if let unit { own.unit = unit }
        case .assigned(let ticket):
            if ticket.replaces != 0 { void(own, own.assignment(ticket.replaces)) }
            own.assignments.append(Assignment(ticket, at))
            if ticket.isLead { own.unit = ticket.unit }
        case .replied(let number, let kind, let approved) where kind != 2:
            let assignment = own.assignment(number)
            assignment.repliedAt = at
            assignment.replyKind = kind
            assignment.replyRevision = event.revision
            assignment.isApproved = approved
        case .approved(let number):
            own.assignment(number).isApproved = true
            own.assignment(number).approvalRevision = event.revision
        case .sentBack(let number): unreply(own.assignment(number))
        case .returnRequested(let number): own.requests.append((at, own.assignment(number).ticket.unit))
        case .returnGranted(let number):
            void(own, own.assignment(number))
            own.assignment(number).returnedAt = at
        case .extended(let number, let due): own.assignment(number).due = due
        case .closed(let lead, let isChild, _): close(own, lead, isChild, at)
        case .rated(let round, let solved, let handling, let reply):
            own.voices.append(Voice(round: UInt16(round), at: at, revision: event.revision, solved: solved, handling: handling, reply: reply))
        case .calledBack(let solved, let handling, let reply):
            own.voices.append(Voice(round: own.round, at: at, revision: event.revision, solved: solved, handling: handling, reply: reply))
        default: playRest(event, own)
        }
    }

    private func playRest(_ event: Event, _ own: Case) {
        let at = event.at
        switch event.act {
        case .reopened(let round):
            own.round = round
            own.isMerged = false
            own.reopenings.append(at)
            if own.acceptedAt != nil { own.setOpen(true, at) }
        case .withdrawn, .terminated:
            for assignment in own.assignments where assignment.isLive {
                assignment.isLive = false
                assignment.endedAt = at
            }
            if own.isOpen { if event.act == .withdrawn { own.withdrawals.append(at) } else { own.terminations.append(at) } }
            own.setOpen(false, at)
        case .merged:
            for assignment in own.assignments where assignment.isLive { void(own, assignment, keepsUnit: true) }
            if own.isOpen { own.mergings.append(at) }
            own.isMerged = true
            own.setOpen(false, at)
        case .unmerged:
            own.isMerged = false
            if own.acceptedAt != nil {
                own.unmergings.append(at)
                own.setOpen(true, at)
            }
        case .linkedRepeat: own.repeats.insert(event.revision)
        case .instructed(_, let unit): own.instructions[event.revision] = (at, unit ?? "")
        case .voided(let revision, _):
            own.repeats.remove(revision)
            own.instructions[revision] = nil
            own.voices.removeAll { $0.revision == revision }
            for assignment in own.assignments where assignment.isLive {
                if assignment.replyRevision == revision { unreply(assignment) }
                if assignment.approvalRevision == revision { assignment.isApproved = false }
            }
        case .reclassified(let district, _): if let district { own.district = district }
        default: return
        }
    }

    private func unreply(_ assignment: Assignment) {
        assignment.repliedAt = nil
        assignment.replyKind = 0
        assignment.isApproved = false
        assignment.replyRevision = 0
        assignment.approvalRevision = 0
    }

    private func void(_ own: Case, _ assignment: Assignment, keepsUnit: Bool = false) {
        if assignment.ticket.isLead, assignment.isLive, !keepsUnit, own.unit == assignment.ticket.unit { own.unit = "" }
        assignment.isLive = false
        assignment.isVoid = true
    }

    private func close(_ own: Case, _ lead: UInt16, _ isChild: Bool, _ at: Instant) {
        var claim = own.answers.last { $0.round == own.round }?.kind ?? 0
        if lead != 0 {
            own.unit = own.assignment(lead).ticket.unit
            if own.assignment(lead).replyKind != 0 { claim = own.assignment(lead).replyKind }
        }
        for assignment in own.assignments where assignment.isLive {
            if !assignment.isApproved { assignment.isVoid = true }
            assignment.isLive = false
        }
        own.closings.append(Closing(round: own.round, at: at, unit: own.unit, claim: claim, isChild: isChild, ended: own.isOpen))
        own.setOpen(false, at)
    }
}

// MARK: - Counting

extension NaiveModel {
    /// One slice: which cases, which node of the tree (`nil`: everything).
    struct Slice {
        var node: String?
        var matches: (Case) -> Bool = { _ in true }
    }

    /// The fraction of a definition in a period of days; percentiles by their own function.
    func fraction(_ definition: KPIDefinition, _ period: Period, _ slice: Slice) -> [Int] {
        func within(_ instant: Instant) -> Bool {
            let day = rulebook.zone.day(of: instant)
            return period.first <= day && day <= period.last
        }
        let all = cases.filter(slice.matches)
        func led(_ own: Case) -> Bool { holds(own.unit, slice.node) }
        let accepted = all.filter { led($0) && $0.acceptedAt.map(within) == true }
        let tickets = all.flatMap { own in own.assignments.filter { counts($0, own, slice.node) } }
        let made = tickets.filter { within($0.at) }
        let due = tickets.filter { !$0.isVoid && isDue($0, period) }
        let closed = all.flatMap { own in closings(own, within).filter { holds($0.unit, slice.node) }.map { (own, $0) } }
        let voices = closed.map { voice($0.0, $0.1) }
        switch definition {
        case .volume1: return [accepted.count, 1]
        case .distinct1: return [all.filter { led($0) && within($0.receivedAt) && !$0.isMerged && $0.repeats.isEmpty }.count, 1]
        case .tickets1: return [made.filter { !$0.isVoid }.count, 1]
        case .direct1: return [all.filter { led($0) && $0.answers.first.map { within($0.at) } == true }.count, accepted.count]
        case .reply1: return [due.filter { $0.repliedAt != nil }.count, due.count]
        case .reply2:
            let base = accepted.filter { !$0.isMerged }
            let replied = base.filter { own in
                !own.answers.isEmpty || own.assignments.contains { $0.ticket.isLead && !$0.isVoid && $0.repliedAt != nil }
            }
            return [replied.count, base.count]
        case .solve1: return [voices.filter { $0.solved == 1 }.count, voices.filter { $0.solved != 0 }.count]
        case .solve2:
            let answers = zip(closed, voices).map { $1.solved != 0 ? $1.solved : $0.1.claim == 0 ? 0 : $0.1.claim == 1 ? 1 : 2 }
            return [answers.filter { $0 == 1 }.count, answers.filter { $0 != 0 }.count]
        case .satisfaction1: return [closed.count - voices.filter { (1...2).contains($0.score) }.count, closed.count]
        case .satisfaction2: return [voices.filter { $0.score > 2 }.count, voices.filter { $0.score > 0 }.count]
        case .overdue1:
            let late = tickets.filter { ticket in
                guard !ticket.isVoid, let replied = ticket.repliedAt, let due = ticket.due else { return false }
                return within(replied) && replied >= due
            }
            return [late.count, made.filter { !$0.isVoid }.count]
        case .overdue2: return [due.filter { !isInTime($0) }.count, due.count]
        case .onTime1: return [due.filter(isInTime).count, due.count]
        case .cycle1:
            // A co-unit's assignment counts at the co-unit, wherever the case's lead is.
            let days = cycleDays(period, slice)
            return [days.reduce(0, +), days.count]
        case .return1: return [tickets.filter { $0.returnedAt.map(within) == true }.count, made.count]
        case .instructions1:
            return [
                all.flatMap { own in own.instructions.values.filter { within($0.at) && holds($0.unit.isEmpty ? own.unit : $0.unit, slice.node) } }
                    .count, 1,
            ]
        case .carryOver1: return [open(all, slice.node, before: rulebook.zone.start(of: period.last.adding(days: 1))), 1]
        case .lateRecorded1: return [facts.filter { within($0.at) && $0.isLate }.count, 1]
        case .cyclePercentile1: return [0, 0]
        }
    }

    /// Working days of C, sorted.
    func cycleDays(_ period: Period, _ slice: Slice) -> [Int] {
        let closed = cases.filter(slice.matches).flatMap { own in
            closings(own) { period.first <= rulebook.zone.day(of: $0) && rulebook.zone.day(of: $0) <= period.last }.map { (own, $0) }
        }
        return cycles(closed, slice.node).sorted()
    }

    /// Past due without a counted reply at the period's end.
    func openOverdue(_ period: Period, _ slice: Slice) -> Int {
        let end = rulebook.zone.start(of: period.last.adding(days: 1))
        // What had happened by the period's end, or by the last fact if that is earlier: the last fact's own instant included.
        func isPast(_ instant: Instant?) -> Bool { instant.map { end <= lastRecorded ? $0 < end : $0 <= lastRecorded } ?? false }
        return cases.filter(slice.matches).flatMap { own in own.assignments.filter { counts($0, own, slice.node) } }.filter { ticket in
            guard !ticket.isVoid, let due = ticket.due, due <= min(end, lastRecorded) else { return false }
            if let ended = ticket.endedAt, ended < due || isPast(ended) { return false }
            return !isPast(ticket.repliedAt)
        }.count
    }

    /// The parts of the identity, from what was played.
    func balance(_ period: Period, _ matches: (Case) -> Bool) -> [Int] {
        let all = cases.filter(matches)
        func count(_ instants: (Case) -> [Instant]) -> Int {
            all.flatMap(instants).filter { period.first <= rulebook.zone.day(of: $0) && rulebook.zone.day(of: $0) <= period.last }.count
        }
        return [
            open(all, nil, before: rulebook.zone.start(of: period.first)), count { [$0.acceptedAt].compactMap { $0 } },
            count { $0.acceptedAt == nil ? [] : $0.reopenings }, count(\.unmergings), count { $0.closings.filter(\.ended).map(\.at) },
            count(\.withdrawals),
            count(\.terminations), count(\.mergings),
        ]
    }

    private func open(_ all: [Case], _ node: String?, before instant: Instant) -> Int {
        all.filter { holds($0.unit, node) && $0.isOpen(before: instant) }.count
    }

    private func holds(_ unit: String, _ node: String?) -> Bool { node.map { unit == $0 || rulebook.units.isWithin(unit, $0) } ?? true }

    private func counts(_ assignment: Assignment, _ own: Case, _ node: String?) -> Bool {
        let parent = assignment.ticket.parent == 0 ? nil : own.assignment(assignment.ticket.parent).ticket.unit
        guard let node else { return parent == nil }
        guard holds(assignment.ticket.unit, node) else { return false }
        return assignment.ticket.unit == node || parent.map { !holds($0, node) } ?? true
    }

    private func isDue(_ ticket: Assignment, _ period: Period) -> Bool {
        guard let due = ticket.due else { return false }
        let dueDay = rulebook.zone.day(of: Instant(microseconds: due.microseconds - 1))
        return period.first <= dueDay && dueDay <= period.last && !(ticket.endedAt.map { $0 < due } ?? false)
    }

    private func isInTime(_ ticket: Assignment) -> Bool { ticket.repliedAt.map { $0 < ticket.due! } ?? false }

    /// The case's closing in a period: its last one there.
    private func closings(_ own: Case, _ within: (Instant) -> Bool) -> [Closing] {
        own.closings.last { !$0.isChild && within($0.at) }.map { [$0] } ?? []
    }

    private func voice(_ own: Case, _ closing: Closing) -> (solved: UInt8, score: UInt8) {
        let last = rulebook.zone.day(of: closing.at).adding(days: rulebook.ratingWindowDays)
        let valid = own.voices.filter { $0.round == closing.round && rulebook.zone.day(of: $0.at) <= last }
        let solved = valid.last { $0.solved != 0 }?.solved ?? 0
        return (solved, valid.last { $0.handling != 0 }?.handling ?? valid.last { $0.reply != 0 }?.reply ?? 0)
    }

    private func cycles(_ closed: [(Case, Closing)], _ node: String?) -> [Int] {
        closed.flatMap { own, closing in
            own.assignments.filter { counts($0, own, node) && $0.ticket.round == closing.round && !$0.isVoid && $0.repliedAt != nil }
        }.map { elapsed($0.at, $0.repliedAt!) }
    }

    /// Day by day.
    private func elapsed(_ from: Instant, _ to: Instant) -> Int {
        var day = rulebook.zone.day(of: from).adding(days: 1)
        var count = 0
        while day <= rulebook.zone.day(of: to) {
            if case .success(true) = rulebook.calendar.isWorkingDay(day) { count += 1 }
            day = day.adding(days: 1)
        }
        return count
    }
}

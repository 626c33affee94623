internal import EventModel
internal import LMDB
internal import Workflow

/// The rows of the view and how facts change them: one value, so that a chunk of facts is one access to the view's storage.
struct KPIRows {
    var cases = RowTable<KPICase>("cases")
    var rounds = RowTable<KPIRound>("rounds")
    var ratings = RowTable<KPIRating>("ratings")
    var happenings = RowTable<KPIHappening>("happenings")
    var lateness = RowTable<KPILateness>("lateness")
    var assignments = AssignmentBook()
    var applied = Position.start
    /// recordedtime of the last fact: the "now" of questions about what is still open.
    private(set) var lastRecordedAt: Moment = 0
    private var latenessRows: [LatenessKey: Int] = [:]
    private var lastLateness = -1

    private struct LatenessKey: Hashable {
        var quarter: Int64
        var source: UInt32
    }

    var tableNames: [String] { [cases.name, rounds.name, ratings.name, happenings.name, lateness.name, assignments.table.name] }
    var count: Int { cases.count + rounds.count + ratings.count + happenings.count + lateness.count + assignments.table.count }

    mutating func load(from store: ViewStore) throws {
        if let note = try store.note(), note.count == 8 { lastRecordedAt = Int64(bitPattern: littleEndian(note, at: 0)) }
        try cases.load(from: store)
        try rounds.load(from: store)
        try ratings.load(from: store)
        try happenings.load(from: store)
        try lateness.load(from: store)
        try assignments.table.load(from: store)
        for index in 0..<lateness.count { latenessRows[LatenessKey(quarter: lateness[index].quarter, source: lateness[index].source)] = index }
    }

    /// Writes what has changed, to the tables in the order of `tableNames`.
    func write(to transaction: inout WriteTransaction, in tables: [Table]) throws(LMDBError) {
        try cases.write(to: &transaction, in: tables[0])
        try rounds.write(to: &transaction, in: tables[1])
        try ratings.write(to: &transaction, in: tables[2])
        try happenings.write(to: &transaction, in: tables[3])
        try lateness.write(to: &transaction, in: tables[4])
        try assignments.table.write(to: &transaction, in: tables[5])
    }

    mutating func markClean() {
        cases.markClean()
        rounds.markClean()
        ratings.markClean()
        happenings.markClean()
        lateness.markClean()
        assignments.table.markClean()
    }

    mutating func apply(_ facts: [FactRecord]) throws {
        for fact in facts where fact.position > applied {
            try fold(fact)
            applied = fact.position
        }
    }

    /// Counts a fact by source and quarter, before anything else is done with it.
    private mutating func countLateness(_ fact: FactRecord) {
        lastRecordedAt = max(lastRecordedAt, fact.header.recordedAt.microseconds)
        let quarter = fact.at / KPILateness.microseconds - (fact.at % KPILateness.microseconds < 0 ? 1 : 0)
        let source = fact.header.source
        if lastLateness < 0 || lateness[lastLateness].quarter != quarter || lateness[lastLateness].source != source {
            let key = LatenessKey(quarter: quarter, source: source)
            if let known = latenessRows[key] {
                lastLateness = known
            } else {
                lastLateness = lateness.append(KPILateness(quarter: quarter, source: source, facts: 0, late: 0))
                latenessRows[key] = lastLateness
            }
        }
        lateness[lastLateness].facts += 1
        if fact.header.recordedAt.microseconds - fact.at > KPILateness.lateAfter { lateness[lastLateness].late += 1 }
    }
}

// MARK: - Folding

extension KPIRows {
    private mutating func fold(_ fact: FactRecord) throws {
        countLateness(fact)
        guard let index = fact.caseIndex, let type = EventType(rawValue: fact.header.type) else { return }
        if type == .appealReceived {
            guard index == cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case out of order") }
            let round = rounds.append(KPIRound(caseIndex: UInt32(index), previous: -1, number: 1))
            cases.append(
                KPICase(firstAt: fact.at, lastAt: fact.at, receivedAt: fact.at, codes: CaseCodes(received: fact), lastRound: Int32(round)))
            return
        }
        guard index < cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case that was never received") }
        touch(index, fact.at)
        if foldCase(type, fact, index) || foldVoice(type, fact, index) { return }
        foldAssignment(type, fact, index)
    }

    @inline(__always)
    private mutating func touch(_ index: Int, _ moment: Moment) {
        if moment < cases[index].firstAt { cases[index].firstAt = moment }
        if moment > cases[index].lastAt { cases[index].lastAt = moment }
    }

    /// Facts about the case itself. Returns whether the fact was one.
    private mutating func foldCase(_ type: EventType, _ fact: FactRecord, _ index: Int) -> Bool {
        switch type {
        case .appealCorrected, .appealReclassified: cases[index].codes.correct(by: fact)
        case .appealAccepted:
            guard cases[index].acceptedAt == .none else { break }
            cases[index].acceptedAt = fact.at
            cases[index].flags |= KPICase.open
        case .appealDeclined: if cases[index].declinedAt == .none { cases[index].declinedAt = fact.at }
        case .appealAnsweredDirectly: answer(fact, index)
        case .appealClosed: close(fact, index)
        case .appealReopened:
            let number = UInt16(truncatingIfNeeded: fact.words[0] >> 8)
            cases[index].lastRound = Int32(
                rounds.append(KPIRound(openedAt: fact.at, caseIndex: UInt32(index), previous: cases[index].lastRound, number: number)))
            cases[index].round = number
            cases[index].flags &= ~KPICase.merged
            if cases[index].acceptedAt != .none { cases[index].flags |= KPICase.open }
        case .appealWithdrawn, .appealTerminated:
            assignments.finishAll(from: cases[index].lastAssignment, .ended, at: fact.at)
            happen(type == .appealWithdrawn ? .withdrawn : .terminated, fact, index, moves: cases[index].has(KPICase.open))
            cases[index].flags &= ~KPICase.open
        case .appealMerged:
            assignments.finishAll(from: cases[index].lastAssignment, .merged, at: fact.at)
            happen(.merged, fact, index, moves: cases[index].has(KPICase.open))
            cases[index].flags &= ~KPICase.open
            cases[index].flags |= KPICase.merged
        case .appealUnmerged:
            let reopens = cases[index].acceptedAt != .none && !cases[index].has(KPICase.open)
            happen(.unmerged, fact, index, moves: reopens)
            if reopens { cases[index].flags |= KPICase.open }
            cases[index].flags &= ~KPICase.merged
        case .appealLinked:
            guard fact.words.byte(0, at: 0) == 1 else { break }
            happen(.repeatLink, fact, index)
            cases[index].repeatLinks += 1
        case .appealInstructed: happen(.instructed, fact, index)
        default: return false
        }
        return true
    }

    /// What the appellant says, and what is taken back.
    private mutating func foldVoice(_ type: EventType, _ fact: FactRecord, _ index: Int) -> Bool {
        let words = fact.words
        switch type {
        case .appealRated:
            rate(
                index, UInt16(words.byte(0, at: 0)), fact, handling: words.byte(0, at: 8), reply: words.byte(0, at: 16), solved: words.byte(0, at: 24)
            )
        case .appealCalledBack:
            rate(index, cases[index].round, fact, handling: words.byte(0, at: 16), reply: words.byte(0, at: 24), solved: words.byte(0, at: 8))
        case .appealVoided: void(UInt32(truncatingIfNeeded: words[0]), UInt16(truncatingIfNeeded: words[0] >> 32), index)
        default: return false
        }
        return true
    }

    private mutating func foldAssignment(_ type: EventType, _ fact: FactRecord, _ index: Int) {
        if type == .appealAssigned {
            let replaces = UInt16(truncatingIfNeeded: fact.words[0] >> 48)
            if replaces != 0, let old = assignments.find(replaces, from: cases[index].lastAssignment) { leave(old, index) }
            let row = assignments.assign(fact, caseIndex: index, last: cases[index].lastAssignment)
            cases[index].lastAssignment = Int32(row)
            if assignments[row].isLead { cases[index].unit = fact.header.unit }
            if assignments[row].replyDue != .none { touch(index, assignments[row].replyDue) }
            return
        }
        guard fact.header.assignment != 0, let row = assignments.find(fact.header.assignment, from: cases[index].lastAssignment) else { return }
        switch type {
        case .appealSigned:
            assignments.sign(row, fact)
            if assignments[row].replyDue != .none { touch(index, assignments[row].replyDue) }
        case .appealReturnRequested:
            assignments.requestReturn(row)
            happen(.returnRequested, fact, index, unit: assignments[row].unit)
        case .appealReturnRefused: assignments.refuseReturn(row)
        case .appealReturnGranted:
            leave(row, index)
            assignments.finish(row, .returned, at: fact.at)
        case .appealReplied: assignments.reply(row, fact)
        case .appealReplyApproved: assignments.approve(row, fact)
        case .appealReplySentBack: assignments.sendBack(row)
        case .appealExtensionGranted, .appealDeadlineRecomputed, .appealOverdueRescinded:
            assignments.foldDue(type, fact, row)
            if assignments[row].replyDue != .none { touch(index, assignments[row].replyDue) }
        default: return
        }
    }

    /// The lead is given up: until the next one the case is nobody's.
    private mutating func leave(_ row: Int, _ index: Int) {
        let assignment = assignments[row]
        if assignment.isLive, assignment.isLead, cases[index].unit == assignment.unit { cases[index].unit = 0 }
    }

    private mutating func answer(_ fact: FactRecord, _ index: Int) {
        if cases[index].answeredAt == .none {
            cases[index].answeredAt = fact.at
        }
        if fact.words.lowName(1) != 0 { happen(.leaderAnswer, fact, index) }
        cases[index].answerKind = fact.words.byte(0, at: 0)
        cases[index].answerRound = cases[index].round
        if fact.header.unit != 0 { cases[index].unit = fact.header.unit }
    }

    private mutating func close(_ fact: FactRecord, _ index: Int) {
        let round = Int(cases[index].lastRound)
        let number = UInt16(truncatingIfNeeded: fact.words[0] >> 32)
        var claim: UInt8 = cases[index].answerRound == cases[index].round ? cases[index].answerKind : 0
        if number != 0, let lead = assignments.find(number, from: cases[index].lastAssignment) {
            cases[index].unit = assignments[lead].unit
            if assignments[lead].replyKind != 0 { claim = assignments[lead].replyKind }
        }
        assignments.close(from: cases[index].lastAssignment, at: fact.at)
        rounds[round].closedAt = fact.at
        rounds[round].unit = cases[index].unit
        rounds[round].claim = claim
        rounds[round].flags = (cases[index].has(KPICase.merged) ? KPIRound.withParent : 0) | (cases[index].has(KPICase.open) ? KPIRound.ended : 0)
        cases[index].flags &= ~KPICase.open
    }

    private mutating func rate(_ index: Int, _ number: UInt16, _ fact: FactRecord, handling: UInt8, reply: UInt8, solved: UInt8) {
        var round = Int(cases[index].lastRound)
        while round >= 0, rounds[round].number != number { round = Int(rounds[round].previous) }
        guard round >= 0 else { return }
        let rating = KPIRating(
            at: fact.at, revision: fact.header.revision, previous: rounds[round].lastRating, handling: handling, reply: reply, solved: solved)
        rounds[round].lastRating = Int32(ratings.append(rating))
    }

    private mutating func happen(_ kind: KPIHappening.Kind, _ fact: FactRecord, _ index: Int, unit: UInt32? = nil, moves: Bool = false) {
        let happening = KPIHappening(
            at: fact.at, revision: fact.header.revision, unit: unit ?? fact.header.unit,
            leader: kind == .instructed || kind == .leaderAnswer ? fact.words.lowName(1) : 0,
            previous: cases[index].lastHappening, kind: kind.rawValue, moves: moves)
        cases[index].lastHappening = Int32(happenings.append(happening))
    }

    /// `appeal.voided`: the event of that revision was entered in error and counts for nothing.
    private mutating func void(_ revision: UInt32, _ type: UInt16, _ index: Int) {
        switch type {
        case EventTypeNumber.replied, EventTypeNumber.replyApproved:
            assignments.void(revision: revision, type: type, from: cases[index].lastAssignment)
        case EventTypeNumber.rated, EventTypeNumber.calledBack:
            var round = Int(cases[index].lastRound)
            while round >= 0 {
                var rating = Int(rounds[round].lastRating)
                while rating >= 0 {
                    if ratings[rating].revision == revision { ratings[rating].isVoid = true }
                    rating = Int(ratings[rating].previous)
                }
                round = Int(rounds[round].previous)
            }
        case EventTypeNumber.linked, EventTypeNumber.instructed:
            var row = Int(cases[index].lastHappening)
            while row >= 0 {
                if happenings[row].revision == revision, !happenings[row].isVoid {
                    happenings[row].isVoid = true
                    if happenings[row].kind == KPIHappening.Kind.repeatLink.rawValue { cases[index].repeatLinks -= 1 }
                }
                row = Int(happenings[row].previous)
            }
        default: return
        }
    }
}

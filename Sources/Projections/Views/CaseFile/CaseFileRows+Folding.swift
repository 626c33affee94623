internal import EventModel
internal import Workflow

/// The rows of the view and how facts change them: one value, so that a chunk of facts is one access to the view's storage.
struct CaseFileRows {
    var cases = RowTable<CaseFileRow>("cases")
    var assignments = AssignmentBook()
    var applied = Position.start

    mutating func apply(_ facts: [FactRecord]) throws {
        for fact in facts where fact.position > applied {
            try fold(fact)
            applied = fact.position
        }
    }
}

// MARK: - Folding

extension CaseFileRows {
    private mutating func fold(_ fact: FactRecord) throws {
        guard let index = fact.caseIndex, let type = EventType(rawValue: fact.header.type) else { return }
        if type == .appealReceived {
            guard index == cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case out of order") }
            cases.append(
                CaseFileRow(
                    receivedAt: fact.at, lastPosition: fact.position.rawValue, codes: CaseCodes(received: fact), source: fact.header.source,
                    revision: fact.header.revision))
            return
        }
        guard index < cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case that was never received") }
        cases[index].lastPosition = fact.position.rawValue
        cases[index].revision = fact.header.revision
        if foldCase(type, fact, index) { return }
        foldAssignment(type, fact, index)
    }

    /// Facts about the case itself. Returns whether the fact was one.
    private mutating func foldCase(_ type: EventType, _ fact: FactRecord, _ index: Int) -> Bool {
        switch type {
        case .appealCorrected, .appealReclassified: cases[index].codes.correct(by: fact)
        case .appealAccepted:
            if cases[index].acceptedAt == .none { cases[index].acceptedAt = fact.at }
            if cases[index].status == CaseStatus.received.rawValue { set(index, .accepted) }
        case .appealDeclined: set(index, .declined)
        case .appealAnsweredDirectly:
            cases[index].flags |= CaseFileRow.direct
            if fact.header.unit != 0 { cases[index].leadUnit = fact.header.unit }
            set(index, .replied)
        case .appealClosed:
            assignments.close(from: cases[index].lastAssignment, at: fact.at)
            cases[index].closedAt = fact.at
            cases[index].result = fact.words.byte(0, at: 0)
            let lead = UInt16(truncatingIfNeeded: fact.words[0] >> 32)
            if lead != 0, let row = assignments.find(lead, from: cases[index].lastAssignment) { cases[index].leadUnit = assignments[row].unit }
            set(index, .closed)
            refreshDue(index)
        case .appealReopened:
            cases[index].round = UInt16(truncatingIfNeeded: fact.words[0] >> 8)
            cases[index].parent = 0
            cases[index].result = 0
            cases[index].flags &= ~(CaseFileRow.direct | CaseFileRow.archived)
            set(index, .accepted)
        case .appealWithdrawn, .appealTerminated:
            assignments.finishAll(from: cases[index].lastAssignment, .ended, at: fact.at)
            set(index, type == .appealWithdrawn ? .withdrawn : .terminated)
            refreshDue(index)
        case .appealMerged:
            assignments.finishAll(from: cases[index].lastAssignment, .merged, at: fact.at)
            cases[index].parent = fact.words[1]
            set(index, .merged)
            refreshDue(index)
        case .appealUnmerged:
            cases[index].parent = 0
            set(index, .accepted)
        case .appealArchived: cases[index].flags |= CaseFileRow.archived
        case .personErased: cases[index].flags |= CaseFileRow.erased
        default: return false
        }
        return true
    }

    /// Facts about an assignment.
    private mutating func foldAssignment(_ type: EventType, _ fact: FactRecord, _ index: Int) {
        if type == .appealAssigned {
            let row = assignments.assign(fact, caseIndex: index, last: cases[index].lastAssignment)
            cases[index].lastAssignment = Int32(row)
            if assignments[row].isLead { cases[index].leadUnit = fact.header.unit }
            cases[index].flags &= ~CaseFileRow.direct
            set(index, .inHand)
            refreshDue(index)
            return
        }
        if type == .appealVoided {
            assignments.void(
                revision: UInt32(truncatingIfNeeded: fact.words[0]), type: UInt16(truncatingIfNeeded: fact.words[0] >> 32),
                from: cases[index].lastAssignment)
            refreshStatus(index)
            refreshDue(index)
            return
        }
        guard fact.header.assignment != 0, let row = assignments.find(fact.header.assignment, from: cases[index].lastAssignment) else { return }
        switch type {
        case .appealSigned: assignments.sign(row, fact)
        case .appealReturnRequested: assignments.requestReturn(row)
        case .appealReturnRefused: assignments.refuseReturn(row)
        case .appealReturnGranted:
            assignments.finish(row, .returned, at: fact.at)
            if assignments[row].isLead, cases[index].leadUnit == assignments[row].unit { cases[index].leadUnit = 0 }
        case .appealReplied: assignments.reply(row, fact)
        case .appealReplyApproved: assignments.approve(row, fact)
        case .appealReplySentBack: assignments.sendBack(row)
        case .appealExtensionGranted, .appealDeadlineRecomputed, .appealOverdueRescinded, .appealOverdue:
            assignments.foldDue(type, fact, row)
        default: return
        }
        refreshStatus(index)
        refreshDue(index)
    }

    private mutating func set(_ index: Int, _ status: CaseStatus) { cases[index].status = status.rawValue }

    /// in-hand ⇄ replied ⇄ accepted, as the live assignments stand.
    private mutating func refreshStatus(_ index: Int) {
        let status = cases[index].status
        guard status == CaseStatus.inHand.rawValue || status == CaseStatus.replied.rawValue, cases[index].lastAssignment >= 0 else { return }
        let live = assignments.live(from: cases[index].lastAssignment)
        if live.count == 0 {
            if cases[index].flags & CaseFileRow.direct == 0 { set(index, .accepted) }
        } else {
            set(index, live.approved == live.count ? .replied : .inHand)
        }
    }

    private mutating func refreshDue(_ index: Int) {
        var due = Moment.none
        var isOverdue = false
        var row = cases[index].lastAssignment
        while row >= 0 {
            let assignment = assignments[Int(row)]
            if assignment.isLive, !assignment.hasReply {
                if assignment.replyDue != .none, due == .none || assignment.replyDue < due { due = assignment.replyDue }
                if assignment.isOverdue { isOverdue = true }
            }
            row = assignment.previous
        }
        if cases[index].nextDue != due { cases[index].nextDue = due }
        if isOverdue { cases[index].flags |= CaseFileRow.overdue } else { cases[index].flags &= ~CaseFileRow.overdue }
    }
}

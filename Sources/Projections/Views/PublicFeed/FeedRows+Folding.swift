internal import EventModel
internal import Workflow

/// The rows of the view and how facts change them: one value, so that a chunk of facts is one access to the view's storage.
struct FeedRows {
    /// A version of an item, in an index by position.
    struct Entry {
        var position: UInt64
        var item: Int
    }

    var cases = RowTable<FeedCase>("cases")
    var items = RowTable<FeedItem>("items")
    var assignments = AssignmentBook()
    /// Versions in order of position, superseded ones too: the feed's two indexes, in memory only.
    private(set) var factsOrder: [Entry] = []
    private(set) var reviewedOrder: [Entry] = []
    var applied = Position.start

    mutating func load(from store: ViewStore) throws {
        try cases.load(from: store)
        try items.load(from: store)
        try assignments.table.load(from: store)
        for index in 0..<items.count {
            if items[index].facts.state != 0 { factsOrder.append(Entry(position: items[index].facts.position, item: index)) }
            if items[index].reviewed.state != 0 { reviewedOrder.append(Entry(position: items[index].reviewed.position, item: index)) }
        }
        factsOrder.sort { ($0.position, $0.item) < ($1.position, $1.item) }
        reviewedOrder.sort { ($0.position, $0.item) < ($1.position, $1.item) }
    }

    mutating func apply(_ facts: [FactRecord]) throws {
        for fact in facts where fact.position > applied {
            try fold(fact)
            applied = fact.position
        }
    }
}

// MARK: - Folding

extension FeedRows {
    /// Status words of items.
    static let statusWords = ["", "accepted", "declined", "in-hand", "closed"]

    private mutating func fold(_ fact: FactRecord) throws {
        guard let index = fact.caseIndex, let type = EventType(rawValue: fact.header.type) else { return }
        if type == .appealReceived {
            guard index == cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case out of order") }
            cases.append(FeedCase(receivedAt: fact.at, codes: CaseCodes(received: fact)))
            for _ in PublicStage.allCases { items.append(FeedItem()) }
            if cases[index].codes.accessClass == 1 { cases[index].flags |= FeedCase.whistleblower }
            return
        }
        guard index < cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case that was never received") }
        if foldPublicity(type, fact, index) { return }
        foldCase(type, fact, index)
    }

    private mutating func foldPublicity(_ type: EventType, _ fact: FactRecord, _ index: Int) -> Bool {
        switch type {
        case .publicityClassified, .publicityPublished, .publicityWithdrawn: break
        default: return false
        }
        guard let stage = PublicStage(rawValue: fact.words.byte(0, at: 0)) else { return true }
        switch type {
        case .publicityClassified:
            setClass(index, stage, fact.words.byte(0, at: 8))
            // What is out already changes its face: a new version.
            renew(index, stage, fact)
        case .publicityPublished: publish(index, stage, fact)
        default: withdraw(index, stage, fact)
        }
        return true
    }

    private mutating func foldCase(_ type: EventType, _ fact: FactRecord, _ index: Int) {
        switch type {
        case .appealCorrected, .appealReclassified:
            cases[index].codes.correct(by: fact)
            if cases[index].codes.accessClass == 1 { cases[index].flags |= FeedCase.whistleblower }
        case .appealAccepted: stamp(index, .acceptance, fact, status: 1)
        case .appealDeclined: stamp(index, .acceptance, fact, status: 2)
        case .appealAnsweredDirectly:
            cases[index].repliedAt = fact.at
            if fact.header.unit != 0 { cases[index].unit = fact.header.unit }
        case .appealAssigned: assign(fact, index)
        case .appealClosed:
            assignments.close(from: cases[index].lastAssignment, at: fact.at)
            let lead = UInt16(truncatingIfNeeded: fact.words[0] >> 32)
            if lead != 0, let row = assignments.find(lead, from: cases[index].lastAssignment) { show(row, index) }
            stamp(index, .result, fact, status: 4)
        case .appealReopened:
            cases[index].round = UInt8(truncatingIfNeeded: fact.words[0] >> 8)
            cases[index].handling = 0
            cases[index].reply = 0
            cases[index].repliedAt = .none
            cases[index].due = .none
        case .appealWithdrawn, .appealTerminated: assignments.finishAll(from: cases[index].lastAssignment, .ended, at: fact.at)
        case .appealMerged: assignments.finishAll(from: cases[index].lastAssignment, .merged, at: fact.at)
        case .appealRated: rate(index, fact, handling: fact.words.byte(0, at: 8), reply: fact.words.byte(0, at: 16))
        case .appealCalledBack: rate(index, fact, handling: fact.words.byte(0, at: 16), reply: fact.words.byte(0, at: 24))
        case .appealVoided: void(fact, index)
        default: foldAssignment(type, fact, index)
        }
    }

    private mutating func assign(_ fact: FactRecord, _ index: Int) {
        let row = assignments.assign(fact, caseIndex: index, last: cases[index].lastAssignment)
        cases[index].lastAssignment = Int32(row)
        if assignments[row].isLead || cases[index].unit == 0 { show(row, index) }
        stamp(index, .handling, fact, status: 3)
    }

    private mutating func foldAssignment(_ type: EventType, _ fact: FactRecord, _ index: Int) {
        guard fact.header.assignment != 0, let row = assignments.find(fact.header.assignment, from: cases[index].lastAssignment) else { return }
        switch type {
        case .appealSigned: assignments.sign(row, fact)
        case .appealReturnRequested: assignments.requestReturn(row)
        case .appealReturnRefused: assignments.refuseReturn(row)
        case .appealReturnGranted: assignments.finish(row, .returned, at: fact.at)
        case .appealReplied: assignments.reply(row, fact)
        case .appealReplyApproved: assignments.approve(row, fact)
        case .appealReplySentBack: assignments.sendBack(row)
        case .appealExtensionGranted, .appealDeadlineRecomputed, .appealOverdueRescinded: assignments.foldDue(type, fact, row)
        default: return
        }
        if assignments[row].isLead, assignments[row].end == AssignmentEnd.none.rawValue { show(row, index) }
    }

    /// The case shows this assignment's unit, due and reply.
    private mutating func show(_ row: Int, _ index: Int) {
        cases[index].unit = assignments[row].unit
        cases[index].due = assignments[row].replyDue
        cases[index].repliedAt = assignments[row].repliedAt
    }

    private mutating func rate(_ index: Int, _ fact: FactRecord, handling: UInt8, reply: UInt8) {
        guard handling != 0 || reply != 0 else { return }
        if handling != 0 { cases[index].handling = handling }
        if reply != 0 { cases[index].reply = reply }
        cases[index].ratingRevision = fact.header.revision
    }

    /// A voided reply no longer stands; with a voided rating the word goes, even if there was one before.
    private mutating func void(_ fact: FactRecord, _ index: Int) {
        let revision = UInt32(truncatingIfNeeded: fact.words[0])
        let type = UInt16(truncatingIfNeeded: fact.words[0] >> 32)
        assignments.void(revision: revision, type: type, from: cases[index].lastAssignment)
        if type == EventTypeNumber.rated || type == EventTypeNumber.calledBack, cases[index].ratingRevision == revision {
            cases[index].handling = 0
            cases[index].reply = 0
        }
        var row = cases[index].lastAssignment
        while row >= 0 {
            if assignments[Int(row)].isLead, assignments[Int(row)].isLive {
                show(Int(row), index)
                return
            }
            row = assignments[Int(row)].previous
        }
    }

    // MARK: Versions

    private func itemIndex(_ index: Int, _ stage: PublicStage) -> Int { index * 3 + Int(stage.rawValue) - 1 }

    private func snapshot(_ index: Int, _ stage: PublicStage, _ fact: FactRecord, status: UInt8, version: UInt16, state: UInt8) -> FeedStamp {
        let row = cases[index]
        let isLater = stage != .acceptance
        return FeedStamp(
            position: fact.position.rawValue, at: fact.at, due: isLater ? row.due : .none, repliedAt: stage == .result ? row.repliedAt : .none,
            unit: isLater ? row.unit : 0, version: version, status: status, state: state)
    }

    /// A new version by a fact of the case. After a withdrawal only a reviewer publishes again.
    private mutating func stamp(_ index: Int, _ stage: PublicStage, _ fact: FactRecord, status: UInt8) {
        let item = itemIndex(index, stage)
        let old = items[item].facts
        let state = old.state == FeedStamp.withdrawn ? FeedStamp.withdrawn : FeedStamp.published
        let new = snapshot(index, stage, fact, status: status, version: old.version + 1, state: state)
        if state == FeedStamp.withdrawn {
            // The tombstone stays where it is; the words are kept for the day it is published again.
            items[item].facts.status = status
            items[item].facts.unit = new.unit
            items[item].facts.due = new.due
            items[item].facts.repliedAt = new.repliedAt
            return
        }
        items[item].facts = new
        factsOrder.append(Entry(position: new.position, item: item))
    }

    /// `publicity.published`: the reviewer's version, as the facts stand now.
    private mutating func publish(_ index: Int, _ stage: PublicStage, _ fact: FactRecord) {
        let item = itemIndex(index, stage)
        let status = items[item].facts.status
        let version = UInt16(truncatingIfNeeded: fact.words[0] >> 8)
        items[item].reviewed = snapshot(index, stage, fact, status: status, version: version, state: FeedStamp.published)
        reviewedOrder.append(Entry(position: fact.position.rawValue, item: item))
        // A reviewer has said otherwise: an enterprise's text is no longer taken for a trade secret.
        if publicClass(index, stage) == .unset { setClass(index, stage, PublicClass.open.rawValue) }
        items[item].facts = snapshot(index, stage, fact, status: status, version: items[item].facts.version + 1, state: FeedStamp.published)
        factsOrder.append(Entry(position: fact.position.rawValue, item: item))
    }

    private mutating func withdraw(_ index: Int, _ stage: PublicStage, _ fact: FactRecord) {
        let item = itemIndex(index, stage)
        if items[item].reviewed.state != 0 {
            items[item].reviewed = next(items[item].reviewed, fact, FeedStamp.withdrawn)
            reviewedOrder.append(Entry(position: fact.position.rawValue, item: item))
        }
        if items[item].facts.state != 0 {
            items[item].facts = next(items[item].facts, fact, FeedStamp.withdrawn)
            factsOrder.append(Entry(position: fact.position.rawValue, item: item))
        }
    }

    private mutating func renew(_ index: Int, _ stage: PublicStage, _ fact: FactRecord) {
        let item = itemIndex(index, stage)
        if items[item].reviewed.state == FeedStamp.published {
            items[item].reviewed = next(items[item].reviewed, fact, FeedStamp.published)
            reviewedOrder.append(Entry(position: fact.position.rawValue, item: item))
        }
        if items[item].facts.state == FeedStamp.published {
            items[item].facts = next(items[item].facts, fact, FeedStamp.published)
            factsOrder.append(Entry(position: fact.position.rawValue, item: item))
        }
    }

    private func next(_ stamp: FeedStamp, _ fact: FactRecord, _ state: UInt8) -> FeedStamp {
        var next = stamp
        next.position = fact.position.rawValue
        next.at = fact.at
        next.version += 1
        next.state = state
        return next
    }

    // MARK: Classes

    func publicClass(_ index: Int, _ stage: PublicStage) -> PublicClass {
        let classes = cases[index].classes
        let raw =
            switch stage {
            case .acceptance: classes.0
            case .handling: classes.1
            case .result: classes.2
            }
        return PublicClass(rawValue: raw) ?? .unset
    }

    private mutating func setClass(_ index: Int, _ stage: PublicStage, _ value: UInt8) {
        switch stage {
        case .acceptance: cases[index].classes.0 = value
        case .handling: cases[index].classes.1 = value
        case .result: cases[index].classes.2 = value
        }
        if value == PublicClass.whistleblower.rawValue { cases[index].flags |= FeedCase.whistleblower }
    }
}

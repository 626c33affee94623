internal import EventModel
internal import Workflow

/// Where an assignment (工单) stands; domain table "Assignment status".
enum AssignmentStatus: UInt8 {
    case assigned = 1
    case signed, returning, replied, approved, done, void
}

/// Why an assignment is over without being done.
enum AssignmentEnd: UInt8 {
    case none = 0
    /// 准予退单
    case returned
    /// 改派
    case replaced
    /// Not approved when the case was closed.
    case dropped
    /// 并单
    case merged
    /// Withdrawn or terminated: the assignment stays in the counts.
    case ended
}

/// One assignment of a case. 72 bytes, no padding.
struct AssignmentRow: BitwiseCopyable {
    var assignedAt: Moment
    /// Due of the reply limit as extended (exclusive); `.none`: no such limit.
    var replyDue: Moment = .none
    /// Time of the counted reply (有效回复): not interim, not sent back, not voided.
    var repliedAt: Moment = .none
    /// When it was returned, replaced, dropped, merged or ended.
    var overAt: Moment = .none
    var caseIndex: UInt32
    var unit: UInt32
    /// Unit of the assignment this one was made under (下派); 0: none.
    var parentUnit: UInt32
    /// Revision of the counted reply, to be found when it is voided.
    var replyRevision: UInt32 = 0
    var approvalRevision: UInt32 = 0
    /// The case's assignment before this one; −1: none.
    var previous: Int32
    var number: UInt16
    var round: UInt16
    var parent: UInt16
    var role: UInt8
    var status: UInt8 = AssignmentStatus.assigned.rawValue
    var end: UInt8 = 0
    /// Kind of the counted reply: 1 solved, 3 explained, 4 rejected; 0: none.
    var replyKind: UInt8 = 0
    /// Whether an overdue reply is recorded and not rescinded.
    var isOverdue: Bool = false
    var reserved: UInt8 = 0
    var reserved2: UInt32 = 0

    var isLead: Bool { role == 1 }
    var isLive: Bool { status < AssignmentStatus.done.rawValue }
    /// Void for counting: returned, replaced, dropped or merged. Withdrawn and terminated ones are not.
    var isVoidForKPI: Bool { status == AssignmentStatus.void.rawValue && end != AssignmentEnd.ended.rawValue }
    var hasReply: Bool { repliedAt != .none }
}

/// The assignments of all cases and the rules that move them; each case keeps the number of its last one and they are chained from there.
///
/// Used by every view that counts or shows assignments, so that they agree. Facts that no valid history has (a reply to a void assignment) change
/// nothing.
struct AssignmentBook {
    var table = RowTable<AssignmentRow>("assignments")

    @inline(__always)
    subscript(index: Int) -> AssignmentRow { table[index] }

    /// The assignment of a number in the chain. O(assignments of the case).
    func find(_ number: UInt16, from last: Int32) -> Int? {
        var index = last
        while index >= 0 {
            if table[Int(index)].number == number { return Int(index) }
            index = table[Int(index)].previous
        }
        return nil
    }

    /// `appeal.assigned`: the new row's number. The assignment it replaces is void.
    mutating func assign(_ fact: FactRecord, caseIndex: Int, last: Int32) -> Int {
        let words = fact.words
        let replaces = UInt16(truncatingIfNeeded: words[0] >> 48)
        if replaces != 0, let old = find(replaces, from: last) { finish(old, .replaced, at: fact.at) }
        let parent = UInt16(truncatingIfNeeded: words[0] >> 32)
        let parentUnit = parent == 0 ? 0 : find(parent, from: last).map { table[$0].unit } ?? 0
        var row = AssignmentRow(
            assignedAt: fact.at, caseIndex: UInt32(caseIndex), unit: fact.header.unit, parentUnit: parentUnit, previous: last,
            number: fact.header.assignment, round: UInt16(words.byte(0, at: 16)) | UInt16(words.byte(0, at: 24)) << 8, parent: parent,
            role: words.byte(0, at: 0))
        row.replyDue = Self.replyDue(fact, from: 1) ?? .none
        return table.append(row)
    }

    /// `appeal.signed`: limits that count from signing start.
    mutating func sign(_ index: Int, _ fact: FactRecord) {
        if table[index].status == AssignmentStatus.assigned.rawValue { set(index, .signed) }
        if let due = Self.replyDue(fact, from: 0) { setReplyDue(index, due) }
    }

    /// The due of the reply limit among the deadlines of a fact, from that word on.
    private static func replyDue(_ fact: FactRecord, from first: Int) -> Moment? {
        var due: Moment?
        for index in first..<max(first, fact.words.count) {
            if let deadline = DeadlineWord(fact.words[index]), deadline.kind == .reply { due = deadline.due.microseconds }
        }
        return due
    }

    mutating func requestReturn(_ index: Int) { if table[index].status <= AssignmentStatus.signed.rawValue { set(index, .returning) } }

    mutating func refuseReturn(_ index: Int) { if table[index].status == AssignmentStatus.returning.rawValue { set(index, .signed) } }

    /// `appeal.replied`. An interim reply (kind 2) counts for nothing.
    mutating func reply(_ index: Int, _ fact: FactRecord) {
        let kind = fact.words.byte(0, at: 0)
        guard kind != 2, table[index].status < AssignmentStatus.replied.rawValue else { return }
        table[index].repliedAt = fact.at
        table[index].replyKind = kind
        table[index].replyRevision = fact.header.revision
        set(index, fact.words.byte(0, at: 24) == 1 ? .approved : .replied)
    }

    mutating func approve(_ index: Int, _ fact: FactRecord) {
        guard table[index].status == AssignmentStatus.replied.rawValue else { return }
        table[index].approvalRevision = fact.header.revision
        set(index, .approved)
    }

    mutating func sendBack(_ index: Int) {
        guard table[index].status == AssignmentStatus.replied.rawValue || table[index].status == AssignmentStatus.approved.rawValue else { return }
        uncount(index)
    }

    /// Ends a live assignment.
    mutating func finish(_ index: Int, _ end: AssignmentEnd, at moment: Moment) {
        guard table[index].isLive else { return }
        table[index].end = end.rawValue
        table[index].overAt = moment
        set(index, .void)
    }

    /// Ends all live assignments of a case.
    mutating func finishAll(from last: Int32, _ end: AssignmentEnd, at moment: Moment) {
        forEach(from: last) { book, index in book.finish(index, end, at: moment) }
    }

    /// `appeal.closed`: the approved ones are done; live ones that are not are those it dropped.
    mutating func close(from last: Int32, at moment: Moment) {
        forEach(from: last) { book, index in
            if book.table[index].status == AssignmentStatus.approved.rawValue {
                book.set(index, .done)
            } else {
                book.finish(index, .dropped, at: moment)
            }
        }
    }

    /// A new due of the reply limit, from an extension, a pause or a calendar.
    mutating func setReplyDue(_ index: Int, _ due: Moment) { if table[index].replyDue != due { table[index].replyDue = due } }

    mutating func setOverdue(_ index: Int, _ flag: Bool) { if table[index].isOverdue != flag { table[index].isOverdue = flag } }

    /// `appeal.voided` of a reply or an approval with that revision.
    mutating func void(revision: UInt32, type: UInt16, from last: Int32) {
        forEach(from: last) { book, index in
            if type == EventTypeNumber.replied, book.table[index].replyRevision == revision, book.table[index].isLive { book.uncount(index) }
            if type == EventTypeNumber.replyApproved, book.table[index].approvalRevision == revision,
                book.table[index].status == AssignmentStatus.approved.rawValue
            {
                book.table[index].approvalRevision = 0
                book.set(index, .replied)
            }
        }
    }

    /// How many live assignments a case has, and how many of them are approved.
    func live(from last: Int32) -> (count: Int, approved: Int) {
        var count = 0
        var approved = 0
        var index = last
        while index >= 0 {
            let row = table[Int(index)]
            if row.isLive {
                count += 1
                if row.status == AssignmentStatus.approved.rawValue { approved += 1 }
            }
            index = row.previous
        }
        return (count, approved)
    }

    private mutating func uncount(_ index: Int) {
        table[index].repliedAt = .none
        table[index].replyKind = 0
        table[index].replyRevision = 0
        table[index].approvalRevision = 0
        set(index, .signed)
    }

    private mutating func set(_ index: Int, _ status: AssignmentStatus) { table[index].status = status.rawValue }

    private mutating func forEach(from last: Int32, _ body: (inout AssignmentBook, Int) -> Void) {
        var index = last
        while index >= 0 {
            let previous = table[Int(index)].previous
            body(&self, Int(index))
            index = previous
        }
    }
}

/// Type numbers that a view compares with what a fact names.
enum EventTypeNumber {
    static let linked: UInt16 = 101
    static let replied: UInt16 = 85
    static let replyApproved: UInt16 = 86
    static let instructed: UInt16 = 88
    static let calledBack: UInt16 = 93
    static let rated: UInt16 = 94
    static let contacted: UInt16 = 75
}

extension AssignmentBook {
    /// A fact that moves or judges the reply limit: extension granted, recomputed, overdue, rescinded.
    mutating func foldDue(_ type: EventType, _ fact: FactRecord, _ index: Int) {
        guard let first = DeadlineWord(fact.words[0]), first.kind == .reply else { return }
        switch type {
        case .appealExtensionGranted:
            setReplyDue(index, first.due.microseconds)
        // An overdue that was recorded for the old due is rescinded by a fact of its own.
        case .appealDeadlineRecomputed: if let new = DeadlineWord(fact.words[1]), new.kind == .reply { setReplyDue(index, new.due.microseconds) }
        case .appealOverdue: setOverdue(index, true)
        case .appealOverdueRescinded:
            setOverdue(index, false)
            if let new = DeadlineWord(fact.words[1]), new.kind == .reply { setReplyDue(index, new.due.microseconds) }
        default: return
        }
    }
}

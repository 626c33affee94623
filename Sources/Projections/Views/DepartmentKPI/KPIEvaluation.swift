internal import EventModel
internal import Workflow

/// One pass over the rows: the counters of every slice in every period of a timeline.
///
/// The pass visits each case with its rounds, assignments, ratings and happenings; a case whose times all lie outside the timeline, and which isn't
/// open, is passed over. O(rows) in time, O(slices × periods) in memory.
struct KPIEvaluation {
    /// First instants of the periods, which follow each other without gaps, and the end of the last.
    let bounds: [Moment]
    let bucketCount: Int
    private let query: KPIQuery
    private let zone: Zone
    private let calendar: WorkCalendar
    private let ratingWindowDays: Int
    /// The slices asked for, and which of them is the unit.
    private let slices: (KPISlice?, KPISlice?, KPISlice?)
    private let unitPlace: Int?
    private let isByLeader: Bool
    /// Whether external cases count in slices of their own.
    private let showsExternal: Bool
    private let wantsDays: Bool
    private let wantsCycles: Bool
    private let wantsBalance: Bool
    private let now: Moment
    private var units: UnitNodes
    private(set) var groups = GroupTable()
    /// Group × period.
    private(set) var counters: [KPICounters] = []
    /// Working days of C by group × period, for percentiles; empty unless wanted.
    private(set) var days: [[Int32]] = []

    init(
        periods: [Period], query: KPIQuery, definitions: [KPIDefinition], rulebook: Rulebook, names: @escaping (NameID) -> String?, now: Moment
    ) {
        zone = rulebook.zone
        calendar = rulebook.calendar
        ratingWindowDays = rulebook.ratingWindowDays
        bounds = Self.bounds(of: periods, rulebook.zone)
        bucketCount = periods.count
        self.query = query
        self.now = now
        let asked = query.slices
        slices = (asked.first, asked.count > 1 ? asked[1] : nil, asked.count > 2 ? asked[2] : nil)
        unitPlace = asked.firstIndex(of: .unit)
        isByLeader = asked.contains(.leader)
        showsExternal = asked.contains(.group) || asked.contains(.channel)
        wantsCycles = definitions.contains(.cycle1) || definitions.contains(.cyclePercentile1)
        wantsDays = definitions.contains(.cyclePercentile1)
        wantsBalance = definitions.contains(.carryOver1)
        units = UnitNodes(tree: rulebook.units, names: names, filter: query.unit)
    }

    private static func bounds(of periods: [Period], _ zone: Zone) -> [Moment] {
        periods.map { zone.start(of: $0.first).microseconds } + [zone.start(of: periods[periods.count - 1].last.adding(days: 1)).microseconds]
    }

    /// The name of a slice's value: of a unit's node, a code, a group.
    func label(_ slice: KPISlice, _ value: UInt32, names: (NameID) -> String?) -> String {
        switch slice {
        case .unit: units.name(Int(value))
        case .group: value == 1 ? "external" : "core"
        default: names(value) ?? ""
        }
    }

    /// The group of the question's own unit, or of everything, which is listed even if nothing happened in it.
    mutating func ensureMainGroup() {
        if query.slices.isEmpty {
            _ = group(GroupKey(), at: 0)
        } else if query.slices == [.unit], let node = units.filterNode {
            var key = GroupKey()
            key.set(0, UInt32(node))
            _ = group(key, at: 0)
        }
    }

    // MARK: Times

    /// The period an instant lies in; −1: none. O(log periods).
    @inline(__always)
    private func bucket(_ moment: Moment) -> Int {
        guard moment >= bounds[0], moment < bounds[bucketCount] else { return -1 }
        if bucketCount == 1 { return 0 }
        var low = 0
        var high = bucketCount
        while high - low > 1 {
            let middle = (low + high) / 2
            if bounds[middle] <= moment { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: Slices

    private mutating func group(_ key: GroupKey, at bucket: Int) -> Int {
        let (index, isNew) = groups.index(of: key)
        if isNew {
            for _ in 0..<bucketCount {
                counters.append(KPICounters())
                if wantsDays { days.append([]) }
            }
        }
        return index * bucketCount + bucket
    }

    /// The slices' values of a case, all but unit.
    @inline(__always)
    private func key(_ row: KPICase, leader: UInt32 = 0) -> GroupKey {
        var key = GroupKey()
        if let slice = slices.0 { key.set(0, value(slice, row, leader)) }
        if let slice = slices.1 { key.set(1, value(slice, row, leader)) }
        if let slice = slices.2 { key.set(2, value(slice, row, leader)) }
        return key
    }

    @inline(__always)
    private func value(_ slice: KPISlice, _ row: KPICase, _ leader: UInt32) -> UInt32 {
        switch slice {
        case .channel: row.codes.channel
        case .group: UInt32(row.codes.group)
        case .mailbox: row.codes.mailbox
        case .nature: row.codes.nature
        case .category: row.codes.category
        case .district: row.codes.district
        case .leader: leader
        case .unit, .source: 0
        }
    }

    /// Adds to every slice something of this unit belongs to: once to each node of the tree that holds the unit.
    ///
    /// With `parent` (the unit it was sub-assigned from) only to its own unit and to nodes that don't hold the parent's unit.
    @inline(__always)
    private mutating func add(_ key: GroupKey, unit: UInt32, parent: UInt32 = 0, at bucket: Int, _ change: (inout KPICounters) -> Void) {
        forEachGroup(key, unit: unit, parent: parent, at: bucket) { evaluation, place in change(&evaluation.counters[place]) }
    }

    @inline(__always)
    private mutating func forEachGroup(_ key: GroupKey, unit: UInt32, parent: UInt32, at bucket: Int, _ body: (inout KPIEvaluation, Int) -> Void) {
        guard bucket >= 0 else { return }
        guard let unitPlace else {
            guard units.isInScope(unit: unit, parent: parent) else { return }
            body(&self, group(key, at: bucket))
            return
        }
        let chain = units.chain(unit)
        for place in chain {
            let node = units.node(at: place)
            // Its own unit always; above it only what doesn't hold the parent too.
            if parent != 0, place != chain.lowerBound, units.holds(node, parent) { continue }
            var own = key
            own.set(unitPlace, node)
            body(&self, group(own, at: bucket))
        }
    }
}

// MARK: - The pass

extension KPIEvaluation {
    mutating func run(over view: KPIRows) {
        for index in 0..<view.cases.count {
            let row = view.cases[index]
            if query.basis == .cohort {
                let bucket = bucket(row.receivedAt)
                if bucket >= 0 { visit(row, view, cohort: bucket) }
            } else if row.firstAt < bounds[bucketCount], row.lastAt >= bounds[0] || row.has(KPICase.open) {
                visit(row, view, cohort: -1)
            }
        }
    }

    /// Facts by source, which have no case to be sliced by.
    mutating func runLateness(over view: KPIRows) {
        for row in view.lateness.rows {
            let bucket = bucket(row.quarter * KPILateness.microseconds)
            guard bucket >= 0 else { continue }
            var key = GroupKey()
            if let place = query.slices.firstIndex(of: .source) { key.set(place, row.source) }
            let place = group(key, at: bucket)
            counters[place].facts += Int(row.facts)
            counters[place].lateFacts += Int(row.late)
        }
    }

    /// The period something counts in by its own time, or, in a cohort, by the case's receipt.
    @inline(__always)
    private func place(_ moment: Moment, _ cohort: Int) -> Int {
        moment == .none ? -1 : cohort >= 0 ? cohort : bucket(moment)
    }

    private mutating func visit(_ row: KPICase, _ view: KPIRows, cohort: Int) {
        let key = key(row)
        if row.codes.group == 1, !showsExternal {
            guard !isByLeader else { return }
            add(key, unit: row.unit, at: place(row.receivedAt, cohort)) { $0.externalReceived += 1 }
            add(key, unit: row.unit, at: place(row.acceptedAt, cohort)) { $0.externalAccepted += 1 }
            add(key, unit: row.unit, at: place(row.declinedAt, cohort)) { $0.externalDeclined += 1 }
            return
        }
        // A leader has instructions and nothing else.
        guard !isByLeader else { return visitHappenings(row, view, cohort) }
        visitCase(row, key, view, cohort)
        visitClosings(row, key, view, cohort)
        visitAssignments(row, key, view, cohort)
        visitHappenings(row, view, cohort)
        if cohort < 0, wantsBalance { visitBalance(row, key, view) }
    }

    private mutating func visitCase(_ row: KPICase, _ key: GroupKey, _ view: KPIRows, _ cohort: Int) {
        let isMerged = row.has(KPICase.merged)
        add(key, unit: row.unit, at: place(row.receivedAt, cohort)) { counters in
            counters.received += 1
            if !isMerged, row.repeatLinks == 0 { counters.distinct += 1 }
        }
        add(key, unit: row.unit, at: place(row.declinedAt, cohort)) { $0.declined += 1 }
        add(key, unit: row.unit, at: place(row.answeredAt, cohort)) { $0.answered += 1 }
        let accepted = place(row.acceptedAt, cohort)
        guard accepted >= 0 else { return }
        let isReplied = !isMerged && (row.answeredAt != .none || hasLeadReply(row, view))
        add(key, unit: row.unit, at: accepted) { counters in
            counters.accepted += 1
            if !isMerged { counters.acceptedUnmerged += 1 }
            if isReplied { counters.acceptedReplied += 1 }
        }
    }

    private func hasLeadReply(_ row: KPICase, _ view: KPIRows) -> Bool {
        var index = Int(row.lastAssignment)
        while index >= 0 {
            let assignment = view.assignments[index]
            if assignment.isLead, assignment.hasReply, !assignment.isVoidForKPI { return true }
            index = Int(assignment.previous)
        }
        return false
    }

    // MARK: Closings: CC, AN, V, U, C

    private mutating func visitClosings(_ row: KPICase, _ key: GroupKey, _ view: KPIRows, _ cohort: Int) {
        var index = Int(row.lastRound)
        while index >= 0 {
            let place = index
            let round = view.rounds[index]
            index = Int(round.previous)
            guard isClosing(round) else { continue }
            let bucket = self.place(round.closedAt, cohort)
            guard bucket >= 0, !isSuperseded(place, bucket, row, view, cohort) else { continue }
            count(round, row, key, view, bucket)
        }
    }

    private func isClosing(_ round: KPIRound) -> Bool {
        round.closedAt != .none && round.flags & KPIRound.withParent == 0 && (!query.firstRoundOnly || round.number == 1)
    }

    /// Whether a later round was closed in the same period: a case counts once, with its last values.
    private func isSuperseded(_ index: Int, _ bucket: Int, _ row: KPICase, _ view: KPIRows, _ cohort: Int) -> Bool {
        var later = Int(row.lastRound)
        while later != index {
            let round = view.rounds[later]
            if isClosing(round), place(round.closedAt, cohort) == bucket { return true }
            later = Int(round.previous)
        }
        return false
    }

    private mutating func count(_ round: KPIRound, _ row: KPICase, _ key: GroupKey, _ view: KPIRows, _ bucket: Int) {
        let voice = voice(of: round, view)
        add(key, unit: round.unit, at: bucket) { counters in
            counters.closed += 1
            if voice.solved != 0 {
                counters.answers += 1
                if voice.solved == 1 { counters.solved += 1 }
            }
            if voice.solved != 0 || round.claim != 0 {
                counters.claims += 1
                if voice.solved == 0 { counters.ownClaims += 1 }
                if voice.solved == 1 || voice.solved == 0 && round.claim == 1 { counters.claimsSolved += 1 }
            }
            if voice.score != 0 {
                counters.valid += 1
                if voice.score <= 2 { counters.unsatisfied += 1 }
            }
        }
        var index = Int(row.lastAssignment)
        while index >= 0 {
            let assignment = view.assignments[index]
            index = Int(assignment.previous)
            guard assignment.round == round.number, !assignment.isVoidForKPI, assignment.hasReply else { continue }
            countCycle(assignment, key, bucket)
        }
    }

    /// What the appellant said of a round, up to the rating window after its closing: last word on "solved", last score (handling, else reply).
    private func voice(of round: KPIRound, _ view: KPIRows) -> (solved: UInt8, score: UInt8) {
        guard round.lastRating >= 0 else { return (0, 0) }
        // Well inside the window no calendar has to be asked.
        let safe = round.closedAt + Int64(ratingWindowDays - 2) * 86_400_000_000
        let end =
            view.ratings[Int(round.lastRating)].at < safe && view.ratings[Int(round.lastRating)].previous < 0 ? Moment.max : windowEnd(round.closedAt)
        var solved: UInt8 = 0
        var handling: UInt8 = 0
        var reply: UInt8 = 0
        var index = Int(round.lastRating)
        while index >= 0 {
            let rating = view.ratings[index]
            index = Int(rating.previous)
            guard !rating.isVoid, rating.at < end else { continue }
            if solved == 0 { solved = rating.solved }
            if handling == 0 { handling = rating.handling }
            if reply == 0 { reply = rating.reply }
        }
        return (solved, handling != 0 ? handling : reply)
    }

    /// The end of the last local day of the rating window.
    private func windowEnd(_ closedAt: Moment) -> Moment {
        let lastDay = zone.day(of: Instant(microseconds: closedAt)).adding(days: ratingWindowDays)
        return zone.start(of: lastDay.adding(days: 1)).microseconds
    }

    private mutating func countCycle(_ assignment: AssignmentRow, _ key: GroupKey, _ bucket: Int) {
        guard wantsCycles else { return forEachGroup(key, unit: assignment.unit, parent: assignment.parentUnit, at: bucket) { _, _ in } }
        let elapsed = calendar.elapsedWorkingDays(
            after: zone.day(of: Instant(microseconds: assignment.assignedAt)), through: zone.day(of: Instant(microseconds: assignment.repliedAt)))
        let keepsDays = wantsDays
        forEachGroup(key, unit: assignment.unit, parent: assignment.parentUnit, at: bucket) { evaluation, place in
            switch elapsed {
            case .success(let value):
                evaluation.counters[place].cycles += 1
                evaluation.counters[place].workingDays += value
                if keepsDays { evaluation.days[place].append(Int32(value)) }
            case .failure: evaluation.counters[place].unknownDays += 1
            }
        }
    }

    // MARK: Assignments: TR, T, LATE, DUE

    private mutating func visitAssignments(_ row: KPICase, _ key: GroupKey, _ view: KPIRows, _ cohort: Int) {
        var index = Int(row.lastAssignment)
        while index >= 0 {
            let assignment = view.assignments[index]
            index = Int(assignment.previous)
            visit(assignment, key, cohort)
        }
    }

    private mutating func visit(_ row: AssignmentRow, _ key: GroupKey, _ cohort: Int) {
        let isVoid = row.isVoidForKPI
        add(key, unit: row.unit, parent: row.parentUnit, at: place(row.assignedAt, cohort)) { counters in
            counters.made += 1
            if !isVoid { counters.assigned += 1 }
        }
        if isVoid {
            guard row.end == AssignmentEnd.returned.rawValue else { return }
            add(key, unit: row.unit, parent: row.parentUnit, at: place(row.overAt, cohort)) { $0.returned += 1 }
            return
        }
        guard row.replyDue != .none else { return }
        let isLate = row.hasReply && row.repliedAt >= row.replyDue
        if isLate { add(key, unit: row.unit, parent: row.parentUnit, at: place(row.repliedAt, cohort)) { $0.late += 1 } }
        let endedAt = row.end == AssignmentEnd.ended.rawValue ? row.overAt : Moment.max
        if endedAt >= row.replyDue, cohort < 0 || row.replyDue <= now {
            // `due` is exclusive: the day it belongs to is the one before.
            add(key, unit: row.unit, parent: row.parentUnit, at: place(row.replyDue - 1, cohort)) { counters in
                counters.due += 1
                if row.hasReply { counters.dueReplied += 1 }
                if row.hasReply, !isLate { counters.dueInTime += 1 }
            }
        }
        // Open past due at a period's end: neither replied nor ended by then.
        let settledAt = min(row.hasReply ? row.repliedAt : Moment.max, endedAt)
        guard settledAt >= row.replyDue else { return }
        if cohort >= 0 {
            if settledAt == .max, row.replyDue <= now { add(key, unit: row.unit, parent: row.parentUnit, at: cohort) { $0.openOverdue += 1 } }
            return
        }
        for bucket in 0..<bucketCount {
            // A period that isn't over is asked about as of the last fact.
            let isOver = bounds[bucket + 1] <= now
            guard row.replyDue <= (isOver ? bounds[bucket + 1] : now), isOver ? settledAt >= bounds[bucket + 1] : settledAt > now else { continue }
            add(key, unit: row.unit, parent: row.parentUnit, at: bucket) { $0.openOverdue += 1 }
        }
    }

    // MARK: Instructions, requests

    private mutating func visitHappenings(_ row: KPICase, _ view: KPIRows, _ cohort: Int) {
        var index = Int(row.lastHappening)
        while index >= 0 {
            let happening = view.happenings[index]
            index = Int(happening.previous)
            guard !happening.isVoid, let kind = KPIHappening.Kind(rawValue: happening.kind) else { continue }
            let unit = happening.unit == 0 ? row.unit : happening.unit
            let bucket = place(happening.at, cohort)
            switch kind {
            case .instructed: add(self.key(row, leader: happening.leader), unit: unit, at: bucket) { $0.instructed += 1 }
            case .leaderAnswer: add(self.key(row, leader: happening.leader), unit: unit, at: bucket) { $0.leaderAnswers += 1 }
            case .returnRequested: if !isByLeader { add(key(row), unit: unit, at: bucket) { $0.returnRequests += 1 } }
            default: continue
            }
        }
    }

    // MARK: 结转: what was open, came, went, and stayed

    private mutating func visitBalance(_ row: KPICase, _ key: GroupKey, _ view: KPIRows) {
        guard row.acceptedAt != .none else { return }
        move(row, key, row.acceptedAt, opens: true)
        var index = Int(row.lastRound)
        while index >= 0 {
            let round = view.rounds[index]
            index = Int(round.previous)
            if round.openedAt != .none {
                move(row, key, round.openedAt, opens: true)
                add(key, unit: row.unit, at: bucket(round.openedAt)) { $0.reopened += 1 }
            }
            if round.closedAt != .none, round.flags & KPIRound.ended != 0 {
                move(row, key, round.closedAt, opens: false)
                add(key, unit: row.unit, at: bucket(round.closedAt)) { $0.closings += 1 }
            }
        }
        index = Int(row.lastHappening)
        while index >= 0 {
            let happening = view.happenings[index]
            index = Int(happening.previous)
            guard happening.moves, let kind = KPIHappening.Kind(rawValue: happening.kind) else { continue }
            move(row, key, happening.at, opens: kind == .unmerged)
            add(key, unit: row.unit, at: bucket(happening.at)) { counters in
                switch kind {
                case .unmerged: counters.unmerged += 1
                case .withdrawn: counters.withdrawn += 1
                case .terminated: counters.terminated += 1
                case .merged: counters.merged += 1
                default: return
                }
            }
        }
    }

    /// An opening or ending counts in what is open at every later bound.
    private mutating func move(_ row: KPICase, _ key: GroupKey, _ moment: Moment, opens: Bool) {
        let change = opens ? 1 : -1
        for bucket in 0..<bucketCount {
            let atStart = moment < bounds[bucket]
            guard moment < bounds[bucket + 1] else { continue }
            add(key, unit: row.unit, at: bucket) { counters in
                if atStart { counters.openAtStart += change }
                counters.openAtEnd += change
            }
        }
    }
}

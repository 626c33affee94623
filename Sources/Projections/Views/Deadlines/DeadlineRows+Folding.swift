internal import EventModel
internal import Workflow

/// The rows of the view and how facts change them: one value, so that a chunk of facts is one access to the view's storage.
struct DeadlineRows {
    var cases = RowTable<DeadlineCase>("cases")
    var deadlines = RowTable<DeadlineRow>("deadlines")
    /// Sources with cases of their own clock, in order of appearance.
    var sources = RowTable<DeadlineSource>("sources")
    var liveClocks = RowTable<LiveClock>("clocks")
    private let names: (NameID) -> String?
    var applied = Position.start
    private(set) var running = DueIndex()
    private(set) var held: [DueIndex] = []
    /// Rows that are free for use.
    private var free: [Int32] = []
    /// Place of each row in its bucket; −1: in none.
    private var places: ContiguousArray<Int32> = []

    init(names: @escaping (NameID) -> String?) { self.names = names }

    var count: Int { cases.count + deadlines.count - free.count }

    mutating func load(from store: ViewStore) throws {
        try cases.load(from: store)
        try deadlines.load(from: store)
        try sources.load(from: store)
        try liveClocks.load(from: store)
        held = Array(repeating: DueIndex(), count: sources.count)
        places = ContiguousArray(repeating: -1, count: deadlines.count)
        for index in 0..<deadlines.count {
            if deadlines[index].state == DeadlineRow.unused { free.append(Int32(index)) } else { enter(index) }
        }
    }

    mutating func apply(_ facts: [FactRecord]) throws {
        for fact in facts where fact.position > applied {
            try fold(fact)
            applied = fact.position
        }
    }
}

// MARK: - Folding

extension DeadlineRows {
    private mutating func fold(_ fact: FactRecord) throws {
        guard let type = EventType(rawValue: fact.header.type) else { return }
        if type == .clockAdvanced {
            if fact.words[0] == 1 { goLive(fact.words.lowName(2)) }
            return
        }
        guard let index = fact.caseIndex else { return }
        if type == .appealReceived {
            guard index == cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case out of order") }
            var row = DeadlineCase()
            if fact.words.byte(0, at: 24) & 8 != 0 { row.source = UInt32(sourceIndex(fact.header.source) + 1) }
            cases.append(row)
            addAll(fact, from: 5, index)
            return
        }
        guard index < cases.count else { throw ViewError.inconsistent(at: fact.position, what: "a case that was never received") }
        foldCase(type, fact, index)
    }

    private mutating func foldCase(_ type: EventType, _ fact: FactRecord, _ index: Int) {
        let assignment = fact.header.assignment
        switch type {
        case .appealAccepted:
            release(index) { $0.kind == DeadlineKind.accept.rawValue }
            addAll(fact, from: 2, index)
        case .appealAnsweredDirectly:
            release(index, where: Self.isIntake)
            addAll(fact, from: 2, index)
        case .appealDeclined, .appealWithdrawn, .appealTerminated: release(index) { _ in true }
        case .appealAssigned:
            release(index, where: Self.isIntake)
            let replaced = UInt16(truncatingIfNeeded: fact.words[0] >> 48)
            if replaced != 0 { release(index) { $0.assignment == replaced } }
            addAll(fact, from: 1, index)
        case .appealSigned:
            stop(index, assignment, [.sign])
            addAll(fact, from: 0, index)
        case .appealInstructed: instruct(fact, index)
        case .appealContacted: stop(index, assignment, [.sign, .contact])
        case .appealReplied:
            guard fact.words.byte(0, at: 0) != 2 else { break }
            stop(index, assignment, [.sign, .reply, .instruction])
            // A counted reply ends a pause: what it doesn't stop runs on.
            change(index, from: DeadlineRow.paused, to: DeadlineRow.running) { $0.assignment == assignment }
        case .appealReplySentBack: restart(index, [.reply, .instruction], assignment)
        case .appealVoided: unvoid(UInt16(truncatingIfNeeded: fact.words[0] >> 32), index)
        case .appealReturnGranted: release(index) { $0.assignment == assignment }
        case .appealClockPaused: change(index, from: DeadlineRow.running, to: DeadlineRow.paused) { $0.assignment == assignment }
        case .appealClockResumed: change(index, from: DeadlineRow.paused, to: DeadlineRow.running) { $0.assignment == assignment }
        case .appealExtensionGranted: move(index, assignment, to: fact.words[0])
        case .appealDeadlineRecomputed, .appealOverdueRescinded: move(index, assignment, to: fact.words[1])
        case .appealSupervised: addAll(fact, from: 2, index)
        case .appealClosed:
            release(index) { _ in true }
            addAll(fact, from: 2, index)
        case .appealCalledBack: release(index) { $0.kind == DeadlineKind.callback.rawValue }
        case .appealReopened: release(index) { _ in true }
        case .appealMerged:
            release(index) { $0.assignment != 0 }
            change(index, from: DeadlineRow.running, to: DeadlineRow.paused) { _ in true }
        case .appealUnmerged: change(index, from: DeadlineRow.paused, to: DeadlineRow.running) { _ in true }
        case .appealOverdue:
            guard let passed = DeadlineWord(fact.words[0]) else { return }
            change(index, from: DeadlineRow.running, to: DeadlineRow.passed) {
                $0.assignment == assignment && $0.kind == passed.kind.rawValue && $0.due == passed.due.microseconds
            }
        default: return
        }
    }

    private static func isIntake(_ row: DeadlineRow) -> Bool {
        row.kind == DeadlineKind.accept.rawValue || row.kind == DeadlineKind.dispatch.rawValue
    }

    /// The deadlines an entry states, from that word on. The hash of an external reference, the last word, is none.
    private mutating func addAll(_ fact: FactRecord, from first: Int, _ index: Int) {
        let end = fact.words.count - (fact.header.flags.contains(.externalReference) ? 1 : 0)
        for word in first..<max(first, end) {
            guard let deadline = DeadlineWord(fact.words[word]) else { continue }
            add(deadline, index, fact.header.assignment)
        }
    }

    /// `appeal.instructed` doesn't say in words which of the units it sends to hold an assignment: all that have limits get this one too, or the
    /// case if there are none.
    private mutating func instruct(_ fact: FactRecord, _ index: Int) {
        var numbers: [UInt16] = []
        var row = Int(cases[index].first)
        while row >= 0 {
            let number = deadlines[row].assignment
            if number != 0, !numbers.contains(number) { numbers.append(number) }
            row = Int(deadlines[row].next)
        }
        for word in 3..<max(3, fact.words.count) {
            guard let deadline = DeadlineWord(fact.words[word]) else { continue }
            for number in numbers.isEmpty ? [0] : numbers { add(deadline, index, number) }
        }
    }

    private mutating func add(_ deadline: DeadlineWord, _ index: Int, _ assignment: UInt16) {
        guard deadline.kind != .return else { return }
        let owner: UInt16
        switch deadline.kind {
        case .accept, .dispatch, .close, .callback: owner = 0
        default: owner = assignment
        }
        let row = DeadlineRow(
            due: deadline.due.microseconds, caseIndex: UInt32(index), next: cases[index].first, assignment: owner, kind: deadline.kind.rawValue,
            state: DeadlineRow.running)
        let place: Int
        if let reused = free.popLast() {
            place = Int(reused)
            deadlines[place] = row
        } else {
            place = deadlines.append(row)
            places.append(-1)
        }
        cases[index].first = Int32(place)
        enter(place)
    }

    /// A new due for a limit: extension, pause, calendar. A limit that wasn't known is added, one that an act has stopped stays stopped.
    private mutating func move(_ index: Int, _ assignment: UInt16, to word: UInt64) {
        guard let new = DeadlineWord(word) else { return }
        var found = false
        var row = Int(cases[index].first)
        while row >= 0 {
            if deadlines[row].assignment == assignment, deadlines[row].kind == new.kind.rawValue {
                found = true
                leave(row)
                deadlines[row].due = new.due.microseconds
                if deadlines[row].state == DeadlineRow.passed { deadlines[row].state = DeadlineRow.running }
                enter(row)
            }
            row = Int(deadlines[row].next)
        }
        if !found { add(new, index, assignment) }
    }

    private mutating func stop(_ index: Int, _ assignment: UInt16, _ kinds: [DeadlineKind]) {
        change(index, from: DeadlineRow.running, to: DeadlineRow.stopped) { row in
            row.assignment == assignment && kinds.contains { $0.rawValue == row.kind }
        }
        // Paused ones too: the act counts whether the clock runs or not.
        change(index, from: DeadlineRow.paused, to: DeadlineRow.stopped) { row in
            row.assignment == assignment && kinds.contains { $0.rawValue == row.kind }
        }
    }

    private mutating func restart(_ index: Int, _ kinds: [DeadlineKind], _ assignment: UInt16?) {
        change(index, from: DeadlineRow.stopped, to: DeadlineRow.running) { row in
            (assignment == nil || row.assignment == assignment) && kinds.contains { $0.rawValue == row.kind }
        }
    }

    /// A voided act stops nothing. The fact doesn't say whose it was, so all limits it could have stopped run again.
    private mutating func unvoid(_ type: UInt16, _ index: Int) {
        switch type {
        case EventTypeNumber.replied: restart(index, [.sign, .reply, .instruction], nil)
        case EventTypeNumber.contacted: restart(index, [.sign, .contact], nil)
        default: return
        }
    }

    private mutating func change(_ index: Int, from: UInt8, to: UInt8, where matches: (DeadlineRow) -> Bool) {
        var row = Int(cases[index].first)
        while row >= 0 {
            if deadlines[row].state == from, matches(deadlines[row]) {
                leave(row)
                deadlines[row].state = to
                enter(row)
            }
            row = Int(deadlines[row].next)
        }
    }

    /// Removes rows of a case for good.
    private mutating func release(_ index: Int, where matches: (DeadlineRow) -> Bool) {
        var previous = -1
        var row = Int(cases[index].first)
        while row >= 0 {
            let next = Int(deadlines[row].next)
            if matches(deadlines[row]) {
                leave(row)
                deadlines[row].state = DeadlineRow.unused
                free.append(Int32(row))
                if previous < 0 { cases[index].first = Int32(next) } else { deadlines[previous].next = Int32(next) }
            } else {
                previous = row
            }
            row = next
        }
    }

    // MARK: Which index a row is in

    /// The source a case is held for; `nil` on the wall clock.
    private func holder(_ caseIndex: UInt32) -> Int? {
        let source = Int(cases[Int(caseIndex)].source) - 1
        return source < 0 || sources[source].isLive ? nil : source
    }

    private mutating func enter(_ row: Int) {
        guard deadlines[row].state == DeadlineRow.running else { return }
        if let source = holder(deadlines[row].caseIndex) {
            places[row] = held[source].add(Int32(row), due: deadlines[row].due)
        } else {
            places[row] = running.add(Int32(row), due: deadlines[row].due)
        }
    }

    private mutating func leave(_ row: Int) {
        guard deadlines[row].state == DeadlineRow.running else { return }
        let moved: Int32?
        if let source = holder(deadlines[row].caseIndex) {
            moved = held[source].remove(due: deadlines[row].due, place: places[row])
        } else {
            moved = running.remove(due: deadlines[row].due, place: places[row])
        }
        if let moved { places[Int(moved)] = places[row] }
        places[row] = -1
    }

    /// Sources a clock's name stands for: itself, or all that begin with a prefix that ends in `/` (as `ClockAdvanced.covers`).
    func sources(coveredBy clock: String) -> [Int] {
        (0..<sources.count).filter { index in names(sources[index].source).map { Self.clock(clock, covers: $0) } ?? false }
    }

    private static func clock(_ clock: String, covers source: String) -> Bool {
        clock == source || (clock.utf8.last == UInt8(ascii: "/") && source.utf8.starts(with: clock.utf8))
    }

    /// The source's number; a new one is live if a clock that covers it is.
    private mutating func sourceIndex(_ source: NameID) -> Int {
        if let known = sources.rows.firstIndex(where: { $0.source == source }) { return known }
        let text = names(source) ?? ""
        let isLive = liveClocks.rows.contains { clock in names(clock.name).map { Self.clock($0, covers: text) } ?? false }
        held.append(DueIndex())
        return sources.append(DeadlineSource(source: source, isLive: isLive))
    }

    /// `clock.advanced` {live}: what is held for the source goes to the wall clock, and what it opens later starts there.
    private mutating func goLive(_ clock: NameID) {
        liveClocks.append(LiveClock(name: clock))
        guard let name = names(clock) else { return }
        for index in sources(coveredBy: name) where !sources[index].isLive {
            let moved = held[index].drain()
            sources[index].isLive = true
            for row in moved { places[Int(row)] = running.add(row, due: deadlines[Int(row)].due) }
        }
    }
}

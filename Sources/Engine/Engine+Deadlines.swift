internal import EventLog
internal import EventModel
internal import Projections
internal import Synchronization
internal import Workflow

extension Engine {
    /// Does by the engine's clock what the ticker would, without waiting for it.
    public func recordOverdueNow() async {
        await recordOverdue()
        await closeAnswered()
    }

    /// Looks for deadlines that have passed and records them (超期). The view proposes, the writer decides on the case as it is then.
    func tick() async {
        guard isReady else { return }
        await recordOverdue()
        // Working days don't pass by the second.
        if closingTick.next() { await closeAnswered() }
    }

    /// Closes answered cases whose profile says `after n working days` and that nobody has objected to (自动办结).
    private func closeAnswered() async {
        var cursor: String?
        repeat {
            let query = CaseQuery(status: .replied, sort: .oldest, cursor: cursor, limit: 500, includesWhistleblower: true)
            let names = reader
            guard let page = try? views.caseFile.page(query, rulebook: rulebook, names: { names.name($0) }) else { return }
            cursor = page.next
            let streams = page.items.map(\.stream)
            let found = try? await pool.run { [self] in
                streams.compactMap { stream -> TimedCandidate? in
                    guard let serial = serial(stream), let state = try? heldCase(serial)?.state, let due = automaticClosing(of: state, rulebook),
                        due <= clock()
                    else { return nil }
                    return .closing(serial: serial)
                }
            }
            if let found, !found.isEmpty { _ = await submit(found) }
        } while cursor != nil && isReady
    }

    /// Submits what looks overdue: deadlines on the wall clock due before now, and cases of sources whose clock has passed one (T7, T8).
    func recordOverdue() async {
        var last: Deadlines.Due?
        while isReady {
            let found = views.deadlines.due(before: clock(), after: last, limit: Self.overdueBatch)
            await record(
                found.compactMap { item -> TimedCandidate? in
                    guard let serial = serial(item.stream) else { return nil }
                    // A leader's limit binds several assignments, and the view doesn't know which.
                    if item.kind == .instruction, item.assignment == 0 { return .wholeCase(serial: serial) }
                    return .deadline(serial: serial, assignment: Int(item.assignment), kind: item.kind, due: item.due)
                })
            guard found.count == Self.overdueBatch else { break }
            last = found.last
        }
        for (clock, instant) in stage.sourceClocks where instant != WriterStage.live {
            let streams = views.deadlines.openCases(ofClock: clock, dueBefore: instant)
            for start in stride(from: 0, to: streams.count, by: Self.overdueBatch) {
                let some = streams[start..<min(start + Self.overdueBatch, streams.count)]
                await record(some.compactMap { serial($0).map { .wholeCase(serial: $0) } })
            }
        }
    }

    private static let overdueBatch = 1_000

    private func serial(_ stream: StreamNumber) -> String? { (try? reader.streamName(stream))?.rawValue }

    private func record(_ candidates: [TimedCandidate]) async {
        guard !candidates.isEmpty else { return }
        let recorded = await submit(candidates)
        counters.count { $0.overdue += recorded }
    }

    private func submit(_ candidates: [TimedCandidate]) async -> Int {
        let waiting = Mutex<(open: Int, recorded: Int)>((candidates.count, 0))
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let done: @Sendable (Bool) -> Void = { isRecorded in
                let isLast = waiting.withLock { waiting in
                    waiting.open -= 1
                    if isRecorded { waiting.recorded += 1 }
                    return waiting.open == 0
                }
                if isLast { continuation.resume() }
            }
            let submissions = candidates.map { TimedSubmission($0, stage: stage, deciding: deciding, done: done) }
            if !log.submit(submissions) { for _ in candidates { done(false) } }
        }
        return waiting.withLock { $0.recorded }
    }
}

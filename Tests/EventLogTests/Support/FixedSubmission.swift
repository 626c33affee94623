import EventLog
import EventModel
import Foundation
import Synchronization

/// A submission that knows its verdict beforehand, and writes down what it is told.
final class FixedSubmission: Submission {
    enum Outcome: Equatable, Sendable { case durable([[Admitted]]), void(VoidReason), failed(WriteFailure), answered }

    private struct State {
        var admitted: [[Admitted]] = []
        var outcome: Outcome?
        /// Answers after the first; the writer may call `failed` on a submission that was answered already.
        var later: [Outcome] = []
    }
    private let state = Mutex(State())
    private let told = DispatchSemaphore(value: 0)
    private let verdict: @Sendable (StagedLog) -> Verdict
    let eventCount: Int
    let byteCount: Int

    init(eventCount: Int = 1, byteCount: Int = 100, decide: @escaping @Sendable (StagedLog) -> Verdict) {
        self.eventCount = eventCount
        self.byteCount = byteCount
        verdict = decide
    }

    /// Commits these sections, with the clock of the batch.
    convenience init(_ sections: [Commit.Section], checks: [Commit.Check] = []) {
        let bytes = sections.reduce(0) { $0 + $1.facts.reduce(0) { $0 + $1.body.count } }
        self.init(eventCount: sections.reduce(0) { $0 + $1.facts.count }, byteCount: bytes) { log in
            .commit(Commit(id: 0, clock: log.clock, sections: sections, checks: checks))
        }
    }

    func decide(on log: StagedLog) -> Verdict {
        let verdict = verdict(log)
        if case .answered = verdict { tell(.answered) }
        return verdict
    }
    func staged(_ admitted: [[Admitted]]) { state.withLock { $0.admitted = admitted } }
    func void(_ reason: VoidReason) { tell(.void(reason)) }
    func durable() { tell(.durable(state.withLock { $0.admitted })) }
    func failed(_ failure: WriteFailure) { tell(.failed(failure)) }

    private func tell(_ outcome: Outcome) {
        state.withLock { state in
            if state.outcome == nil { state.outcome = outcome } else { state.later.append(outcome) }
        }
        told.signal()
    }

    var outcome: Outcome? { state.withLock { $0.outcome } }
    /// Blocks until the writer has said what became of it.
    func wait() -> Outcome {
        if outcome == nil { told.wait() }
        return outcome!
    }
    /// The entries admitted, sections joined; `nil` if there was another end.
    func waitForEntries() -> [Admitted]? {
        if case .durable(let admitted) = wait() { return admitted.flatMap { $0 } }
        return nil
    }
}

final class RecordingObserver: WriterObserver {
    private let state = Mutex((batches: [Bool](), reason: String?.none))
    func batchEnded(isDurable: Bool) { state.withLock { $0.batches.append(isDurable) } }
    func poisoned(_ reason: String) { state.withLock { $0.reason = reason } }
    var batches: [Bool] { state.withLock { $0.batches } }
    var reason: String? { state.withLock { $0.reason } }
}

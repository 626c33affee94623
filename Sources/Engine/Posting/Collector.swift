import EventLog
import EventModel
import Synchronization
import Workflow

/// What the writer says of one item; the receipt is made from it off the writer's thread.
enum Decided: Sendable {
    /// Admitted: the entries of its commit, and which of them is the posted event's.
    case admitted([Admitted], own: Int)
    /// The log has the event at this position; same content or not is still to be seen.
    case known(Position)
    case refused(Refusal)
    case unavailable(Unavailable)
    /// The case or its keys changed since it was prepared: prepare and submit again.
    case again
}

/// Collects the answers of one request and resumes it once, when the last is in. A second answer to an item is ignored.
final class Collector: Sendable {
    private struct State {
        var answers: [Decided?]
        var open: Int
        /// Cases of which an event goes back: later ones of the request must not overtake it.
        var held: Set<String> = []
        var continuation: CheckedContinuation<Void, Never>?
    }
    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(answers: Array(repeating: nil, count: count), open: count)) }

    func answer(_ index: Int, _ answer: Decided) {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.answers[index] == nil else { return nil }
            state.answers[index] = answer
            state.open -= 1
            guard state.open == 0 else { return nil }
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume()
    }

    /// Events of a case keep their order within a request: once one has to be decided again, so have those behind it.
    func hold(_ subjects: [String]) { state.withLock { $0.held.formUnion(subjects) } }
    func holds(_ subjects: [String]) -> Bool { state.withLock { state in subjects.contains { state.held.contains($0) } } }

    func wait() async -> [Decided] {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isDone = state.withLock { state in
                if state.open == 0 { return true }
                state.continuation = continuation
                return false
            }
            if isDone { continuation.resume() }
        }
        return state.withLock { $0.answers.map { $0 ?? .unavailable(.stopping) } }
    }
}

import EventModel
import Foundation
import Synchronization

/// The durable head as everybody may see it, and those who wait for it to move.
final class PublishedHead: Sendable {
    private struct State {
        var head: LogHead
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        /// Waits that time-out and cancellation have not ended, registered or about to be.
        var open: Set<UInt64> = []
        var listeners: [@Sendable (Position) -> Void] = []
        var nextWaiter: UInt64 = 0
    }
    private let state: Mutex<State>

    init(_ head: LogHead) { state = Mutex(State(head: head)) }

    var value: LogHead { state.withLock { $0.head } }

    func publish(_ head: LogHead) {
        let (waiters, listeners) = state.withLock { state in
            state.head = head
            defer { state.waiters = [:] }
            return (Array(state.waiters.values), state.listeners)
        }
        for waiter in waiters { waiter.resume() }
        for listener in listeners { listener(head.position) }
    }

    /// Calls back after each commit, on the writer's thread: it must only wake something.
    func onMove(_ listener: @escaping @Sendable (Position) -> Void) { state.withLock { $0.listeners.append(listener) } }

    /// Returns when the head is beyond the position, or on time-out or cancellation, with the head there is then.
    func wait(beyond position: Position, timeoutSeconds: Double) async -> Position {
        if value.position > position { return value.position }
        let id = state.withLock { state in
            state.nextWaiter += 1
            state.open.insert(state.nextWaiter)
            return state.nextWaiter
        }
        let timer = Task {
            try? await Task.sleep(for: .seconds(timeoutSeconds))
            release(id)
        }
        defer {
            timer.cancel()
            state.withLock { _ = $0.open.remove(id) }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isLate = state.withLock { state in
                    if state.head.position > position || !state.open.contains(id) { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            release(id)
        }
        return value.position
    }

    /// Ends a wait, also one that has not yet registered its continuation.
    private func release(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.open.remove(id)
            return state.waiters.removeValue(forKey: id)
        }
        waiter?.resume()
    }
}

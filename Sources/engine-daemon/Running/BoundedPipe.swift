import Synchronization

/// A queue between one task that puts and one that takes; whoever is ahead waits for the other.
///
/// Holds at most `capacity` of weight, or one element if that weighs more.
final class BoundedPipe<Element: Sendable>: Sendable {
    private struct State {
        var elements: [(element: Element, weight: Int)] = []
        var weight = 0
        var isFinished = false
        var isClosed = false
        var producer: CheckedContinuation<Void, Never>?
        var consumer: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Waits for room. `false`: nobody takes any more.
    func put(_ element: Element, weight: Int) async -> Bool {
        while true {
            let step = state.withLock { state -> (isDone: Bool, wake: CheckedContinuation<Void, Never>?, result: Bool) in
                if state.isClosed || state.isFinished { return (true, nil, false) }
                guard state.weight == 0 || state.weight + weight <= capacity else { return (false, nil, false) }
                state.elements.append((element, weight))
                state.weight += weight
                defer { state.consumer = nil }
                return (true, state.consumer, true)
            }
            step.wake?.resume()
            if step.isDone { return step.result }
            await pause(until: { $0.isClosed || $0.weight == 0 || $0.weight + weight <= self.capacity }, at: \.producer)
        }
    }

    /// What is there, in order, at least one element: up to `count` elements and `weight` of them; empty at the end.
    func take(count: Int, weight: Int) async -> [Element] {
        while true {
            let step = state.withLock { state -> (taken: [Element]?, wake: CheckedContinuation<Void, Never>?) in
                if state.isClosed { return ([], nil) }
                guard !state.elements.isEmpty else { return (state.isFinished ? [] : nil, nil) }
                var taken: [Element] = []
                var sum = 0
                while taken.count < count, taken.count < state.elements.count {
                    let next = state.elements[taken.count]
                    if !taken.isEmpty, sum + next.weight > weight { break }
                    taken.append(next.element)
                    sum += next.weight
                }
                state.elements.removeFirst(taken.count)
                state.weight -= sum
                defer { state.producer = nil }
                return (taken, state.producer)
            }
            step.wake?.resume()
            if let taken = step.taken { return taken }
            await pause(until: { $0.isClosed || $0.isFinished || !$0.elements.isEmpty }, at: \.consumer)
        }
    }

    /// No more will be put; what is there can still be taken.
    func finish() { end { $0.isFinished = true } }

    /// Both sides stop now.
    func close() {
        end { state in
            state.isClosed = true
            state.elements = []
        }
    }

    private func end(_ change: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { (state.producer, state.consumer) = (nil, nil) }
            return [state.producer, state.consumer]
        }
        for continuation in waiting { continuation?.resume() }
    }

    /// One task a side: a slot is never taken twice.
    private func pause(until isReady: (State) -> Bool, at slot: any WritableKeyPath<State, CheckedContinuation<Void, Never>?> & Sendable) async {
        await withCheckedContinuation { continuation in
            let isReadyNow = state.withLock { state in
                if isReady(state) { return true }
                state[keyPath: slot] = continuation
                return false
            }
            if isReadyNow { continuation.resume() }
        }
    }
}

import Synchronization

/// Hands elements from the task that reads the connection to the one that asks for them; holds a few hundred, then the reader waits.
final class Relay<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var start = 0
        var isFinished = false
        var failure: (any Error)?
        var producer: CheckedContinuation<Void, Never>?
        var consumer: CheckedContinuation<Void, Never>?
        var count: Int { elements.count - start }
    }
    private static var capacity: Int { 512 }
    private let state = Mutex(State())

    /// `false`: nobody reads any more.
    func put(_ element: Element) async -> Bool {
        while true {
            let step = state.withLock { state -> (result: Bool?, wake: CheckedContinuation<Void, Never>?) in
                if state.isFinished { return (false, nil) }
                guard state.count < Self.capacity else { return (nil, nil) }
                state.elements.append(element)
                defer { state.consumer = nil }
                return (true, state.consumer)
            }
            step.wake?.resume()
            if let result = step.result { return result }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isFinished || state.count < Self.capacity { return true }
                    state.producer = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    /// `nil` at the end.
    func take() async throws -> Element? {
        while true {
            let step = try state.withLock { state -> (element: Element?, isEnd: Bool, wake: CheckedContinuation<Void, Never>?) in
                if state.count > 0 {
                    let element = state.elements[state.start]
                    state.start += 1
                    if state.start == state.elements.count || state.start >= Self.capacity {
                        state.elements.removeFirst(state.start)
                        state.start = 0
                    }
                    defer { state.producer = nil }
                    return (element, false, state.producer)
                }
                if let failure = state.failure { throw failure }
                return (nil, state.isFinished, nil)
            }
            step.wake?.resume()
            if step.element != nil || step.isEnd { return step.element }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isFinished || state.count > 0 { return true }
                    state.consumer = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    func finish(_ failure: (any Error)?) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>?] in
            guard !state.isFinished else { return [] }
            state.isFinished = true
            state.failure = failure
            defer { (state.producer, state.consumer) = (nil, nil) }
            return [state.producer, state.consumer]
        }
        for continuation in waiting { continuation?.resume() }
    }
}

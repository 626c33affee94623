import Synchronization

/// Calls back at an interval until stopped; a call that takes longer than the interval is not overtaken.
final class Ticker: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)

    func start(every seconds: Double, _ body: @escaping @Sendable () async -> Void) {
        let task = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(seconds))
                if Task.isCancelled { return }
                await body()
            }
        }
        self.task.withLock { $0 = task }
    }

    func stop() async {
        let task = self.task.withLock { $0 }
        task?.cancel()
        await task?.value
    }
}

/// Says yes at the first of every n calls.
final class EveryNth: Sendable {
    private let count = Mutex(0)
    private let n: Int
    init(_ n: Int) { self.n = n }
    func next() -> Bool {
        count.withLock { count in
            defer { count += 1 }
            return count % n == 0
        }
    }
}

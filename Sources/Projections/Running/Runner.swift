public import EventModel
internal import Synchronization

/// Keeps one view at the head of the log, on a thread of its own.
///
///     notify(head:) ▶ bell ▶ readFacts (≤ 1,024) ▶ apply ▶ position published, waiters resumed ▶ … ▶ commit
///
/// What is applied is visible at once; it is committed after 250 ms or 10,000 facts, but never so often that commits take more than a tenth of the
/// time (a rebuild commits rarely). After a crash the view goes on from its last commit, and no fact is applied twice, since rows and checkpoint are
/// in one transaction. A fact that can't be applied, or a store that can't be written, parks the runner with the reason; posting goes on.
public final class Runner: Sendable {
    public enum State: Equatable, Sendable {
        /// Behind the head.
        case catchingUp
        /// At the head when it last looked.
        case live
        /// Stopped by an error, until the view is rebuilt.
        case parked(String)
        case stopped
    }

    /// Facts per `apply`: the view's lock is held that long.
    static let chunk = 1_024
    static let commitFacts = 10_000
    static let commitMilliseconds = 250

    let view: any View
    private let source: any FactSource
    private let bell = Bell()
    private let applied: Atomic<UInt64>
    private let isStopping = Atomic<Bool>(false)
    private let shared = Mutex(Shared())
    private let thread = Mutex<WorkerThread?>(nil)

    private struct Shared {
        var state = State.catchingUp
        var nextID = 0
        var waiters: [Int: Waiter] = [:]
    }
    private struct Waiter {
        var position: Position
        var continuation: CheckedContinuation<Bool, Never>
    }

    init(view: any View, source: any FactSource) {
        self.view = view
        self.source = source
        applied = Atomic(view.position.rawValue)
    }

    /// What queries of the view reflect.
    public var position: Position { Position(applied.load(ordering: .acquiring)) }
    public var state: State { shared.withLock { $0.state } }

    func start() {
        thread.withLock { $0 = WorkerThread(name: "view") { self.run() } }
    }

    /// Tells that the log has grown. Never blocks.
    public func notify(head: Position) { if head.rawValue > applied.load(ordering: .relaxed) { bell.ring() } }

    /// Commits what is applied and ends the thread; waiters are told no. Blocks until it has ended.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        bell.ring()
        let running = thread.withLock { running in
            let taken = running
            running = nil
            return taken
        }
        running?.join()
    }

    /// Waits until the view reflects a position. `false` after the timeout, or if the runner is parked or stopped.
    public func wait(for position: Position, timeoutSeconds: Double) async -> Bool {
        if self.position >= position { return true }
        let id = shared.withLock { shared in
            shared.nextID += 1
            return shared.nextID
        }
        let timer = Task {
            try? await Task.sleep(for: .seconds(timeoutSeconds))
            self.expire(id)
        }
        let isThere = await withCheckedContinuation { continuation in
            let isOver = shared.withLock { shared in
                if timeoutSeconds <= 0 || self.position >= position || shared.state.isOver { return true }
                shared.waiters[id] = Waiter(position: position, continuation: continuation)
                return false
            }
            if isOver { continuation.resume(returning: self.position >= position) }
        }
        timer.cancel()
        return isThere
    }

    private func expire(_ id: Int) {
        let waiter = shared.withLock { $0.waiters.removeValue(forKey: id) }
        waiter?.continuation.resume(returning: false)
    }

    // MARK: The thread

    private func run() {
        do {
            try follow()
            end(.stopped)
        } catch {
            end(.parked(String(describing: error)))
        }
    }

    private func follow() throws {
        var facts: [FactRecord] = []
        facts.reserveCapacity(Self.chunk)
        var pending = 0
        var committedAt = monotonicMicroseconds()
        var commitCost: Int64 = 0
        while !isStopping.load(ordering: .acquiring) {
            let position = self.position
            if position < source.head {
                set(.catchingUp)
                try fold(after: position, &facts)
                pending += facts.count
            } else {
                set(.live)
                let since = Int((monotonicMicroseconds() - committedAt) / 1_000)
                bell.wait(milliseconds: pending == 0 ? 1_000 : max(1, Self.commitMilliseconds - since))
            }
            guard pending > 0 else { continue }
            let elapsed = monotonicMicroseconds() - committedAt
            guard elapsed >= Int64(Self.commitMilliseconds) * 1_000 || pending >= Self.commitFacts, elapsed >= 10 * commitCost else { continue }
            let start = monotonicMicroseconds()
            try commit()
            committedAt = monotonicMicroseconds()
            commitCost = committedAt - start
            pending = 0
        }
        if pending > 0 { try commit() }
    }

    private func fold(after position: Position, _ facts: inout [FactRecord]) throws {
        facts.removeAll(keepingCapacity: true)
        let last = try source.readFacts(after: position, limit: Self.chunk) { facts.append($0) }
        guard last > position else { throw ViewError.inconsistent(at: position.next, what: "the log gives nothing though its head is beyond") }
        try view.apply(facts)
        publish(last)
    }

    private func commit() throws { try view.commit(at: try source.checkpoint(at: position)) }

    private func publish(_ position: Position) {
        applied.store(position.rawValue, ordering: .releasing)
        let ready = shared.withLock { shared -> [Waiter] in
            guard !shared.waiters.isEmpty else { return [] }
            let ready = shared.waiters.filter { $0.value.position <= position }
            for id in ready.keys { shared.waiters[id] = nil }
            return Array(ready.values)
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    private func set(_ state: State) { shared.withLock { if $0.state != state { $0.state = state } } }

    private func end(_ state: State) {
        let waiters = shared.withLock { shared in
            shared.state = state
            let waiters = shared.waiters
            shared.waiters = [:]
            return waiters
        }
        for waiter in waiters.values { waiter.continuation.resume(returning: false) }
    }
}

extension Runner.State {
    var isOver: Bool {
        switch self {
        case .catchingUp, .live: false
        case .parked, .stopped: true
        }
    }

    /// `catching-up`, `live`, `parked`, `stopped`
    public var name: String {
        switch self {
        case .catchingUp: "catching-up"
        case .live: "live"
        case .parked: "parked"
        case .stopped: "stopped"
        }
    }
}

extension FactSource {
    /// The checkpoint a view at this position commits with.
    func checkpoint(at position: Position) throws -> ViewCheckpoint {
        ViewCheckpoint(origin: origin, position: position, leafHash: try leafHash(at: position) ?? [])
    }

    /// Whether a view's checkpoint lies in this log: same origin, same leaf there.
    func holds(_ checkpoint: ViewCheckpoint) -> Bool {
        guard checkpoint.origin == origin, checkpoint.position <= head else { return false }
        guard let leaf = try? leafHash(at: checkpoint.position) else { return false }
        return leaf == checkpoint.leafHash
    }
}

internal import Foundation

/// A lock for many readers or one writer, in which a waiting writer goes before new readers: a stream of queries can't hold a view back.
///
/// Held for a chunk of facts or a query, so what it costs itself (some 0.1 µs) doesn't matter.
// @unchecked: the counts are guarded by the condition's own lock.
final class ReadWriteLock: @unchecked Sendable {
    private let condition = NSCondition()
    private var readers = 0
    private var waitingWriters = 0
    private var isWriting = false

    /// Runs `body` beside other readers. Not recursive.
    func read<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        while isWriting || waitingWriters > 0 { condition.wait() }
        readers += 1
        condition.unlock()
        defer {
            condition.lock()
            readers -= 1
            if readers == 0 { condition.broadcast() }
            condition.unlock()
        }
        return try body()
    }

    /// Runs `body` alone. Not recursive.
    func write<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        waitingWriters += 1
        while isWriting || readers > 0 { condition.wait() }
        waitingWriters -= 1
        isWriting = true
        condition.unlock()
        defer {
            condition.lock()
            isWriting = false
            condition.broadcast()
            condition.unlock()
        }
        return try body()
    }
}

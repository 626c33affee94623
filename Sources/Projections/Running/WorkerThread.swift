internal import Foundation

/// A thread of its own, for work that blocks: none of it may park a thread of Swift's cooperative pool.
final class WorkerThread: Sendable {
    private let done = Bell()

    /// Starts the thread. `isBackground` lowers its priority to the lowest (nice 19; on Linux niceness belongs to the thread that asks).
    init(name: String, isBackground: Bool = false, _ run: @escaping @Sendable () -> Void) {
        let done = done
        let thread = Thread {
            if isBackground { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) }
            run()
            done.ring()
        }
        thread.name = name
        thread.start()
    }

    /// Waits until the work is done; to be called once.
    func join() { done.wait() }
}

/// Lets one thread sleep until another rings.
// @unchecked: the flag is guarded by the condition's own lock.
final class Bell: @unchecked Sendable {
    private let condition = NSCondition()
    private var isRung = false

    /// Wakes the sleeper, or lets its next sleep return at once.
    func ring() {
        condition.lock()
        isRung = true
        condition.signal()
        condition.unlock()
    }

    /// Sleeps until it is rung, at most that long if a limit is given.
    func wait(milliseconds: Int? = nil) {
        let deadline = milliseconds.map { Date(timeIntervalSinceNow: Double($0) / 1_000) }
        condition.lock()
        while !isRung {
            // Not wait(until: .distantFuture): Foundation on Linux traps on it.
            guard let deadline else {
                condition.wait()
                continue
            }
            if !condition.wait(until: deadline) { break }
        }
        isRung = false
        condition.unlock()
    }
}

/// Microseconds on the monotonic clock.
func monotonicMicroseconds() -> Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000) }

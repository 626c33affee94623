import EventModel
import Foundation
import LMDB
import Synchronization

/// The local sequencer: one thread that drains a bounded queue, decides, applies and commits in groups (归批提交).
///
/// Acknowledges nothing before its commit is durable. A commit error other than a full store poisons it: the outcome is unknown, and only a
/// new start can tell (reliability: never retry fsync).
final class LogWriter: Sendable {
    struct Limits: Sendable {
        var queueEvents = 16_384
        var queueBytes = 32 << 20
        var batchEvents = 4_096
        var batchBytes = 8 << 20
        /// How long to wait for company, µs; only after batches that had some.
        var lingerMicroseconds: UInt32 = 50
    }
    private struct Queue {
        var waiting: [any Submission] = []
        var events = 0
        var bytes = 0
        var isStopping = false
        var isPoisoned = false
        var jobs: [CheckpointJob] = []
        /// Nothing new is taken, but the thread goes on for jobs.
        var isClosed = false
        /// A batch is being written.
        var isWriting = false
    }

    private let store: LogStore
    private let index: CaseIndex
    private let names: NameTable
    private let limits: Limits
    private let queue = Mutex(Queue())
    private let wake = NSCondition()
    private let isFinished = Mutex(true)
    private let clock: @Sendable () -> Instant
    private let published: PublishedHead
    private let frontier: Mutex<Frontier>
    private let observer: any WriterObserver

    init(
        store: LogStore, index: CaseIndex, names: NameTable, published: PublishedHead, frontier: Frontier, limits: Limits,
        clock: @escaping @Sendable () -> Instant, observer: any WriterObserver
    ) {
        self.store = store
        self.index = index
        self.names = names
        self.published = published
        self.frontier = Mutex(frontier)
        self.limits = limits
        self.clock = clock
        self.observer = observer
    }

    func start() {
        isFinished.withLock { $0 = false }
        let thread = Thread { [self] in
            run()
            isFinished.withLock { $0 = true }
        }
        thread.name = "writer"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Puts all of them into the queue, in order, or none if they don't fit. `false`: full, stopping or poisoned.
    func enqueue(_ submissions: [any Submission]) -> Bool {
        let events = submissions.reduce(0) { $0 + $1.eventCount }
        let bytes = submissions.reduce(0) { $0 + $1.byteCount }
        let isTaken = queue.withLock { queue in
            if queue.isClosed || queue.isStopping || queue.isPoisoned { return false }
            // An empty queue takes anything the limits of a request let through.
            if queue.events > 0, queue.events + events > limits.queueEvents || queue.bytes + bytes > limits.queueBytes { return false }
            queue.waiting.append(contentsOf: submissions)
            queue.events += events
            queue.bytes += bytes
            return true
        }
        if isTaken { signal() }
        return isTaken
    }

    /// Puts a checkpoint into the queue: it is stored after the batch being written, in a transaction of its own. `false`: stopping or poisoned.
    func enqueue(_ job: CheckpointJob) -> Bool {
        let isTaken = queue.withLock { queue in
            if queue.isStopping || queue.isPoisoned { return false }
            queue.jobs.append(job)
            return true
        }
        if isTaken { signal() }
        return isTaken
    }

    private func signal() {
        wake.lock()
        wake.signal()
        wake.unlock()
    }

    var isPoisoned: Bool { queue.withLock { $0.isPoisoned } }
    var depth: (events: Int, bytes: Int) { queue.withLock { ($0.events, $0.bytes) } }

    /// Takes no submissions any more and waits until those it has are written; jobs are still done.
    func drain() {
        queue.withLock { $0.isClosed = true }
        while queue.withLock({ ($0.isWriting || !$0.waiting.isEmpty) && !$0.isPoisoned }) { usleep(500) }
    }

    /// Takes nothing new, finishes what waits, ends the thread.
    func stop() {
        queue.withLock { $0.isStopping = true }
        wake.lock()
        wake.broadcast()
        wake.unlock()
        while !isFinished.withLock({ $0 }) { usleep(500) }
    }

    private func run() {
        var hadCompany = false
        while true {
            wake.lock()
            while queue.withLock({ $0.waiting.isEmpty && $0.jobs.isEmpty && !$0.isStopping }) {
                _ = wake.wait(until: Date(timeIntervalSinceNow: 0.5))
            }
            wake.unlock()
            if hadCompany, limits.lingerMicroseconds > 0 { usleep(limits.lingerMicroseconds) }
            let batch = takeBatch()
            hadCompany = batch.count > 1
            if !batch.isEmpty { write(batch) }
            let jobs = queue.withLock { queue in
                defer { queue.jobs = [] }
                queue.isWriting = false
                return queue.jobs
            }
            for job in jobs { store(job) }
            if batch.isEmpty, queue.withLock({ $0.isStopping && $0.waiting.isEmpty && $0.jobs.isEmpty }) { return }
        }
    }

    private func takeBatch() -> [any Submission] {
        queue.withLock { queue in
            var count = 0
            var events = 0
            var bytes = 0
            for submission in queue.waiting {
                if count > 0, events + submission.eventCount > limits.batchEvents || bytes + submission.byteCount > limits.batchBytes { break }
                count += 1
                events += submission.eventCount
                bytes += submission.byteCount
            }
            let batch = Array(queue.waiting[0..<count])
            queue.waiting.removeFirst(count)
            queue.isWriting = count > 0
            queue.events -= events
            queue.bytes -= bytes
            return batch
        }
    }

    private func write(_ batch: [any Submission]) {
        if isPoisoned {
            for submission in batch { submission.failed(.outcomeUnknown) }
            return
        }
        let log = StagedLog(
            applier: Applier(store: store, index: index, names: names, head: published.value, frontier: frontier.withLock { $0 }), clock: clock())
        var waiting: [any Submission] = []
        do throws(LogError) {
            var transaction = try begin()
            for submission in batch {
                switch submission.decide(on: log) {
                case .answered: continue
                case .answeredOnceDurable: waiting.append(submission)
                case .commit(let commit):
                    switch try log.applier.apply(commit, in: &transaction) {
                    case .success(let admitted):
                        submission.staged(admitted)
                        waiting.append(submission)
                    case .failure(let reason): submission.void(reason)
                    }
                }
            }
            if log.applier.rows.isEmpty {
                transaction.abort()
            } else {
                try log.applier.finish(in: &transaction)
                do { try transaction.commit() } catch { throw error.isFull ? .store(error) : .commitOutcomeUnknown(error) }
            }
        } catch {
            fail(batch: waiting, rest: batch, error)
            return
        }
        if !log.applier.rows.isEmpty {
            frontier.withLock { $0 = log.applier.frontier }
            names.add(log.applier.newNames)
            index.add(log.applier.rows)
            observer.batchEnded(isDurable: true)
            published.publish(log.applier.head)
        } else {
            observer.batchEnded(isDurable: true)
        }
        for submission in waiting { submission.durable() }
    }

    /// Writes a checkpoint, durably. It touches no entry: head, frontier and index stay as they are.
    private func store(_ job: CheckpointJob) {
        if isPoisoned { return job.done(.commitOutcomeUnknown(.panic)) }
        do throws(LogError) {
            var transaction = try begin()
            do {
                if job.isKept { try transaction.put(Key(job.size), job.note, in: store.checkpoints) }
                try transaction.put("note", job.note, in: store.meta)
            } catch {
                throw .store(error)
            }
            do { try transaction.commit() } catch { throw error.isFull ? .store(error) : .commitOutcomeUnknown(error) }
            job.done(nil)
        } catch {
            if case .store(let cause) = error, cause.isFull {} else { fail(batch: [], rest: [], error) }
            job.done(error)
        }
    }

    private func begin() throws(LogError) -> WriteTransaction {
        do { return try store.environment.beginWrite() } catch { throw .store(error) }
    }

    /// A failure after some had already been answered (refused) must not answer those again: submissions ignore a second answer.
    private func fail(batch waiting: [any Submission], rest: [any Submission], _ error: LogError) {
        observer.batchEnded(isDurable: false)
        let failure: WriteFailure
        if case .store(let cause) = error, cause.isFull {
            failure = .full
        } else {
            failure = .outcomeUnknown
            queue.withLock { $0.isPoisoned = true }
        }
        for submission in rest { submission.failed(failure) }
        if failure == .outcomeUnknown {
            let stranded = queue.withLock { queue in
                defer { (queue.waiting, queue.events, queue.bytes) = ([], 0, 0) }
                return queue.waiting
            }
            for submission in stranded { submission.failed(.outcomeUnknown) }
            observer.poisoned("\(error)")
        }
    }
}

/// Told by the writer, on its thread.
public protocol WriterObserver: Sendable {
    /// What the batch staged is now durable, or gone.
    func batchEnded(isDurable: Bool)
    /// Writing is over until a restart; the reason holds no case data.
    func poisoned(_ reason: String)
}

extension LMDBError {
    /// Whether it means "no room", after which a transaction can be dropped and writing go on later.
    var isFull: Bool { self == .mapFull || self == .noSpace || self == .txnFull }
}

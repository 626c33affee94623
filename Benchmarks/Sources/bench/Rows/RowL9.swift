import Engine
import EventLog
import EventModel
import Foundation
import Synchronization
import Workflow

/// L9: the log core. Commits decided beforehand, 1,000 to a group: admitted, joined, hashed, tree, indexed, fsynced.
struct RowL9 {
    static let perCommit = 1_000
    let setting: Setting

    init(_ setting: Setting) { self.setting = setting }

    func measure() throws -> RowResult {
        let mix = Mix(seed: setting.seed, cases: setting.events(quick: 6_000, standard: 300_000) / Mix.eventsPerCase)
        var decider = Decider(rulebook: try City.rulebook())
        let commits = try mix.interleaved(open: 6_000).map { try decider.commit(mix.event($0)) }
        let count = commits.reduce(0) { $0 + $1.factCount }
        var own = Series(samples: [])
        var floor = Series(samples: [])
        var size = 0
        var cpu = CPUTime()
        var digest = Digest()
        for _ in 0..<setting.rounds {
            let directory = try setting.work.fresh("l9")
            own.samples.append(Double(count) / (try LogCore.write(commits, to: directory, &cpu)))
            let raw = try Floor.append("\(directory)/log", blobs: false, work: setting.work)
            floor.samples.append(raw.perSecond)
            size = raw.bytesPerEvent
            try digest.take("\(directory)/log")
        }
        guard digest.events == count else { throw BenchError("\(count) events were submitted, the log has \(digest.events)") }
        return RowResult(
            row: "L9", work: "log core: commits decided and sealed beforehand, groups of 1,000", events: count, perSecond: own,
            baselines: [Baseline("raw C loop, entries only, 1,000 a commit", floor, goal: 0.35, row: own)], resultHash: digest.hash,
            notes: ["\(digest.eventsPerCommit) events a group commit; \(size) B of key, header, words and entry an event", cpu.note])
    }
}

/// Drives `AppendOnlyLog` with ready commits.
enum LogCore {
    /// Writes commits into a new log, with at most three groups of 1,000 under way; returns the seconds until the last is durable.
    static func write(_ commits: [Commit], to directory: String, _ cpu: inout CPUTime) throws -> Double {
        let gate = Gate()
        var rest = commits[...]
        let groups = stride(from: 0, to: commits.count, by: RowL9.perCommit).map { _ in
            let group: [any Submission] = rest.prefix(RowL9.perCommit).map { ReadySubmission($0, gate) }
            rest = rest.dropFirst(RowL9.perCommit)
            return group
        }
        let log = try create(directory)
        defer { log.close() }
        let start = ContinuousClock.now
        cpu.start()
        for group in groups { try gate.submit(group, to: log) }
        try gate.drain()
        cpu.stop(events: commits.count)
        return seconds(since: start)
    }

    static func create(_ directory: String) throws -> AppendOnlyLog {
        let now = wallClock()
        let genesis = Fact.system(
            LogCreated(origin: "bench.example/appeals", key: "none"), stream: .log, id: "genesis", source: "/engine", actor: "engine/0",
            time: EventTime(text: RFC3339.utc(now), instant: now))
        var options = AppendOnlyLog.Options()
        options.queueBytes = 1 << 30
        try AppendOnlyLog.create(directory: directory, origin: "bench.example/appeals", genesis: genesis, clock: now, options: options)
        return try AppendOnlyLog(directory: directory, options: options, observer: SilentObserver())
    }
}

/// A commit that waits for nothing but its turn.
final class ReadySubmission: Submission {
    private let commit: Commit
    private let gate: Gate
    let eventCount: Int
    /// What makes a full group of the writer (8 MiB) exactly 1,000 of these.
    let byteCount = (8 << 20) / RowL9.perCommit

    init(_ commit: Commit, _ gate: Gate) {
        self.commit = commit
        self.gate = gate
        eventCount = commit.factCount
    }

    func decide(on log: StagedLog) -> Verdict {
        var commit = commit
        commit.clock = log.clock
        return .commit(commit)
    }
    func staged(_ admitted: [[Admitted]]) {}
    func void(_ reason: VoidReason) { gate.done(failure: "void: \(reason)") }
    func durable() { gate.done() }
    func failed(_ failure: WriteFailure) { gate.done(failure: "failed: \(failure)") }
}

/// Lets three groups be under way, and knows when all are durable.
final class Gate: Sendable {
    private struct State {
        var open = 0
        var failure: String?
    }
    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)

    func submit(_ group: [any Submission], to log: AppendOnlyLog) throws {
        while state.withLock({ $0.open > 2 * RowL9.perCommit }) { room.wait() }
        state.withLock { $0.open += group.count }
        guard log.submit(group) else { throw BenchError("the queue is full") }
    }

    func drain() throws {
        while state.withLock({ $0.open > 0 }) { room.wait() }
        if let failure = state.withLock({ $0.failure }) { throw BenchError(failure) }
    }

    fileprivate func done(failure: String? = nil) {
        let open = state.withLock { state in
            state.open -= 1
            if let failure { state.failure = failure }
            return state.open
        }
        if open == 2 * RowL9.perCommit || open == 0 { room.signal() }
    }
}

struct SilentObserver: WriterObserver {
    func batchEnded(isDurable: Bool) {}
    func poisoned(_ reason: String) { fatalError("the log was poisoned: \(reason)") }
}

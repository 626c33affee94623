import EventLog
import EventModel
import Foundation
import Projections
import Workflow

/// V1: the views built from nothing, all at once, as after an update of the program.
struct RowV1 {
    let setting: Setting

    init(_ setting: Setting) { self.setting = setting }

    func measure() async throws -> RowResult {
        let size = setting.size == .full ? 24_000_000 : setting.events(quick: 12_000, standard: 1_200_000)
        let directory = try setting.work.fresh("v1")
        try fill(directory, mix: Mix(seed: setting.seed, cases: size / Mix.eventsPerCase))
        var digest = Digest()
        try digest.take("\(directory)/log")
        var own = Series(samples: [])
        var scan = Series(samples: [])
        var memory = 0.0
        var cpu = CPUTime()
        var rates: [String: [Double]] = [:]
        for _ in 0..<setting.rounds {
            scan.samples.append(try Floor.scan("\(directory)/log").perSecond)
            let log = try AppendOnlyLog(directory: directory, observer: SilentObserver())
            defer { log.close() }
            let views = try setting.work.fresh("views")
            let before = Self.memory
            let start = ContinuousClock.now
            cpu.start()
            let set = try ProjectionSet(directory: views, source: LogFacts(reader: log.reader))
            defer { set.stop() }
            set.notify(head: log.reader.head.position)
            guard await set.wait(for: log.reader.head.position, timeoutSeconds: 3_600) else {
                throw BenchError("the views did not arrive: \(set.status())")
            }
            own.samples.append(Double(digest.events) / seconds(since: start))
            cpu.stop(events: digest.events)
            memory = max(memory, Self.memory - before)
            for name in ProjectionSet.names {
                let start = ContinuousClock.now
                try await set.rebuild(name)
                rates[name, default: []].append(Double(digest.events) / seconds(since: start))
            }
        }
        let each = ProjectionSet.names.map { "\($0) \(Report.short(Series.median(rates[$0] ?? [])))" }
        return RowResult(
            row: "V1", work: "all views from nothing, side by side", events: digest.events, perSecond: own,
            baselines: [Baseline("raw C cursor over the same log", scan, goal: 0.1, row: own)], resultHash: digest.hash,
            notes: [
                cpu.note,
                "each alone, rebuilt beside the live one: \(each.joined(separator: ", ")) a second",
                String(format: "%.0f MiB of memory more than before, beside mapped files; the goal is 2 GiB at 24 M events", memory),
            ])
    }

    /// A log of the mix, written by the log core; decided here, so that only as much as is under way is held in memory.
    private func fill(_ directory: String, mix: Mix) throws {
        var decider = Decider(rulebook: try City.rulebook())
        let log = try LogCore.create(directory)
        defer { log.close() }
        let gate = Gate()
        var group: [any Submission] = []
        for place in mix.interleaved(open: 60_000) {
            group.append(ReadySubmission(try decider.commit(mix.event(place)), gate))
            if group.count == RowL9.perCommit {
                try gate.submit(group, to: log)
                group = []
            }
        }
        try gate.submit(group, to: log)
        try gate.drain()
    }

    /// Memory of this process that is no page of a file, MiB.
    private static var memory: Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Double($0) } ?? 0) / 1_024
    }
}

/// The log as the views see it; the engine's own adapter is internal to it.
private struct LogFacts: FactSource {
    let reader: LogReader
    var origin: String { reader.origin }
    var head: Position { reader.head.position }
    func readFacts(after: Position, limit: Int, _ body: (FactRecord) throws -> Void) throws -> Position {
        try reader.readFacts(after: after, limit: limit, body)
    }
    func name(_ id: NameID) -> String? { reader.name(id) }
    func leafHash(at position: Position) throws -> [UInt8]? { try reader.leafHash(at: position) }
    func streamName(_ number: StreamNumber) throws -> StreamName? { try reader.streamName(number) }
}

import Engine
import EventModel
import Foundation
import Workflow

/// L1: the whole path in process. JSON bytes in; scanned, decided, sealed, hashed, tree, indexed, fsynced; views following.
struct RowL1 {
    /// Posters, each with batches of its own cases; so many that a group commit has about 1,000 events.
    static let posters = 4
    static let batch = 500
    let setting: Setting

    init(_ setting: Setting) { self.setting = setting }

    func measure() async throws -> RowResult {
        let mix = Mix(seed: setting.seed, cases: setting.events(quick: 6_000, standard: 120_000) / Mix.eventsPerCase)
        let batches = (0..<Self.posters).map { poster in
            let places = mix.interleaved(first: poster, stride: Self.posters, open: 12_000 / Self.posters)
            return stride(from: 0, to: places.count, by: Self.batch).map { start in
                places[start..<min(start + Self.batch, places.count)].map { mix.event($0) }
            }
        }
        let events = batches.joined().reduce(0) { $0 + $1.count }
        let bytes = batches.joined().joined().reduce(0) { $0 + $1.count }
        var own = Series(samples: [])
        var floor = Series(samples: [])
        var size = 0
        var cpu = CPUTime()
        var digest = Digest()
        for _ in 0..<setting.rounds {
            let directory = try setting.work.fresh("l1")
            let engine = try await City.open(directory)
            let start = ContinuousClock.now
            cpu.start()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for batches in batches {
                    group.addTask { for batch in batches { try Self.check(await engine.post(batch, by: Mix.peer)) } }
                }
                try await group.waitForAll()
            }
            own.samples.append(Double(events) / seconds(since: start))
            cpu.stop(events: events)
            await engine.stop()
            let raw = try Floor.append("\(directory)/data/log", blobs: true, work: setting.work)
            floor.samples.append(raw.perSecond)
            size = raw.bytesPerEvent
            try digest.take("\(directory)/data/log")
        }
        return RowResult(
            row: "L1", work: "whole path in process, the mix, groups of about 1,000", events: events, perSecond: own,
            baselines: [Baseline("raw C loop, entries and blobs, 1,000 a commit", floor, goal: 0.22, row: own)], resultHash: digest.hash,
            notes: [
                "\(digest.eventsPerCommit) events a group commit in the mean",
                "\(bytes / events) B posted, \(size) B stored an event: keys, headers, words, entries, blobs",
                cpu.note,
                "\(digest.events - events) overdue facts added by the engine",
            ])
    }

    private static func check(_ results: [PostResult]) throws {
        for result in results {
            guard case .accepted = result else {
                throw BenchError("a post was not accepted: \(String(decoding: result.json(language: .en, requestID: nil), as: UTF8.self))")
            }
        }
    }
}

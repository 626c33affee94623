import Foundation

/// E1: HTTP over the Unix socket, 64 connections with one event under way on each.
struct RowE1 {
    static let connections = 64
    let setting: Setting

    init(_ setting: Setting) { self.setting = setting }

    func measure() async throws -> RowResult {
        let count = setting.events(quick: 64 * 12, standard: 64 * 12 * 78)
        let mix = Mix(seed: setting.seed, cases: count / Mix.eventsPerCase)
        let requests = LoadGenerator.Requests(mix.lanes(Self.connections).map { mix.event($0) }, type: "application/cloudevents+json")
        let typical = Self.typical(mix)
        var own: [LoadGenerator.Run] = []
        var empty: [LoadGenerator.Run] = []
        var inserts: [(perSecond: Double, latency: Double)] = []
        var digest = Digest()
        let postgres = try await PostgreSQL(setting.work)
        defer { postgres?.stop() }
        for round in 0..<setting.rounds {
            empty.append(try await nullServer(requests))
            let daemon = try await Daemon(setting.work, name: "e1")
            defer { daemon.stop() }
            own.append(try LoadGenerator.closedLoop(daemon.socket, connections: Self.connections, requests))
            daemon.stop()
            try digest.take(daemon.log)
            if let result = try postgres?.singles(clients: Self.connections, seconds: setting.size == .quick ? 1 : 5, round: round, event: typical) {
                inserts.append(result)
            }
        }
        let series = Series(samples: own.map(\.perSecond))
        return RowResult(
            row: "E1", work: "HTTP over the socket, 64 connections × 1 event of the mix", events: requests.count, perSecond: series,
            baselines: [
                Baseline("the same server without a store", Series(samples: empty.map(\.perSecond)), goal: 0.7, row: series),
                Baseline(
                    "PostgreSQL, 64 clients × 1", inserts.isEmpty ? nil : Series(samples: inserts.map(\.perSecond)), goal: 1.2,
                    unavailable: PostgreSQL.missing,
                    row: series),
            ], resultHash: digest.hash,
            notes: [
                Self.latency("engine", own), Self.latency("without a store", empty),
                inserts.isEmpty ? "" : String(format: "PostgreSQL: mean %.2f ms", Series.median(inserts.map(\.latency))),
            ].filter { !$0.isEmpty })
    }

    private func nullServer(_ requests: LoadGenerator.Requests) async throws -> LoadGenerator.Run {
        let socket = "\(setting.work.socketDirectory)/null.sock"
        let log = "\(setting.work.path)/null.log"
        let server = try Child(try Daemon.program("null-server"), [socket], log: log)
        defer {
            server.stop()
            try? FileManager.default.removeItem(atPath: socket)
        }
        try await Daemon.wait(for: socket, server, log: log)
        return try LoadGenerator.closedLoop(socket, connections: Self.connections, requests)
    }

    private static func latency(_ name: String, _ runs: [LoadGenerator.Run]) -> String {
        String(format: "%@: p50 %.2f ms, p99 %.2f ms", name as NSString, Series.median(runs.map(\.p50)), Series.median(runs.map(\.p99)))
    }

    /// The event of one case whose length is nearest to the mean of all.
    static func typical(_ mix: Mix) -> [UInt8] {
        let events = Mix.Step.allCases.map { mix.event($0, of: 0) }
        let mean = events.reduce(0) { $0 + $1.count } / events.count
        return events.min { abs($0.count - mean) < abs($1.count - mean) } ?? []
    }
}

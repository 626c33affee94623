/// E2: NDJSON streams on four connections.
struct RowE2 {
    static let connections = 4
    let setting: Setting

    init(_ setting: Setting) { self.setting = setting }

    func measure() async throws -> RowResult {
        let mix = Mix(seed: setting.seed, cases: setting.events(quick: 6_000, standard: 120_000) / Mix.eventsPerCase)
        let streams = (0..<Self.connections).map { connection in
            mix.interleaved(first: connection, stride: Self.connections, open: 24_000 / Self.connections).map { mix.event($0) }
        }
        let events = streams.reduce(0) { $0 + $1.count }
        var own = Series(samples: [])
        var peer = Series(samples: [])
        var digest = Digest()
        for _ in 0..<setting.rounds {
            let daemon = try await Daemon(setting.work, name: "e2")
            defer { daemon.stop() }
            own.samples.append(try LoadGenerator.streams(daemon.socket, streams))
            daemon.stop()
            try digest.take(daemon.log)
            if let umadb = try UmaDB(setting.work, events: streams.flatMap { $0 }) {
                defer { umadb.stop() }
                peer.samples.append(try umadb.append(clients: Self.connections, batch: 1_000))
            }
        }
        var baselines = [
            Baseline("UmaDB 0.7.8, 4 clients × 1,000", peer.samples.isEmpty ? nil : peer, goal: 1.5, unavailable: UmaDB.missing, row: own)
        ]
        if peer.samples.isEmpty, let standIn = try await standIn(mix) {
            baselines.append(Baseline("stand-in: PostgreSQL, 8 clients × 100", standIn, row: own))
        }
        return RowResult(
            row: "E2", work: "NDJSON over the socket, 4 connections, the mix", events: events, perSecond: own, baselines: baselines,
            resultHash: digest.hash,
            notes: ["\(digest.eventsPerCommit) events a group commit in the mean"])
    }

    private func standIn(_ mix: Mix) async throws -> Series? {
        guard let postgres = try await PostgreSQL(setting.work) else { return nil }
        defer { postgres.stop() }
        return Series(
            samples: try (0..<setting.rounds).map { round in
                try postgres.hundreds(clients: 8, seconds: setting.size == .quick ? 1 : 5, round: round, event: RowE1.typical(mix))
            })
    }
}

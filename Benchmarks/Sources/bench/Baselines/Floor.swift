import CFloor

/// The C loops, as Swift calls them.
enum Floor {
    /// Entries a second of the raw loop, putting what the log at `source` holds into a new environment; and the bytes of keys and values.
    static func append(_ source: String, blobs: Bool, work: WorkDirectory) throws -> (perSecond: Double, bytesPerEvent: Int) {
        var run = floor_run()
        try check(floor_append(source, try work.fresh("floor"), blobs ? 1 : 0, UInt32(RowL9.perCommit), &run), "raw C loop")
        return (Double(run.events) / run.seconds, Int(run.bytes / max(1, run.events)))
    }

    static func scan(_ log: String) throws -> (events: Int, perSecond: Double) {
        var run = floor_run()
        var sum: UInt64 = 0
        try check(floor_scan(log, &run, &sum), "raw C scan")
        return (Int(run.events), Double(run.events) / run.seconds)
    }
}

/// What rounds of one row have left in their logs: the same every time, or the row is void.
struct Digest {
    /// Events of cases and sources.
    private(set) var events = 0
    private(set) var hash = ""
    /// Events a group commit, of each round.
    private var perCommit: [Double] = []
    var eventsPerCommit: Int { Int(Series.median(perCommit).rounded()) }

    mutating func take(_ log: String) throws {
        var events: UInt64 = 0
        var commits: UInt64 = 0
        var digest: UInt64 = 0
        try check(floor_digest(log, &events, &commits, &digest), "digest")
        let hex = String(digest, radix: 16)
        let hash = String(repeating: "0", count: 16 - hex.count) + hex
        guard self.hash.isEmpty || self.hash == hash else {
            throw BenchError("this round's log holds other events than the one before: \(self.hash), \(hash)")
        }
        self.events = Int(events)
        self.hash = hash
        perCommit.append(Double(events) / Double(max(1, commits)))
    }
}

import Foundation

/// Repeated measurements of one thing, in events (or requests) a second.
struct Series: Encodable {
    var samples: [Double]
    var median: Double { Self.median(samples) }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted.count % 2 == 1 ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
    }

    enum Key: CodingKey { case median, samples }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(median.rounded(), forKey: .median)
        try container.encode(samples.map { $0.rounded() }, forKey: .samples)
    }
}

/// What a row is compared with; without a series it says why there is none.
struct Baseline: Encodable {
    var name: String
    var perSecond: Series?
    var unavailable: String?
    /// The row must reach at least this many times the baseline.
    var goal: Double?
    var ratio: Double?

    init(_ name: String, _ series: Series?, goal: Double? = nil, unavailable: String? = nil, row: Series) {
        self.name = name
        perSecond = series
        self.goal = goal
        self.unavailable = unavailable
        ratio = series.map { (row.median / $0.median * 1_000).rounded() / 1_000 }
    }
}

struct RowResult: Encodable {
    var row: String
    var work: String
    var events: Int
    var perSecond: Series
    var baselines: [Baseline]
    /// Same seed and size: same events, same number. See `floor_digest`.
    var resultHash: String
    /// Latencies, mean batch and the like, in words.
    var notes: [String] = []
}

struct BenchError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// CPU of this process over the timed part of each round, all threads: steadier than time on a machine that isn't quiet.
struct CPUTime {
    private var started = 0.0
    private var microseconds: [Double] = []

    mutating func start() { started = Self.now }
    mutating func stop(events: Int) { microseconds.append((Self.now - started) * 1e6 / Double(events)) }
    var note: String { String(format: "%.2f µs of CPU an event, all threads", Series.median(microseconds)) }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

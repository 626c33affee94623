public import EventModel

/// Where an engine keeps its things, and how much it takes in.
public struct EngineConfiguration: Sendable {
    /// DATA: the log, its index, the views. One engine a directory.
    public var dataDirectory: String
    /// KEYS: never below DATA, so that a copy of DATA opens nothing.
    public var keysDirectory: String
    /// CHECKPOINTS: where the last signed checkpoint is copied to, so that a roll-back of DATA shows. Below neither of the two.
    public var checkpointsDirectory: String
    /// How often a head that has grown is signed, in seconds.
    public var signSeconds: Double
    /// Address space of the log's map, bytes (not disk).
    public var mapSizeBytes: Int
    /// Events and bytes that may wait for the writer; beyond them posts are answered `queue-full`.
    public var queueEvents: Int
    public var queueBytes: Int
    /// How often overdue deadlines are looked for, in seconds.
    public var tickSeconds: Double
    /// Cases kept folded in memory, at most.
    public var cachedCases: Int
    /// Tests and simulations only: replaces the wall clock.
    public var fixedClock: (@Sendable () -> Instant)?

    /// `checkpointsDirectory` is `checkpoints` beside KEYS if left out.
    public init(
        dataDirectory: String, keysDirectory: String, checkpointsDirectory: String? = nil, signSeconds: Double = 1, mapSizeBytes: Int = 1 << 40,
        queueEvents: Int = 16_384, queueBytes: Int = 32 << 20,
        tickSeconds: Double = 1, cachedCases: Int = 50_000, fixedClock: (@Sendable () -> Instant)? = nil
    ) {
        self.dataDirectory = dataDirectory
        self.keysDirectory = keysDirectory
        self.checkpointsDirectory = checkpointsDirectory ?? Self.checkpoints(beside: keysDirectory)
        self.signSeconds = signSeconds
        self.mapSizeBytes = mapSizeBytes
        self.queueEvents = queueEvents
        self.queueBytes = queueBytes
        self.tickSeconds = tickSeconds
        self.cachedCases = cachedCases
        self.fixedClock = fixedClock
    }

    /// `checkpoints`, in the directory that holds KEYS.
    public static func checkpoints(beside keys: String) -> String {
        guard let slash = keys.utf8.dropLast(keys.hasSuffix("/") ? 1 : 0).lastIndex(of: UInt8(ascii: "/")) else { return "checkpoints" }
        return "\(keys[..<slash])/checkpoints"
    }
}

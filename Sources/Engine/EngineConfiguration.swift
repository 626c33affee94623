public import EventModel

/// Where an engine keeps its things, and how much it takes in.
public struct EngineConfiguration: Sendable {
    /// DATA: the log, its index, the views. One engine a directory.
    public var dataDirectory: String
    /// KEYS: never below DATA, so that a copy of DATA opens nothing.
    public var keysDirectory: String
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

    public init(
        dataDirectory: String, keysDirectory: String, mapSizeBytes: Int = 1 << 40, queueEvents: Int = 16_384, queueBytes: Int = 32 << 20,
        tickSeconds: Double = 1, cachedCases: Int = 50_000, fixedClock: (@Sendable () -> Instant)? = nil
    ) {
        self.dataDirectory = dataDirectory
        self.keysDirectory = keysDirectory
        self.mapSizeBytes = mapSizeBytes
        self.queueEvents = queueEvents
        self.queueBytes = queueBytes
        self.tickSeconds = tickSeconds
        self.cachedCases = cachedCases
        self.fixedClock = fixedClock
    }
}

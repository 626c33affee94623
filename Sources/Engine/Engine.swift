internal import EventLog
public import EventModel
internal import Foundation
public import Logging
internal import Projections
internal import Synchronization
public import Workflow

/// The engine of a city's public appeals (诉求引擎): posts in, facts durable, views and proofs out.
///
/// ```
/// post ▶ Preparer ▶ [queue] ▶ ClaimSubmission.decide ▶ log ▶ receipt
///                                                       └──▶ ProjectionSet ▶ queries
///                       Ticker ▶ TimedSubmission ▶ [queue]
/// ```
/// It knows nothing of HTTP: the daemon is one way to reach it, a Swift program that embeds it another.
public final class Engine: Sendable {
    public let configuration: EngineConfiguration
    let log: AppendOnlyLog
    let reader: LogReader
    let keyring: Keyring
    let stage: WriterStage
    let preparer: Preparer
    let deciding: DecisionServices
    let views: ProjectionSet
    let pool: ReaderPool
    let logger: Logger
    let clock: @Sendable () -> Instant
    let started: Instant
    let counters = Counters()
    let publisher: CheckpointPublisher
    let signing = SigningState()
    private let ticker: Ticker
    let closingTick = EveryNth(60)
    private let signer = Ticker()
    private let observer: EngineObserver
    private let isStopping = Mutex(false)

    /// Creates DATA and KEYS with the genesis entry: origin, public key, format.
    ///
    /// Throws `EngineError.alreadyInitialised` if there is a log already; nothing is overwritten.
    public static func initialise(_ configuration: EngineConfiguration, origin: String) throws {
        guard (1...255).contains(origin.utf8.count), origin.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "+") }) else {
            throw EngineError(.badOrigin, "an origin is 1–255 printable ASCII characters without spaces and '+', like city.example/appeals")
        }
        let data = configuration.dataDirectory
        guard !configuration.keysDirectory.hasPrefix(data + "/"), configuration.keysDirectory != data else {
            throw EngineError(.keys, "keys must not lie below the data: a copy of \(data) would then open everything")
        }
        if FileManager.default.fileExists(atPath: "\(data)/log/data.mdb") {
            throw EngineError(.alreadyInitialised, "\(data) already holds a log; nothing was changed. Start it with engine-daemon.")
        }
        if !FileManager.default.fileExists(atPath: "\(configuration.keysDirectory)/signing.seed") {
            try Keyring.create(in: configuration.keysDirectory)
        }
        let keyring = try Keyring(directory: configuration.keysDirectory)
        let now = (configuration.fixedClock ?? wallClock)()
        var options = AppendOnlyLog.Options()
        options.mapSizeBytes = configuration.mapSizeBytes
        let genesis = Genesis.fact(origin: origin, verifierKey: keyring.verifierKey(origin: origin), now: now, uid: geteuid())
        try AppendOnlyLog.create(directory: data, origin: origin, genesis: genesis, clock: now, options: options)
    }

    /// Opens DATA: locks it, checks the head, the newest entries and every head known to be signed, brings the index up to the head, then
    /// starts writer, views, signer and ticker.
    ///
    /// Throws `LogError` or `EngineError`, saying what is wrong and what to do; then nothing has been written.
    public init(_ configuration: EngineConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        let clock = configuration.fixedClock ?? wallClock
        self.clock = clock
        started = clock()
        keyring = try Keyring(directory: configuration.keysDirectory)
        observer = EngineObserver(logger: logger)
        var options = AppendOnlyLog.Options()
        options.mapSizeBytes = configuration.mapSizeBytes
        options.queueEvents = configuration.queueEvents
        options.queueBytes = configuration.queueBytes
        options.clock = clock
        let data = configuration.dataDirectory
        log = try AppendOnlyLog(directory: data, options: options, observer: observer)
        reader = log.reader
        let sealer = Sealer(keyring: keyring, origin: log.origin)
        let loader = CaseLoader(reader: reader, sealer: sealer)
        let cache = CaseCache(capacity: configuration.cachedCases)
        deciding = DecisionServices(codeEpoch: keyring.lookupEpoch, engineUID: geteuid())
        do {
            let adopted = try RulebookHistory.latest(reader)
            let stage = WriterStage(cache: cache, loader: loader, rulebook: adopted, sourceClocks: try SourceClocks.read(reader))
            self.stage = stage
            observer.stage.withLock { $0 = stage }
            preparer = Preparer(reader: reader, sealer: sealer, cache: cache, loader: loader, receipts: ReceiptWriter(keyring: keyring))
            pool = ReaderPool()
            guard configuration.checkpointsDirectory != data, !configuration.checkpointsDirectory.hasPrefix(data + "/") else {
                throw EngineError(.keys, "checkpoints must not lie below the data: a roll-back of \(data) would take them along")
            }
            publisher = try CheckpointPublisher(log: log, keyring: keyring, directory: configuration.checkpointsDirectory)
            views = try ProjectionSet(directory: "\(data)/views", source: LogFacts(reader: reader))
            ticker = Ticker()
        } catch {
            log.close()
            throw error
        }
        let views = views
        log.onHeadMove { head in views.notify(head: head) }
        ticker.start(every: configuration.tickSeconds) { [weak self] in await self?.tick() }
        signer.start(every: configuration.signSeconds) { [weak self] in await self?.signIfGrown() }
        logger.info("engine open", metadata: ["origin": "\(log.origin)", "position": "\(head)", "rulebook": "\(stage.rulebook.rulebook.version)"])
    }

    /// Takes nothing new, finishes what waits, closes. Idempotent.
    public func stop() async {
        let isFirst = isStopping.withLock { isStopping in
            defer { isStopping = true }
            return !isStopping
        }
        guard isFirst else { return }
        await ticker.stop()
        await signer.stop()
        log.drain()
        await signIfGrown()
        views.stop()
        // Readers first: a snapshot must not outlive its environment.
        await pool.stop()
        log.close()
        logger.info("engine closed")
    }

    public var origin: String { log.origin }
    /// The durable head: all up to it is visible.
    public var head: Position { reader.head.position }
    /// Whether posts are taken: open, caught up, not poisoned. (Opening returns only when the index has caught up.)
    public var isReady: Bool { !log.isPoisoned && !isStopping.withLock { $0 } }
    /// Writing is over until a restart: the outcome of a commit is unknown. The process must exit (75) and be started again.
    public var isPoisoned: Bool { log.isPoisoned }
    public func onPoison(_ handler: @escaping @Sendable (String) -> Void) { observer.onPoison.withLock { $0 = handler } }
    public var rulebook: Rulebook { stage.rulebook.rulebook }

    /// Returns when the head is beyond a position, or on time-out, with the head there is then.
    public func waitForHead(beyond position: Position, timeoutSeconds: Double) async -> Position {
        await reader.waitForHead(beyond: position, timeoutSeconds: timeoutSeconds)
    }

    /// Whether all views have applied a position, within the time.
    public func waitForViews(at position: Position, timeoutSeconds: Double) async -> Bool {
        await views.wait(for: position, timeoutSeconds: timeoutSeconds)
    }
}

/// What the writer tells the engine.
final class EngineObserver: WriterObserver {
    let stage = Mutex<WriterStage?>(nil)
    let onPoison = Mutex<(@Sendable (String) -> Void)?>(nil)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func batchEnded(isDurable: Bool) { stage.withLock { $0 }?.batchEnded(isDurable: isDurable) }
    func poisoned(_ reason: String) {
        logger.critical("writing is over until a restart", metadata: ["reason": "\(reason)"])
        onPoison.withLock { $0 }?(reason)
    }
}

/// The log as the views see it.
struct LogFacts: FactSource {
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

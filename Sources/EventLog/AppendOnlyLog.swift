public import EventModel
internal import Foundation
internal import LMDB
internal import Synchronization

/// The log of a city: what is in it is what happened (日志).
///
/// ```
/// Submission ▶ LogWriter ─ decide ▶ Commit ▶ Applier ▶ LMDB log/ ▶ published head ▶ readers
///                                                         └─────▶ CaseIndex (follower)
/// ```
public final class AppendOnlyLog: Sendable {
    public struct Options: Sendable {
        public var mapSizeBytes = 1 << 40
        public var indexMapSizeBytes = 1 << 38
        public var queueEvents = 16_384
        public var queueBytes = 32 << 20
        /// Entries re-hashed at start.
        public var startupCheck = 10_000
        public var clock: @Sendable () -> Instant = { wallClock() }
        public init() {}
    }

    private let store: LogStore
    private let index: CaseIndex
    private let names: NameTable
    private let writer: LogWriter
    private let published: PublishedHead
    private let lock: DirectoryLock
    public let reader: LogReader
    public let origin: String

    /// Creates `log/` with the genesis entry (position 1, stream `@log`). Throws `LogError.alreadyInitialised`.
    public static func create(directory: String, origin: String, genesis: Fact, clock: Instant, options: Options = Options()) throws {
        let lock = try DirectoryLock(directory: directory)
        defer { lock.release() }
        let store = try LogStore(directory: "\(directory)/log", mapSizeBytes: options.mapSizeBytes)
        defer { store.environment.close() }
        guard try store.load() == nil else { throw LogError.alreadyInitialised(directory) }
        let names = try NameTable(store)
        let scratch = try CaseIndex(
            directory: "\(directory)/index", mapSizeBytes: options.indexMapSizeBytes, origin: origin, head: .start,
            leafAt: { _ throws(LogError) in nil })
        var applier = Applier(store: store, index: scratch, names: names, head: .empty, frontier: Frontier())
        var transaction = try store.environment.beginWrite()
        try transaction.put("format", littleEndian(LogStore.format), in: store.meta)
        try transaction.put("origin", Array(origin.utf8), in: store.meta)
        let commit = Commit(id: 0, clock: clock, sections: [Commit.Section(stream: .log, expectedRevision: 0, facts: [genesis])])
        if case .failure(let reason) = try applier.apply(commit, in: &transaction) { throw reason }
        try applier.finish(in: &transaction)
        try transaction.commit()
        scratch.stop()
    }

    /// Opens the log of a data directory: lock, format, frontier against the stored root, the newest entries re-hashed, index brought up to the head.
    /// Writes nothing to `log/`. Throws `LogError`, naming the position where something is wrong.
    public init(directory: String, options: Options = Options(), observer: any WriterObserver) throws {
        let lock = try DirectoryLock(directory: directory)
        self.lock = lock
        do {
            let store = try LogStore(directory: "\(directory)/log", mapSizeBytes: options.mapSizeBytes)
            guard let (origin, head) = try store.load() else { throw LogError.notInitialised(directory) }
            _ = try store.environment.checkStaleReaders()
            self.store = store
            self.origin = origin
            names = try NameTable(store)
            guard names.all.count == Int(head.lastName) else {
                throw LogError.damaged(at: head.position, what: "\(names.all.count) names are stored, not \(head.lastName)")
            }
            let frontier = try Frontier(size: head.position.rawValue) { index throws(LogError) in
                guard let node = try store.node(index) else { throw LogError.damaged(at: head.position, what: "tree node \(index) is missing") }
                return node
            }
            guard frontier.root == head.root else { throw LogError.damaged(at: head.position, what: "the tree's root is not the stored one") }
            guard try store.fact(at: head.position.next) == nil else {
                throw LogError.damaged(at: head.position.next, what: "an entry stands beyond the head")
            }
            published = PublishedHead(head)
            index = try CaseIndex(
                directory: "\(directory)/index", mapSizeBytes: options.indexMapSizeBytes, origin: origin, head: head.position,
                leafAt: { position throws(LogError) in try store.leaf(at: position) })
            reader = LogReader(store: store, index: index, names: names, published: published, origin: origin)
            try Self.check(store, head: head.position, count: options.startupCheck)
            try Self.catchUp(store, index, to: head.position)
            index.start()
            writer = LogWriter(
                store: store, index: index, names: names, published: published, frontier: frontier,
                limits: LogWriter.Limits(queueEvents: options.queueEvents, queueBytes: options.queueBytes), clock: options.clock, observer: observer)
            writer.start()
        } catch {
            lock.release()
            throw error
        }
    }

    /// Puts submissions into the writer's queue, in order, all or none. `false`: the queue is full, or writing is over.
    public func submit(_ submissions: [any Submission]) -> Bool { writer.enqueue(submissions) }

    /// Stores a signed checkpoint on the writer's thread and waits until it is durable. Blocks; never call it on that thread.
    func store(_ signed: SignedCheckpoint, isKept: Bool) throws(LogError) {
        let answer = Mutex<LogError?>(nil)
        let told = DispatchSemaphore(value: 0)
        let job = CheckpointJob(size: signed.checkpoint.size, note: signed.note, isKept: isKept) { failure in
            answer.withLock { $0 = failure }
            told.signal()
        }
        guard writer.enqueue(job) else { throw .checkpoint("the writer takes none: it stops, or was poisoned") }
        told.wait()
        if let failure = answer.withLock({ $0 }) { throw failure }
    }

    /// The last note signed, and the newest kept.
    func lastNote() throws(LogError) -> [UInt8]? { try store.lastNote() }
    func newestCheckpoint() throws(LogError) -> (size: UInt64, note: [UInt8])? { try store.newestCheckpoint() }

    /// Takes no submissions any more and waits until those taken are written. A last checkpoint can then still be published.
    public func drain() { writer.drain() }

    public var isPoisoned: Bool { writer.isPoisoned }
    public var queueDepth: (events: Int, bytes: Int) { writer.depth }
    /// How far the index environment is; what is newer is answered from memory.
    public var indexPosition: Position { index.merged }
    /// Why the index isn't written to disk; `nil` while it is.
    public var indexFailure: String? { index.failure }
    public func onHeadMove(_ listener: @escaping @Sendable (Position) -> Void) { published.onMove(listener) }
    public var storeInfo: (fileBytes: Int, mapSizeBytes: Int) {
        let info = store.environment.info
        return (Int(info.fileBytes), Int(info.mapSizeBytes))
    }

    /// Finishes what is queued, merges the index, closes. Call once.
    public func close() {
        writer.stop()
        index.stop()
        store.environment.close()
        lock.release()
    }

    /// Re-hashes the newest entries. Throws `LogError.damaged` at the first whose leaf isn't the stored one.
    private static func check(_ store: LogStore, head: Position, count: Int) throws(LogError) {
        var position = Position(head.rawValue > UInt64(count) ? head.rawValue - UInt64(count) : 0)
        while position < head {
            position = position.next
            guard let fact = try store.fact(at: position) else { throw .damaged(at: position, what: "the entry is missing") }
            guard try store.leaf(at: position) == MerkleHash.leaf(fact.entry) else {
                throw .damaged(at: position, what: "the leaf hash doesn't match the entry")
            }
        }
    }

    /// Reads what the index has not seen; merges whenever its memory is full. Before its thread is started.
    private static func catchUp(_ store: LogStore, _ index: CaseIndex, to head: Position) throws(LogError) {
        var position = index.through
        var rows: [IndexRow] = []
        while position < head {
            position = position.next
            guard let (record, entry) = try store.fact(at: position) else { throw .damaged(at: position, what: "the entry is missing") }
            rows.append(try IndexRow(record, entry: entry))
            if rows.count >= 10_000 || position == head {
                index.add(rows)
                rows = []
                try index.mergeIfFull()
            }
        }
    }
}

extension IndexRow {
    init(_ record: FactRecord, entry: [UInt8]) throws(LogError) {
        let header = record.header
        position = record.position
        stream = header.stream
        revision = header.revision
        idHash = header.idHash
        external = header.flags.contains(.externalReference) ? record.words[record.words.count - 1] : nil
        newStream = nil
        if header.revision == 1, header.stream.isCase {
            do {
                guard let subject = try JSONDocument(entry).root["subject"]?.string else {
                    throw LogError.damaged(at: record.position, what: "the entry has no subject")
                }
                newStream = StreamName(subject)
            } catch let error as LogError {
                throw error
            } catch {
                throw .damaged(at: record.position, what: "the entry is \(error)")
            }
        }
    }
}

func littleEndian(_ value: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    appendLittleEndian(value, to: &bytes)
    return bytes
}

/// The machine's wall clock, to the microsecond.
public func wallClock() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
}

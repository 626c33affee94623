import EventModel
import Foundation
import LMDB
import Synchronization

/// Finds entries by stream, by (source, id) and by external reference (索引). A follower of the log: its own environment, its own thread,
/// never part of an acknowledgement; but no write is admitted before it has caught up.
///
/// Entries newer than the environment are answered from two generations in memory: `live` is filled by the writer, `frozen` is being merged.
/// Both stay readable until the merge is committed, and a merge can be repeated: same keys, same values.
final class CaseIndex: Sendable {
    /// Entries after which a generation is merged.
    static let generationCapacity = 200_000

    private struct Tables: Sendable {
        let streams: Table  // name → number
        let cases: Table  // stream number ‖ revision → position
        let ids: Table  // id hash ‖ position → nothing
        let externals: Table  // external hash ‖ position → nothing
        let meta: Table
    }
    private struct State {
        var merged: Position
        var frozen: IndexGeneration?
        var live: IndexGeneration
        var isStopping = false
        /// Why the last merge failed; `nil` since one succeeded.
        var failure: String?
    }

    private let environment: Environment
    private let tables: Tables
    private let state: Mutex<State>
    private let origin: String
    private let leafAt: @Sendable (Position) throws(LogError) -> [UInt8]?
    private let wake = NSCondition()
    private let isFinished = Mutex(true)

    /// Opens `index/`; throws its content away if it is of another history than the log whose origin and leaves are given.
    init(
        directory: String, mapSizeBytes: Int, origin: String, head: Position, leafAt: @escaping @Sendable (Position) throws(LogError) -> [UInt8]?
    ) throws(LogError) {
        self.origin = origin
        self.leafAt = leafAt
        do {
            environment = try Environment(at: directory, mapSizeBytes: mapSizeBytes)
            tables = Tables(
                streams: try environment.table("streams"), cases: try environment.table("cases"), ids: try environment.table("ids"),
                externals: try environment.table("externals"), meta: try environment.table("meta"))
        } catch {
            throw .store(error)
        }
        let checkpoint = try Self.checkpoint(environment, tables.meta)
        var merged = Position.start
        if let checkpoint, checkpoint.origin == origin, checkpoint.position <= head, try leafAt(checkpoint.position) == checkpoint.leaf {
            merged = checkpoint.position
        } else if checkpoint != nil {
            try Self.clear(environment, tables)
        }
        state = Mutex(State(merged: merged, live: IndexGeneration(base: merged)))
    }

    /// The last entry that is answered from disk.
    var merged: Position { state.withLock { $0.merged } }
    /// Why entries stay in memory: the last merge failed, and is tried again each second.
    var failure: String? { state.withLock { $0.failure } }
    /// The last entry that is answered at all.
    var through: Position { state.withLock { $0.live.through } }

    func start() {
        isFinished.withLock { $0 = false }
        let thread = Thread { [weak self] in
            self?.run()
            self?.isFinished.withLock { $0 = true }
        }
        thread.name = "index"
        thread.start()
    }

    /// Merges what is in memory and ends the thread.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake.lock()
        wake.broadcast()
        wake.unlock()
        while !isFinished.withLock({ $0 }) { usleep(1_000) }
        try? merge()
        environment.close()
    }

    /// Adds entries, in order; called by the writer after their commit is durable, and by catch-up at start.
    func add(_ rows: [IndexRow]) {
        let isFull = state.withLock { state in
            for row in rows {
                state.live.add(
                    position: row.position, stream: row.stream, revision: row.revision, name: row.newStream, idHash: row.idHash,
                    external: row.external)
            }
            return state.live.count >= Self.generationCapacity
        }
        if isFull {
            wake.lock()
            wake.signal()
            wake.unlock()
            // Two full generations: the writer waits for the merge rather than grow without bound. A merge that fails says so in the health.
            while state.withLock({ $0.frozen != nil && $0.live.count >= 2 * Self.generationCapacity && !$0.isStopping && $0.failure == nil }) {
                usleep(500)
            }
        }
    }

    /// Merges on the caller's thread if a generation is full: for the catch-up before `start`, which would hold the whole log in memory.
    func mergeIfFull() throws(LogError) { if state.withLock({ $0.live.count >= Self.generationCapacity }) { try merge() } }

    // MARK: Questions

    func streamNumber(_ name: StreamName) throws(LogError) -> StreamNumber? {
        if let system = name.systemNumber { return system }
        if let number = state.withLock({ $0.live.newStreams[name] ?? $0.frozen?.newStreams[name] }) { return number }
        guard name.rawValue.utf8.count <= 256, !name.rawValue.isEmpty else { return nil }
        return try read { transaction throws(LMDBError) in
            guard let value = try transaction.value(for: name.rawValue, in: tables.streams) else { return nil }
            return StreamNumber(value.loadBigEndian(UInt64.self))
        }
    }

    func last(of stream: StreamNumber) throws(LogError) -> (revision: Revision, position: Position)? {
        if let last = state.withLock({ $0.live.last(of: stream) ?? $0.frozen?.last(of: stream) }) { return last }
        return try read { transaction throws(LMDBError) in
            var cursor = try transaction.cursor(over: tables.cases)
            var found = try cursor.seek(to: Key(stream.rawValue + 1, UInt32(0)))
            found = found ? try cursor.previous() : try cursor.last()
            guard found, cursor.key.loadBigEndian(UInt64.self) == stream.rawValue else { return nil }
            return (cursor.key.loadBigEndian(UInt32.self, at: 8), Position(cursor.value.loadBigEndian(UInt64.self)))
        }
    }

    /// All positions of a stream, in order of revision.
    func positions(of stream: StreamNumber) throws(LogError) -> [Position] {
        // The memory first: what a merge moves meanwhile is then seen twice, never missed.
        let (merged, tail) = state.withLock { state in
            (state.merged, (state.frozen?.streams[stream] ?? []) + (state.live.streams[stream] ?? []))
        }
        let stored = try read { transaction throws(LMDBError) in
            var positions: [Position] = []
            var cursor = try transaction.cursor(over: tables.cases)
            var found = try cursor.seek(to: Key(stream.rawValue, UInt32(0)))
            while found, cursor.key.loadBigEndian(UInt64.self) == stream.rawValue {
                let position = Position(cursor.value.loadBigEndian(UInt64.self))
                if position <= merged { positions.append(position) }
                found = try cursor.next()
            }
            return positions
        }
        return stored + tail
    }

    /// Positions whose id hash is this; the caller compares source and id in full.
    func candidates(idHash: UInt64) throws(LogError) -> [Position] {
        try candidates(idHash, in: tables.ids) { $0.ids[idHash] }
    }
    func candidates(external: UInt64) throws(LogError) -> [Position] {
        try candidates(external, in: tables.externals) { $0.externals[external] }
    }

    private func candidates(_ hash: UInt64, in table: Table, memory: (IndexGeneration) -> [Position]?) throws(LogError) -> [Position] {
        let (merged, tail) = state.withLock { state in
            (state.merged, (state.frozen.flatMap(memory) ?? []) + (memory(state.live) ?? []))
        }
        if merged == .start { return tail }
        let stored = try read { transaction throws(LMDBError) in
            var positions: [Position] = []
            var cursor = try transaction.cursor(over: table)
            var found = try cursor.seek(to: Key(hash, UInt64(0)))
            while found, cursor.key.loadBigEndian(UInt64.self) == hash {
                let position = Position(cursor.key.loadBigEndian(UInt64.self, at: 8))
                if position <= merged { positions.append(position) }
                found = try cursor.next()
            }
            return positions
        }
        return stored + tail
    }

    /// The serial with this prefix that sorts last, from disk and memory.
    func greatestName(prefix: String) throws(LogError) -> StreamName? {
        let memory = state.withLock { state in
            let names = Array(state.live.newStreams.keys) + Array(state.frozen?.newStreams.keys ?? [:].keys)
            return names.filter { $0.rawValue.hasPrefix(prefix) }.max { $0.rawValue < $1.rawValue }
        }
        let stored = try read { transaction throws(LMDBError) in
            var cursor = try transaction.cursor(over: tables.streams)
            var found = try cursor.seek(to: prefix + "\u{7f}")
            found = found ? try cursor.previous() : try cursor.last()
            guard found, let name = cursor.key.string(), name.hasPrefix(prefix) else { return StreamName?.none }
            return StreamName(name)
        }
        return [memory, stored].compactMap { $0 }.max { $0.rawValue < $1.rawValue }
    }

    // MARK: Merging

    private func run() {
        while true {
            wake.lock()
            _ = wake.wait(until: Date(timeIntervalSinceNow: 1))
            wake.unlock()
            if state.withLock({ $0.isStopping }) { return }
            do throws(LogError) {
                try merge()
                state.withLock { $0.failure = nil }
            } catch {
                // The next round tries again: memory still answers, and a start after a crash reads the log.
                state.withLock { $0.failure = "\(error)" }
            }
        }
    }

    /// Moves the live generation to disk. Idempotent: the same keys get the same values.
    private func merge() throws(LogError) {
        let frozen: IndexGeneration? = state.withLock { state in
            if state.frozen == nil, state.live.count > 0 {
                state.frozen = state.live
                state.live = IndexGeneration(base: state.live.through)
            }
            return state.frozen
        }
        guard let frozen else { return }
        guard let leaf = try leafAt(frozen.through) else { throw .damaged(at: frozen.through, what: "no leaf hash") }
        do {
            try environment.withWrite { transaction throws(LMDBError) in
                for (name, number) in frozen.newStreams.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                    try transaction.put(name.rawValue, Key(number.rawValue), in: tables.streams)
                }
                for (stream, positions) in frozen.streams.sorted(by: { $0.key < $1.key }) {
                    var revision = frozen.lastRevision[stream]! - Revision(positions.count) + 1
                    for position in positions {
                        try transaction.put(Key(stream.rawValue, revision), Key(position.rawValue), in: tables.cases)
                        revision += 1
                    }
                }
                for (hash, positions) in frozen.ids.sorted(by: { $0.key < $1.key }) {
                    for position in positions { try transaction.put(Key(hash, position.rawValue), [UInt8](), in: tables.ids) }
                }
                for (hash, positions) in frozen.externals.sorted(by: { $0.key < $1.key }) {
                    for position in positions { try transaction.put(Key(hash, position.rawValue), [UInt8](), in: tables.externals) }
                }
                try transaction.put("checkpoint", Self.encode(origin: origin, position: frozen.through, leaf: leaf), in: tables.meta)
            }
        } catch {
            throw .store(error)
        }
        state.withLock { state in
            state.merged = frozen.through
            state.frozen = nil
        }
    }

    private func read<Result>(_ body: (borrowing ReadTransaction) throws(LMDBError) -> Result) throws(LogError) -> Result {
        do { return try environment.withRead(body) } catch { throw .store(error) }
    }

    // MARK: Checkpoint

    private static func encode(origin: String, position: Position, leaf: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        appendLittleEndian(position.rawValue, to: &bytes)
        bytes.append(contentsOf: leaf)
        bytes.append(contentsOf: origin.utf8)
        return bytes
    }

    static func checkpoint(_ environment: Environment, _ meta: Table) throws(LogError) -> (origin: String, position: Position, leaf: [UInt8])? {
        do {
            return try environment.withRead { transaction throws(LMDBError) in
                guard let bytes = try transaction.bytes(for: "checkpoint", in: meta), bytes.count > 40 else { return nil }
                let position = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return (String(decoding: bytes[40...], as: UTF8.self), Position(position), Array(bytes[8..<40]))
            }
        } catch {
            throw .store(error)
        }
    }

    private static func clear(_ environment: Environment, _ tables: Tables) throws(LogError) {
        do {
            try environment.withWrite { transaction throws(LMDBError) in
                for table in [tables.streams, tables.cases, tables.ids, tables.externals, tables.meta] { try transaction.clear(table) }
            }
        } catch {
            throw .store(error)
        }
    }
}

/// One entry as the index keeps it.
struct IndexRow: Sendable {
    var position: Position
    var stream: StreamNumber
    var revision: Revision
    /// The stream's name, at revision 1.
    var newStream: StreamName?
    var idHash: UInt64
    var external: UInt64?
}

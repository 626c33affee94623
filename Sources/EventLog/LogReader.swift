public import EventModel
internal import LMDB

/// Reads the log: each call its own short snapshot, none across an `await`. Calls block on cold pages; use a reader pool, not the cooperative one.
public struct LogReader: Sendable {
    let store: LogStore
    let index: CaseIndex
    let names: NameTable
    let published: PublishedHead
    public let origin: String

    /// The durable head.
    public var head: LogHead { published.value }
    public func name(_ id: NameID) -> String? { names.text(id) }
    public func nameID(_ name: String) -> NameID? { names.id(name) }

    /// Calls the body with header and words of up to `limit` entries after a position, in order, up to the head as of the call.
    /// Returns the last position read (`after` if there was none). Throws `LogError.damaged` at the first value that is no fact.
    public func readFacts(after: Position, limit: Int, _ body: (FactRecord) throws -> Void) throws -> Position {
        let end = published.value.position
        guard after < end else { return after }
        return try store.environment.withRead { transaction in
            var cursor = try transaction.cursor(over: store.entries)
            var last = after
            var found = try cursor.seek(to: Key(after.rawValue + 1))
            var count = 0
            while found, count < limit {
                let position = Position(cursor.key.loadBigEndian(UInt64.self))
                guard position == last.next else { throw LogError.damaged(at: last.next, what: "the entry is missing") }
                if position > end { break }
                guard let record = FactRecord(position: position, value: cursor.value) else {
                    throw LogError.damaged(at: position, what: "the fact header is malformed")
                }
                try body(record)
                last = position
                count += 1
                found = try cursor.next()
            }
            if !found, last < end { throw LogError.damaged(at: last.next, what: "the entry is missing") }
            return last
        }
    }

    /// Header, words and the entry's bytes, verbatim; `nil` beyond the head. The leaf hash is not checked.
    public func fact(at position: Position) throws(LogError) -> (record: FactRecord, entry: [UInt8])? {
        position > published.value.position ? nil : try store.fact(at: position)
    }

    /// Like `fact(at:)` for up to `limit` entries that pass a filter, looking at no more than `looked` of them.
    /// Returns where it stopped looking. Throws `LogError.damaged` at the first position that is missing or no fact.
    public func facts(
        after: Position, limit: Int, looked: Int, where wanted: (FactRecord) -> Bool, _ body: (FactRecord, [UInt8]) -> Void
    ) throws -> Position {
        let end = published.value.position
        guard after < end else { return after }
        return try store.environment.withRead { transaction in
            var cursor = try transaction.cursor(over: store.entries)
            var last = after
            var taken = 0
            var seen = 0
            var found = try cursor.seek(to: Key(after.rawValue + 1))
            while found, taken < limit, seen < looked {
                let position = Position(cursor.key.loadBigEndian(UInt64.self))
                guard position == last.next else { throw LogError.damaged(at: last.next, what: "the entry is missing") }
                if position > end { break }
                guard let record = FactRecord(position: position, value: cursor.value) else {
                    throw LogError.damaged(at: position, what: "the fact header is malformed")
                }
                if wanted(record) {
                    body(record, entryBytes(of: cursor.value, header: record.header))
                    taken += 1
                }
                seen += 1
                last = position
                found = try cursor.next()
            }
            if !found, last < end { throw LogError.damaged(at: last.next, what: "the entry is missing") }
            return last
        }
    }

    /// An entry, scanned, its leaf hash checked. Throws `LogError.damaged` where the bytes aren't what was hashed.
    public func entry(at position: Position) throws(LogError) -> Entry? {
        position > published.value.position ? nil : try store.entry(at: position)
    }

    /// All entries of a stream in order of revision; empty if there is no such stream. Each leaf hash is checked, and that the index has not
    /// led to another stream's entry. Throws `LogError.damaged` rather than give a shorter answer.
    public func entries(of stream: StreamName) throws(LogError) -> [Entry] {
        guard let number = try index.streamNumber(stream) else { return [] }
        var entries: [Entry] = []
        let end = published.value.position
        for position in try index.positions(of: number) where position <= end {
            guard let entry = try store.entry(at: position) else { throw .damaged(at: position, what: "the entry is missing") }
            guard entry.envelope.subject == stream.rawValue, entry.head.revision == Revision(entries.count + 1) else {
                throw .damaged(
                    at: position, what: "the index leads to it as revision \(entries.count + 1) of another stream; delete index/ and start")
            }
            entries.append(entry)
        }
        return entries
    }

    public func streamNumber(_ name: StreamName) throws(LogError) -> StreamNumber? { try index.streamNumber(name) }

    /// A stream's revision; 0 if there is none.
    public func revision(of stream: StreamNumber) throws(LogError) -> Revision { try index.last(of: stream)?.revision ?? 0 }

    /// The name of a stream, from its first entry. O(log n).
    public func streamName(_ number: StreamNumber) throws(LogError) -> StreamName? {
        guard let first = try index.positions(of: number).first else { return nil }
        return try entry(at: first).map { StreamName($0.envelope.subject) }
    }

    public func leafHash(at position: Position) throws(LogError) -> [UInt8]? { try store.leaf(at: position) }

    /// The position of an event by its identity, compared in full.
    public func position(source: String, id: String) throws(LogError) -> Position? {
        try store.position(source: source, id: id, among: index.candidates(idHash: idHash(source: source, id: id)))
    }

    /// The case that has an external reference (platform ‖ 0 ‖ external id): candidates by hash, for the caller to compare.
    public func positions(external reference: String) throws(LogError) -> [Position] { try index.candidates(external: externalHash(reference)) }

    /// The serial with this prefix that sorts last.
    public func greatestSerial(prefix: String) throws(LogError) -> String? { try index.greatestName(prefix: prefix)?.rawValue }

    /// A sealed blob; `nil` if there is none or it was erased.
    public func blob(at position: Position, scope: Scope) throws(LogError) -> [UInt8]? {
        try store.read { transaction throws(LMDBError) in try transaction.bytes(for: Key(position.rawValue, scope.rawValue), in: store.sealed) }
    }

    /// The wrapped keys of a case.
    public func keyRecord(of stream: StreamNumber) throws(LogError) -> [UInt8]? {
        try store.read { transaction throws(LMDBError) in try transaction.bytes(for: Key(stream.rawValue), in: store.caseKeys) }
    }

    /// Waits until the head is beyond a position; returns the head there is then. Costs nothing while it waits.
    public func waitForHead(beyond position: Position, timeoutSeconds: Double) async -> Position {
        await published.wait(beyond: position, timeoutSeconds: timeoutSeconds)
    }

    /// The position an entry of this recordedtime or later first has: binary search over headers, O(log n) gets.
    public func firstPosition(recordedAtOrAfter instant: Instant) throws(LogError) -> Position {
        var low: UInt64 = 1
        var high = published.value.position.rawValue + 1
        while low < high {
            let middle = low + (high - low) / 2
            guard let fact = try store.fact(at: Position(middle)) else { throw .damaged(at: Position(middle), what: "the entry is missing") }
            if fact.record.header.recordedAt < instant { low = middle + 1 } else { high = middle }
        }
        return Position(low)
    }
}

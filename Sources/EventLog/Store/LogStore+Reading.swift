import EventModel
import LMDB

extension LogStore {
    func read<Result>(_ body: (borrowing ReadTransaction) throws(LMDBError) -> Result) throws(LogError) -> Result {
        do { return try environment.withRead(body) } catch { throw .store(error) }
    }

    func leaf(at position: Position) throws(LogError) -> [UInt8]? {
        guard position > .start, position <= LogHead.maxPosition else { return nil }
        return try node(DenseIndex.node(level: 0, position.rawValue - 1))
    }

    func node(_ index: UInt64) throws(LogError) -> [UInt8]? {
        try read { transaction throws(LMDBError) in try transaction.bytes(for: Key(index), in: nodes) }
    }

    /// Header, words and entry bytes; `nil` if there is no such position. Throws `LogError.damaged` for bytes that are no fact.
    func fact(at position: Position) throws(LogError) -> (record: FactRecord, entry: [UInt8])? {
        let value = try read { transaction throws(LMDBError) -> (FactRecord?, [UInt8])? in
            guard let value = try transaction.value(for: Key(position.rawValue), in: entries) else { return nil }
            guard let record = FactRecord(position: position, value: value) else { return (nil, []) }
            return (record, entryBytes(of: value, header: record.header))
        }
        guard let value else { return nil }
        guard let record = value.0 else { throw .damaged(at: position, what: "the fact header is malformed") }
        return (record, value.1)
    }

    /// An entry, scanned, its leaf hash checked. Throws `LogError.damaged` where the bytes aren't what was hashed.
    func entry(at position: Position) throws(LogError) -> Entry? {
        guard let fact = try fact(at: position) else { return nil }
        guard try leaf(at: position) == MerkleHash.leaf(fact.entry) else {
            throw .damaged(at: position, what: "the leaf hash doesn't match the entry")
        }
        do {
            guard let entry = try Entry(fact.entry) else { throw LogError.damaged(at: position, what: "the entry lacks a member") }
            return entry
        } catch let error as LogError {
            throw error
        } catch {
            throw .damaged(at: position, what: "the entry is \(error)")
        }
    }

    /// The position of (source, id) among candidates that share its hash; compared in full. A candidate that is gone is damage, not "unknown":
    /// else a retry could be taken twice.
    func position(source: String, id: String, among candidates: [Position]) throws(LogError) -> Position? {
        for candidate in candidates {
            guard let entry = try entry(at: candidate) else { throw .damaged(at: candidate, what: "the entry is missing") }
            if entry.envelope.source == source, entry.envelope.id == id { return candidate }
        }
        return nil
    }
}

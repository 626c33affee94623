public import EventModel
internal import LMDB

/// 公开: the items of the three publicities, newest first.
///
/// The view keeps both what facts alone make public and what a reviewer let through; the rulebook's policy chooses at the time of the question, so
/// that a change of policy needs no rebuild. Nothing of a whistle-blower case is ever given, nor of one that was of that class at any time.
// @unchecked: as CaseFile.
public final class PublicFeed: View, @unchecked Sendable {
    public static let name = "public-feed"
    public static let version = 1

    let lock = ReadWriteLock()
    private let store: ViewStore
    private let tables: [Table]
    private(set) var rows = FeedRows()
    private var committed: ViewCheckpoint?

    public init(opening directory: String, mapSizeBytes: Int, names: @escaping @Sendable (NameID) -> String?) throws {
        store = try ViewStore(directory, mapSizeBytes: mapSizeBytes)
        tables = try [rows.cases.name, rows.items.name, rows.assignments.table.name].map { [store] in try store.table($0) }
        committed = try store.checkpoint()
        try rows.load(from: store)
        rows.applied = committed?.position ?? .start
    }

    public var checkpoint: ViewCheckpoint? { lock.read { committed } }
    public var position: Position { lock.read { rows.applied } }
    public var rowCount: Int { lock.read { rows.cases.count + rows.items.count + rows.assignments.table.count } }

    public func apply(_ facts: [FactRecord]) throws { try lock.write { try rows.apply(facts) } }

    public func commit(at checkpoint: ViewCheckpoint) throws {
        try lock.read {
            try store.commit(at: checkpoint) { transaction in
                try rows.cases.write(to: &transaction, in: tables[0])
                try rows.items.write(to: &transaction, in: tables[1])
                try rows.assignments.table.write(to: &transaction, in: tables[2])
            }
        }
        lock.write {
            rows.cases.markClean()
            rows.items.markClean()
            rows.assignments.table.markClean()
            committed = checkpoint
        }
    }

    public func close() { store.close() }
}

public import EventModel
internal import LMDB

/// 部门指标: what the figures of domain.md §4 are counted from, a row a case, round, assignment, rating and happening.
///
/// Only facts are kept, no sums: every figure is counted at the time of the question, so that it is exact under any period, slice and rulebook, and
/// late facts, voids and merges count as they stand at `position`.
// @unchecked: as CaseFile.
public final class DepartmentKPI: View, @unchecked Sendable {
    public static let name = "department-kpi"
    public static let version = 1

    let lock = ReadWriteLock()
    private let store: ViewStore
    private let tables: [Table]
    private(set) var rows = KPIRows()
    private var committed: ViewCheckpoint?

    public init(opening directory: String, mapSizeBytes: Int, names: @escaping @Sendable (NameID) -> String?) throws {
        store = try ViewStore(directory, mapSizeBytes: mapSizeBytes)
        tables = try rows.tableNames.map { [store] in try store.table($0) }
        committed = try store.checkpoint()
        try rows.load(from: store)
        rows.applied = committed?.position ?? .start
    }

    public var checkpoint: ViewCheckpoint? { lock.read { committed } }
    public var position: Position { lock.read { rows.applied } }
    public var rowCount: Int { lock.read { rows.count } }

    public func apply(_ facts: [FactRecord]) throws { try lock.write { try rows.apply(facts) } }

    public func commit(at checkpoint: ViewCheckpoint) throws {
        try lock.read {
            var note: [UInt8] = []
            appendLittleEndian(rows.lastRecordedAt, to: &note)
            try store.commit(at: checkpoint, note: note) { transaction in try rows.write(to: &transaction, in: tables) }
        }
        lock.write {
            rows.markClean()
            committed = checkpoint
        }
    }

    public func close() { store.close() }
}

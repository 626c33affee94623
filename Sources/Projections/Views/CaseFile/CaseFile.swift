public import EventModel
internal import LMDB

/// 案卷: one row a case, for work queues and for looking a case up by its number.
///
/// Rows are an array indexed by stream number − 16; queries read it under the view's lock (see `View`).
// @unchecked: `lock` guards every stored property that changes.
public final class CaseFile: View, @unchecked Sendable {
    public static let name = "case-file"
    public static let version = 1

    let lock = ReadWriteLock()
    private let store: ViewStore
    private let tables: [Table]
    private(set) var rows = CaseFileRows()
    private var committed: ViewCheckpoint?

    public init(opening directory: String, mapSizeBytes: Int, names: @escaping @Sendable (NameID) -> String?) throws {
        store = try ViewStore(directory, mapSizeBytes: mapSizeBytes)
        tables = try [rows.cases.name, rows.assignments.table.name].map { [store] in try store.table($0) }
        committed = try store.checkpoint()
        try rows.cases.load(from: store)
        try rows.assignments.table.load(from: store)
        rows.applied = committed?.position ?? .start
    }

    public var checkpoint: ViewCheckpoint? { lock.read { committed } }
    public var position: Position { lock.read { rows.applied } }
    public var rowCount: Int { lock.read { rows.cases.count + rows.assignments.table.count } }

    public func apply(_ facts: [FactRecord]) throws { try lock.write { try rows.apply(facts) } }

    public func commit(at checkpoint: ViewCheckpoint) throws {
        try lock.read {
            try store.commit(at: checkpoint) { transaction in
                try rows.cases.write(to: &transaction, in: tables[0])
                try rows.assignments.table.write(to: &transaction, in: tables[1])
            }
        }
        lock.write {
            rows.cases.markClean()
            rows.assignments.table.markClean()
            committed = checkpoint
        }
    }

    public func close() { store.close() }

    /// One case; `nil` if the view hasn't seen it (yet). O(1).
    public func summary(of stream: StreamNumber) -> CaseSummary? {
        lock.read {
            guard stream.isCase else { return nil }
            let index = Int(stream.rawValue - StreamNumber.firstCase.rawValue)
            return index < rows.cases.count ? CaseSummary(rows.cases[index], index: index) : nil
        }
    }

    /// Number of cases by status, for the status page. O(cases).
    public func countsByStatus() -> [CaseStatus: Int] {
        lock.read {
            var counts: [CaseStatus: Int] = [:]
            for row in rows.cases.rows { if let status = CaseStatus(rawValue: row.status) { counts[status, default: 0] += 1 } }
            return counts
        }
    }
}

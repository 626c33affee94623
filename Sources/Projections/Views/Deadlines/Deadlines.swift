public import EventModel
internal import LMDB

/// 期限: the deadlines that may pass, in order of their due times, for the ticker that submits `appeal.overdue`.
///
/// The view over-approximates: it reads what words say (domain rule T9) and may keep a deadline that `decide` finds met; the ticker re-checks each
/// case and goes on behind the last one it was given (`after`). Limits of kind `return` are not kept: they bar a request and never become overdue.
/// Cases on the source clock (T8) are held apart until `clock.advanced` says that their source is live.
// @unchecked: as CaseFile.
public final class Deadlines: View, @unchecked Sendable {
    public static let name = "deadlines"
    public static let version = 1

    /// One deadline that may pass at `due`.
    public struct Due: Hashable, Comparable, Sendable {
        public var due: Instant
        public var stream: StreamNumber
        /// 0: the case itself.
        public var assignment: UInt16
        public var kind: DeadlineKind
        public init(due: Instant, stream: StreamNumber, assignment: UInt16, kind: DeadlineKind) {
            self.due = due
            self.stream = stream
            self.assignment = assignment
            self.kind = kind
        }
        /// By due, case, assignment, kind.
        public static func < (left: Due, right: Due) -> Bool {
            (left.due, left.stream, left.assignment, left.kind.rawValue) < (right.due, right.stream, right.assignment, right.kind.rawValue)
        }
    }

    private let lock = ReadWriteLock()
    private let store: ViewStore
    private let tables: [Table]
    private var rows: DeadlineRows
    private var committed: ViewCheckpoint?

    public init(opening directory: String, mapSizeBytes: Int, names: @escaping @Sendable (NameID) -> String?) throws {
        store = try ViewStore(directory, mapSizeBytes: mapSizeBytes)
        rows = DeadlineRows(names: names)
        tables = try [rows.cases.name, rows.deadlines.name, rows.sources.name, rows.liveClocks.name].map { [store] in try store.table($0) }
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
            try store.commit(at: checkpoint) { transaction in
                try rows.cases.write(to: &transaction, in: tables[0])
                try rows.deadlines.write(to: &transaction, in: tables[1])
                try rows.sources.write(to: &transaction, in: tables[2])
                try rows.liveClocks.write(to: &transaction, in: tables[3])
            }
        }
        lock.write {
            rows.cases.markClean()
            rows.deadlines.markClean()
            rows.sources.markClean()
            rows.liveClocks.markClean()
            committed = checkpoint
        }
    }

    public func close() { store.close() }

    // MARK: Questions

    /// Up to `limit` deadlines of the wall clock with due ≤ `before`, in order, those after `after` only. O(deadlines due).
    public func due(before: Instant, after: Due? = nil, limit: Int) -> [Due] {
        lock.read { list(rows.running, before, after, limit) }
    }

    /// Cases held for a source whose earliest open deadline is due ≤ `before`: those that `clock.advanced` {source, now} makes overdue, in order of
    /// that due. O(deadlines due).
    public func openCases(ofSource source: NameID, dueBefore before: Instant) -> [StreamNumber] {
        lock.read { openCases(rows.sources.rows.indices.filter { rows.sources[$0].source == source }, before) }
    }

    /// The same for a clock by name: a source, or a prefix that ends in `/` and stands for all sources below it.
    public func openCases(ofClock clock: String, dueBefore before: Instant) -> [StreamNumber] {
        lock.read { openCases(rows.sources(coveredBy: clock), before) }
    }

    private func openCases(_ sources: [Int], _ before: Instant) -> [StreamNumber] {
        var seen: Set<StreamNumber> = []
        let due = sources.flatMap { list(rows.held[$0], before, nil, Int.max) }
        return due.sorted().compactMap { seen.insert($0.stream).inserted ? $0.stream : nil }
    }

    /// How many deadlines run on the wall clock, and how many are held for sources.
    public var counts: (running: Int, held: Int) { lock.read { (rows.running.count, rows.held.reduce(0) { $0 + $1.count }) } }

    /// The due of the first deadline on the wall clock; `nil` if none runs. O(deadlines of that hour).
    public var nextDue: Instant? { lock.read { list(rows.running, Instant(microseconds: .max), nil, 1).first?.due } }

    private func list(_ index: DueIndex, _ before: Instant, _ after: Due?, _ limit: Int) -> [Due] {
        var result: [Due] = []
        index.forEachBucket(through: before.microseconds) { bucket in
            let items = bucket.compactMap { row -> Due? in
                let deadline = rows.deadlines[Int(row)]
                guard deadline.due <= before.microseconds, let kind = DeadlineKind(rawValue: deadline.kind) else { return nil }
                let item = Due(
                    due: Instant(microseconds: deadline.due), stream: StreamNumber(caseIndex: Int(deadline.caseIndex)),
                    assignment: deadline.assignment,
                    kind: kind)
                if let after, !(after < item) { return nil }
                return item
            }
            result += items.sorted()
            return result.count < limit
        }
        return Array(result.prefix(limit))
    }
}

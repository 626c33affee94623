internal import EventModel
internal import LMDB

/// The environment `log/` and its tables: docs/reference/on-disk-format.md.
struct LogStore: Sendable {
    static let format: UInt32 = 1

    let environment: Environment
    let entries: Table
    let nodes: Table
    let sealed: Table
    let caseKeys: Table
    let names: Table
    let checkpoints: Table
    let meta: Table

    init(directory: String, mapSizeBytes: Int, readOnly: Bool = false) throws(LMDBError) {
        environment = try Environment(at: directory, mapSizeBytes: mapSizeBytes, readOnly: readOnly)
        let create = !readOnly
        entries = try environment.table("entries", create: create)
        nodes = try environment.table("nodes", create: create)
        sealed = try environment.table("sealed", create: create)
        caseKeys = try environment.table("casekeys", create: create)
        names = try environment.table("names", create: create)
        checkpoints = try environment.table("checkpoints", create: create)
        meta = try environment.table("meta", create: create)
    }

    /// Origin and head; `nil` if the log has never been initialised.
    func load() throws(LogError) -> (origin: String, head: LogHead)? {
        do {
            return try environment.withRead { transaction in
                guard let format = try transaction.value(for: "format", in: meta) else { return nil }
                let number = format.byteCount == 4 ? format.loadLittleEndian(UInt32.self) : 0
                guard number == Self.format else { throw LogError.unsupportedFormat(number) }
                guard let origin = try transaction.value(for: "origin", in: meta)?.string(), let value = try transaction.value(for: "head", in: meta),
                    let head = LogHead(value)
                else { throw LogError.damaged(at: .start, what: "meta has no head") }
                return (origin, head)
            }
        } catch let error as LogError {
            throw error
        } catch let error as LMDBError {
            throw .store(error)
        } catch {
            throw .damaged(at: .start, what: "\(error)")
        }
    }
}

internal import CLMDB
internal import Glibc
internal import Synchronization

/// An LMDB environment: a directory with a data file and a lock file, holding named tables, one writer and many readers at a time.
///
/// ```swift
/// let environment = try Environment(at: "/var/lib/appeal-engine/log", mapSizeBytes: 1 << 40)
/// let entries = try environment.table("entries")
/// try environment.withWrite { try $0.put(Key(1), "first", in: entries) }
/// ```
///
/// There is one mode: a commit has been flushed to the disk when it returns (LMDB's default), the map is read-only, and read transactions are bound
/// to no thread (`MDB_NOTLS`). Files are made with mode 0600, directories with 0700.
///
/// Open an environment once per process (a second opening is refused), never use it after `fork`, never on a network file system, and never open
/// a data file from a stranger: LMDB trusts what it reads.
///
/// All methods may be called from any thread.
// @unchecked: LMDB's `MDB_env` is safe for use by many threads as long as `table` openings are serial (`tables` is held meanwhile) and the map is not
// resized (it never is); everything else that changes is under one of the two mutexes.
@safe
public final class Environment: @unchecked Sendable {
    let raw: OpaquePointer
    let id: UInt32

    /// The directory, as it was given.
    public let path: String

    private let identity: FileIdentity
    let users = Mutex(Users())
    private let tables = Mutex([String: Table]())

    /// Opens the environment at `path`, a directory, and creates it if it is not there, with the directories above it.
    ///
    /// The directory and those above it that were created are flushed before this returns: LMDB never does it, and the file could be missing after
    /// a crash.
    ///
    /// - Parameters:
    ///   - mapSizeBytes: Largest size the data file can reach; a multiple of the page size. It takes address space, not disk, so choose it once and
    ///     large. A file that is larger already keeps its size.
    ///   - maxReaders: Read transactions open at once, over all processes; only the process that opens the environment first decides.
    ///   - maxTables: Tables the environment may hold.
    ///   - readOnly: Opens an existing environment for reading; write operations throw `.accessDenied`. The lock file is still written to.
    /// - Throws: `.truncated` if the data file is shorter than it says; `.alreadyOpen`; `.invalid` or `.versionMismatch` if it is not a good LMDB
    ///   file; `.noSuchFile` if it is not there and `readOnly` is set; `.accessDenied`, `.outOfMemory` (no address space for the map), `.ioError`,
    ///   `.noSpace`, or another `errno`.
    /// - Complexity: O(1), and two flushes or more.
    public init(
        at path: String, mapSizeBytes: Int, maxReaders: UInt32 = 512, maxTables: UInt32 = 16, readOnly: Bool = false
    ) throws(LMDBError) {
        let created = readOnly ? [] : try createDirectories(path)
        let identity = try FileIdentity(of: path)
        guard OpenEnvironments.insert(identity) else { throw LMDBError(code: LMDBError.alreadyOpen.code, operation: "open environment") }
        do throws(LMDBError) {
            let raw = try unsafe Self.open(path, mapSizeBytes: mapSizeBytes, maxReaders: maxReaders, maxTables: maxTables, readOnly: readOnly)
            do throws(LMDBError) {
                try unsafe Self.refuseIfTruncated(raw, path)
                if !readOnly { try flushDirectories(path, created: created) }
            } catch {
                unsafe mdb_env_close(raw)
                throw error
            }
            unsafe self.raw = unsafe raw
        } catch {
            OpenEnvironments.remove(identity)
            throw error
        }
        self.path = path
        self.identity = identity
        id = OpenEnvironments.nextID()
    }

    deinit { close() }

    /// Closes the files and unmaps them; later calls throw `.closed`, and closing again does nothing.
    ///
    /// Programmer error: a transaction is still out. It traps, because the transaction's pages would vanish under it.
    ///
    /// - Complexity: O(1); unmapping takes time in proportion to the resident pages.
    public func close() {
        let isFirst = users.withLock { users in
            precondition(users.readsOut == 0 && users.writesOut == 0, "environment closed while a transaction is open")
            guard !users.isClosed else { return false }
            users.isClosed = true
            for core in users.idleReads { unsafe mdb_txn_abort(core.raw) }
            users.idleReads = []
            return true
        }
        guard isFirst else { return }
        unsafe mdb_env_close(raw)
        OpenEnvironments.remove(identity)
    }

    private static func open(
        _ path: String, mapSizeBytes: Int, maxReaders: UInt32, maxTables: UInt32, readOnly: Bool
    ) throws(LMDBError) -> OpaquePointer {
        precondition(mapSizeBytes > 0, "map size must be positive")
        var environment: OpaquePointer?
        try LMDBError.check(unsafe mdb_env_create(&environment), "create environment")
        let raw = unsafe environment!
        do throws(LMDBError) {
            try LMDBError.check(unsafe mdb_env_set_mapsize(raw, mapSizeBytes), "set map size")
            try LMDBError.check(unsafe mdb_env_set_maxreaders(raw, maxReaders), "set reader limit")
            try LMDBError.check(unsafe mdb_env_set_maxdbs(raw, maxTables), "set table limit")
            let flags = UInt32(MDB_NOTLS) | (readOnly ? UInt32(MDB_RDONLY) : 0)
            try LMDBError.check(unsafe mdb_env_open(raw, path, flags, 0o600), "open environment")
        } catch {
            unsafe mdb_env_close(raw)
            throw error
        }
        return unsafe raw
    }

    /// Throws `.truncated` if the last page in use, by the meta page, lies past the end of the file.
    private static func refuseIfTruncated(_ raw: OpaquePointer, _ path: String) throws(LMDBError) {
        var details = unsafe MDB_envinfo()
        var statistics = MDB_stat()
        try LMDBError.check(unsafe mdb_env_info(raw, &details), "read environment information")
        try LMDBError.check(unsafe mdb_env_stat(raw, &statistics), "read environment information")
        let bytesNeeded = unsafe (details.me_last_pgno + 1) * Int(statistics.ms_psize)
        let bytesPresent = try fileSize(dataFile(in: path)) ?? 0
        if bytesPresent < bytesNeeded { throw LMDBError(code: LMDBError.truncated.code, operation: "open environment") }
    }
}

// MARK: - Tables

extension Environment {
    /// The table called `name`, created if it is not there and `create` is set.
    ///
    /// Opens the table at the first call, with a transaction of its own, and answers from memory afterwards. Creating waits for the write
    /// transaction of another thread.
    ///
    /// Programmer error: creating a table while this thread has a write transaction open. It traps, as it would wait for itself.
    ///
    /// - Throws: `.notFound` if it is not there and `create` is not set; `.tablesFull`, `.badValueSize` (a name that is empty, has a NUL or is
    /// longer than 511 bytes),
    ///   `.accessDenied`, `.readersFull`, `.mapFull`, `.ioError`, `.noSpace`, `.panic`, `.closed`.
    /// - Complexity: O(1) once opened.
    public func table(_ name: String, create: Bool = true) throws(LMDBError) -> Table {
        guard 1...maxKeyByteCount ~= name.utf8.count, !name.utf8.contains(0) else { throw LMDBError(code: MDB_BAD_VALSIZE, operation: "open table") }
        if let table = try openTable(name) { return table }
        guard create else { throw LMDBError(code: MDB_NOTFOUND, operation: "open table") }
        return try createTable(name)
    }

    /// The table called `name`, or `nil` if it is not there. Throws as `table(_:create:)`, `.notFound` excepted.
    ///
    /// - Complexity: O(1) once opened.
    public func existingTable(_ name: String) throws(LMDBError) -> Table? {
        do { return try table(name, create: false) } catch {
            if error == .notFound { return nil }
            throw error
        }
    }

    /// The table if it is known or there.
    private func openTable(_ name: String) throws(LMDBError) -> Table? {
        try tables.withLock { tables throws(LMDBError) in
            if let table = tables[name] { return table }
            let core = try startRead()
            var handle: MDB_dbi = 0
            let code = unsafe mdb_dbi_open(core.raw, name, 0, &handle)
            // The handle stays only if the transaction that opened it commits, a reading one too; so this one cannot go back to the pool.
            let endCode = commitRead(core)
            guard code != MDB_NOTFOUND else { return nil }
            try LMDBError.check(code, "open table")
            try LMDBError.check(endCode, "open table")
            return remember(handle, name, &tables)
        }
    }

    /// The table, created unless another thread was faster. Waits for the writer first and takes the lock then: the writer may want the lock.
    private func createTable(_ name: String) throws(LMDBError) -> Table {
        let core = try startWrite()
        return try tables.withLock { tables throws(LMDBError) in
            if let table = tables[name] {
                abortWrite(core)
                return table
            }
            var handle: MDB_dbi = 0
            let code = unsafe mdb_dbi_open(core.raw, name, UInt32(MDB_CREATE), &handle)
            guard code == MDB_SUCCESS else {
                abortWrite(core)
                throw LMDBError(code: code, operation: "create table")
            }
            try LMDBError.check(commitWrite(core), "create table")
            return remember(handle, name, &tables)
        }
    }

    private func remember(_ handle: MDB_dbi, _ name: String, _ tables: inout [String: Table]) -> Table {
        let table = Table(handle: handle, environmentID: id)
        tables[name] = table
        return table
    }
}

internal import CLMDB
internal import Glibc
internal import Synchronization

/// Sizes and use of an environment, at one moment.
public struct EnvironmentInfo: Sendable, Equatable {
    /// Largest size the data file can reach.
    public let mapSizeBytes: Int
    /// Number of the last page in use; the first is 0.
    public let lastPage: Int
    /// Size of a page, in bytes.
    public let pageSize: Int
    /// Size of the data file, in bytes.
    public let fileBytes: Int
    /// Id of the last commit.
    public let lastTransactionID: UInt64
    /// Read transactions open in this process.
    public let readersInUse: Int
    /// Reader slots that have been used at once at most, over all processes, since the lock file was made.
    public let readerSlotsUsed: Int
    /// Reader slots there are.
    public let maxReaders: Int
}

extension Environment {
    /// Sizes and use now. A closed environment has only zeros. Complexity: O(1), one `stat`.
    public var info: EnvironmentInfo {
        let readsOut: Int? = users.withLock { users in
            guard !users.isClosed else { return nil }
            users.readsOut += 1  // keeps `close` away
            return users.readsOut - 1
        }
        var details = unsafe MDB_envinfo()
        var statistics = MDB_stat()
        var fileBytes = 0
        if readsOut != nil {
            unsafe mdb_env_info(raw, &details)
            unsafe mdb_env_stat(raw, &statistics)
            fileBytes = ((try? fileSize(dataFile(in: path))) ?? nil) ?? 0
            users.withLock { $0.readsOut -= 1 }
        }
        return unsafe EnvironmentInfo(
            mapSizeBytes: details.me_mapsize, lastPage: details.me_last_pgno, pageSize: Int(statistics.ms_psize), fileBytes: fileBytes,
            lastTransactionID: UInt64(details.me_last_txnid), readersInUse: readsOut ?? 0, readerSlotsUsed: Int(details.me_numreaders),
            maxReaders: Int(details.me_maxreaders))
    }

    /// Frees the reader slots of processes that have died with a snapshot open, and returns how many there were.
    ///
    /// Such a snapshot makes the file grow. Call it at start and every minute.
    ///
    /// - Throws: `.closed`, `.ioError`.
    /// - Complexity: O(reader slots in use), a system call each.
    public func checkStaleReaders() throws(LMDBError) -> Int {
        try whileOpen("check stale readers") { () throws(LMDBError) in
            var dead: Int32 = 0
            try LMDBError.check(unsafe mdb_reader_check(raw, &dead), "check stale readers")
            return Int(dead)
        }
    }

    /// Writes a copy without free pages to the directory `path`, which is created, and flushes it.
    ///
    /// The copy is one snapshot, held open meanwhile: the file grows under a busy writer. Use it while little is written.
    ///
    /// - Throws: an `errno` (`EEXIST` if there is a data file already), `.noSpace`, `.ioError`, `.readersFull`, `.outOfMemory`, `.closed`.
    /// - Complexity: O(pages in use).
    public func compactCopy(to path: String) throws(LMDBError) {
        try whileOpen("compact copy") { () throws(LMDBError) in
            let created = try createDirectories(path)
            try LMDBError.check(unsafe mdb_env_copy2(raw, path, UInt32(MDB_CP_COMPACT)), "compact copy")
            try flushFile(dataFile(in: path))
            try flushDirectories(path, created: created)
        }
    }

    /// Counts as a read transaction while `body` runs, so that the environment is not closed under it.
    private func whileOpen<Result>(_ operation: StaticString, _ body: () throws(LMDBError) -> Result) throws(LMDBError) -> Result {
        try users.withLock { users throws(LMDBError) in
            if users.isClosed { throw LMDBError(code: LMDBError.closed.code, operation: operation) }
            users.readsOut += 1
        }
        defer { users.withLock { $0.readsOut -= 1 } }
        return try body()
    }
}

/// The version of the library in use, as in "LMDB 0.9.24: (July 24, 2019)".
public var libraryVersion: String { unsafe String(cString: mdb_version(nil, nil, nil)) }

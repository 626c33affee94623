internal import CLMDB
internal import Glibc

/// A failure of the store: one of LMDB's own return codes, an `errno` from the system underneath it, or one of this wrapper's refusals.
///
/// Two errors are equal when their codes are, whatever operation they come from, so a known code can be caught by name:
///
/// ```swift
/// do { try transaction.put(key, value, in: table) } catch .mapFull { … }
/// ```
///
/// The text names the operation and the code, never a key, a value or a path: it may be logged.
///
/// What is *not* an error: a key that is absent (`nil` or `false`), and a key that is present under `insert` (`false`).
public struct LMDBError: Error, Sendable {
    /// LMDB's code (−30799 … −30780), an `errno` (positive), or a code of this wrapper (−31000 and below).
    public let code: Int32

    /// The operation that failed, as this module calls it ("commit", "open environment").
    public let operation: StaticString

    /// An error with a code, from an operation.
    public init(code: Int32, operation: StaticString = "unknown operation") {
        self.code = code
        self.operation = operation
    }
}

extension LMDBError: Equatable {
    /// Equality of codes.
    public static func == (left: LMDBError, right: LMDBError) -> Bool { left.code == right.code }
}

// MARK: - LMDB's codes

extension LMDBError {
    /// The key is already there; under `append: true`, the key is not greater than the last one.
    ///
    /// The corresponding C code is `MDB_KEYEXIST`.
    public static var keyExists: LMDBError { LMDBError(code: MDB_KEYEXIST) }

    /// No such key or table. Operations turn it into `nil` or `false`; it is thrown only for a table opened with `create: false`.
    ///
    /// The corresponding C code is `MDB_NOTFOUND`.
    public static var notFound: LMDBError { LMDBError(code: MDB_NOTFOUND) }

    /// A page the tree points to is not there: the file is damaged.
    ///
    /// The corresponding C code is `MDB_PAGE_NOTFOUND`.
    public static var pageNotFound: LMDBError { LMDBError(code: MDB_PAGE_NOTFOUND) }

    /// A page is not of the kind expected: the file is damaged.
    ///
    /// The corresponding C code is `MDB_CORRUPTED`.
    public static var corrupted: LMDBError { LMDBError(code: MDB_CORRUPTED) }

    /// An earlier commit failed while it wrote the meta page, and every later `begin` fails until the environment is opened anew. Whether that
    /// commit is on disk is unknown until then.
    ///
    /// The corresponding C code is `MDB_PANIC`.
    public static var panic: LMDBError { LMDBError(code: MDB_PANIC) }

    /// The file was written by another version of the format.
    ///
    /// The corresponding C code is `MDB_VERSION_MISMATCH`.
    public static var versionMismatch: LMDBError { LMDBError(code: MDB_VERSION_MISMATCH) }

    /// The file is not an LMDB file, or its first two pages are damaged.
    ///
    /// The corresponding C code is `MDB_INVALID`.
    public static var invalid: LMDBError { LMDBError(code: MDB_INVALID) }

    /// The map is full. Abort, go on reading, and open the environment again with a larger map to write on.
    ///
    /// The corresponding C code is `MDB_MAP_FULL`.
    public static var mapFull: LMDBError { LMDBError(code: MDB_MAP_FULL) }

    /// More tables than `maxTables`.
    ///
    /// The corresponding C code is `MDB_DBS_FULL`.
    public static var tablesFull: LMDBError { LMDBError(code: MDB_DBS_FULL) }

    /// More read transactions at once than `maxReaders`, those of other processes included.
    ///
    /// The corresponding C code is `MDB_READERS_FULL`.
    public static var readersFull: LMDBError { LMDBError(code: MDB_READERS_FULL) }

    /// The transaction has too many dirty pages: write less per commit.
    ///
    /// The corresponding C code is `MDB_TXN_FULL`.
    public static var txnFull: LMDBError { LMDBError(code: MDB_TXN_FULL) }

    /// The tree is deeper than a cursor can hold: the file is damaged.
    ///
    /// The corresponding C code is `MDB_CURSOR_FULL`.
    public static var cursorFull: LMDBError { LMDBError(code: MDB_CURSOR_FULL) }

    /// A page has no room for an entry that must fit: the file is damaged.
    ///
    /// The corresponding C code is `MDB_PAGE_FULL`.
    public static var pageFull: LMDBError { LMDBError(code: MDB_PAGE_FULL) }

    /// Another process has grown the file past this process's map: open the environment again with a larger one.
    ///
    /// The corresponding C code is `MDB_MAP_RESIZED`.
    public static var mapResized: LMDBError { LMDBError(code: MDB_MAP_RESIZED) }

    /// The table has other flags than this wrapper uses: it was made by another program.
    ///
    /// The corresponding C code is `MDB_INCOMPATIBLE`.
    public static var incompatible: LMDBError { LMDBError(code: MDB_INCOMPATIBLE) }

    /// A reader slot was reused wrongly, as after a fork.
    ///
    /// The corresponding C code is `MDB_BAD_RSLOT`.
    public static var badReaderSlot: LMDBError { LMDBError(code: MDB_BAD_RSLOT) }

    /// An earlier error has spoiled this write transaction: it can only be aborted. `commit()` throws this and has aborted.
    ///
    /// The corresponding C code is `MDB_BAD_TXN`.
    public static var badTransaction: LMDBError { LMDBError(code: MDB_BAD_TXN) }

    /// The key is empty or longer than 511 bytes, or the value is longer than 2,147,483,647 bytes.
    ///
    /// The corresponding C code is `MDB_BAD_VALSIZE`.
    public static var badValueSize: LMDBError { LMDBError(code: MDB_BAD_VALSIZE) }

    /// The table is unknown to this transaction, which began before the table was opened.
    ///
    /// The corresponding C code is `MDB_BAD_DBI`.
    public static var badTable: LMDBError { LMDBError(code: MDB_BAD_DBI) }
}

// MARK: - Codes of the system

extension LMDBError {
    /// The device failed to read or write.
    ///
    /// The corresponding C error is `EIO`.
    public static var ioError: LMDBError { LMDBError(code: EIO) }

    /// The disk is full. The commit has not happened; after an abort later commits work once there is room.
    ///
    /// The corresponding C error is `ENOSPC`.
    public static var noSpace: LMDBError { LMDBError(code: ENOSPC) }

    /// The file may not be opened so, or the environment is read-only.
    ///
    /// The corresponding C error is `EACCES`.
    public static var accessDenied: LMDBError { LMDBError(code: EACCES) }

    /// The environment, or the directory above it, is not there.
    ///
    /// The corresponding C error is `ENOENT`.
    public static var noSuchFile: LMDBError { LMDBError(code: ENOENT) }

    /// An argument LMDB does not accept.
    ///
    /// The corresponding C error is `EINVAL`.
    public static var invalidArgument: LMDBError { LMDBError(code: EINVAL) }

    /// No memory or no address space for the map.
    ///
    /// The corresponding C error is `ENOMEM`.
    public static var outOfMemory: LMDBError { LMDBError(code: ENOMEM) }
}

// MARK: - Codes of this wrapper

extension LMDBError {
    /// The data file is shorter than its meta page says. Reading it would end in SIGBUS, so it is refused at opening.
    ///
    /// No C code corresponds; the number is −31001.
    public static var truncated: LMDBError { LMDBError(code: -31001) }

    /// The environment has been closed.
    ///
    /// No C code corresponds; the number is −31002.
    public static var closed: LMDBError { LMDBError(code: -31002) }

    /// This process has the environment open already. LMDB's file locks do not survive a second opening.
    ///
    /// No C code corresponds; the number is −31003.
    public static var alreadyOpen: LMDBError { LMDBError(code: -31003) }

    /// The closure given to `reserve` wrote fewer bytes than it had asked for. The transaction can only be aborted.
    ///
    /// No C code corresponds; the number is −31004.
    public static var shortReserve: LMDBError { LMDBError(code: -31004) }
}

// MARK: - Text

extension LMDBError: CustomStringConvertible {
    /// Operation, sentence and code: "commit: MDB_MAP_FULL: Environment mapsize limit reached (code -30792)".
    public var description: String { "\(operation): \(sentence) (code \(code))" }

    private var sentence: String {
        switch self {
        case .truncated: "the data file is shorter than its meta page says; restore it from a backup"
        case .closed: "the environment is closed"
        case .alreadyOpen: "the environment is already open in this process"
        case .shortReserve: "fewer bytes were written than reserved"
        default: unsafe mdb_strerror(code).map { unsafe String(cString: $0) } ?? "unknown error"
        }
    }
}

extension LMDBError {
    /// Throws unless `code` is `MDB_SUCCESS`.
    static func check(_ code: Int32, _ operation: StaticString) throws(LMDBError) {
        if code != MDB_SUCCESS { throw LMDBError(code: code, operation: operation) }
    }

    /// The same error, told as coming from `operation`.
    func during(_ operation: StaticString) -> LMDBError { LMDBError(code: code, operation: operation) }
}

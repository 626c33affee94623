public import EventModel

/// A read model (视图): rows folded from fact headers and words, in memory for queries and in an LMDB environment of its own for the next start.
///
/// One thread applies and commits (the runner's); queries come from any thread. Every view guards its rows with one reader-writer lock: `apply`
/// holds it alone for a chunk of facts (about a thousand), a query beside other readers for its own duration, and so does `commit` while it writes.
/// So a query sees the state at exactly one position, waits for a chunk at most, and two queries of the same state give the same bytes.
public protocol View: AnyObject, Sendable {
    /// `case-file`; the directory and the catalog's key.
    static var name: String { get }
    /// Counts the layouts and meanings of the rows, from 1; another version is built anew beside the old one.
    static var version: Int { get }

    /// Opens the view in a directory, which is created if it isn't there. `names` gives the log's names, which never change. Throws `LMDBError`, or
    /// `ViewError.damaged`.
    init(opening directory: String, mapSizeBytes: Int, names: @escaping @Sendable (NameID) -> String?) throws

    /// What the rows on disk reflect; `nil` if nothing has been committed yet.
    var checkpoint: ViewCheckpoint? { get }
    /// What the rows in memory reflect.
    var position: Position { get }
    /// Number of rows, of all tables.
    var rowCount: Int { get }

    /// Folds facts in order of position. Facts at or before `position` are passed over. Throws `ViewError.inconsistent` on a fact that can't be.
    func apply(_ facts: [FactRecord]) throws
    /// Writes the changed rows and the checkpoint in one transaction. `checkpoint.position` must be `position`.
    func commit(at checkpoint: ViewCheckpoint) throws
    /// Closes the files; queries still work on what is in memory.
    func close()
}

/// Up to where a view's rows go, and in which history: if the log has another leaf there or ends before, the view is of another history.
public struct ViewCheckpoint: Equatable, Sendable {
    public var origin: String
    public var position: Position
    /// Leaf hash of the entry at `position`.
    public var leafHash: [UInt8]
    public init(origin: String, position: Position, leafHash: [UInt8]) {
        self.origin = origin
        self.position = position
        self.leafHash = leafHash
    }
}

/// Why a view can't go on.
public enum ViewError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A fact that no history can have at this place: the log and this view disagree about what a case is.
    case inconsistent(at: Position, what: String)
    /// The files of the view can't be read; it is rebuilt.
    case damaged(what: String)
    /// There is no view of this name.
    case unknownView(String)
    /// The view is being rebuilt already.
    case rebuilding(String)
    /// The set has been stopped.
    case stopped

    public var description: String {
        switch self {
        case .inconsistent(let position, let what): "fact at position \(position): \(what)"
        case .damaged(let what): "view files are damaged: \(what)"
        case .unknownView(let name): "no view is called \(name)"
        case .rebuilding(let name): "\(name) is being rebuilt"
        case .stopped: "the views have been stopped"
        }
    }
}

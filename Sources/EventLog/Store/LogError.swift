public import EventModel
public import LMDB

/// Broken machinery, never a refusal: the store failed, or what it holds isn't what was written.
public enum LogError: Error, Sendable, CustomStringConvertible {
    case store(LMDBError)
    /// Bytes that break the format, and where. The log is never repaired: restore a backup or another node's copy.
    case damaged(at: Position, what: String)
    /// The directory holds no log.
    case notInitialised(String)
    case alreadyInitialised(String)
    /// Another process writes to this log.
    case locked(String)
    /// Written by a newer or foreign program.
    case unsupportedFormat(UInt32)
    case keys(String)
    /// The log ends before a head that was signed, or has another root there: an older copy, or another history.
    case rolledBack(signedSize: UInt64, logSize: UInt64, what: String)
    /// A stored or published checkpoint that can't be read, verified or written.
    case checkpoint(String)
    /// A commit failed in a way that leaves open what is on disk.
    case commitOutcomeUnknown(LMDBError)

    public var description: String {
        switch self {
        case .store(let error): "store: \(error)"
        case .damaged(let position, let what): "the log is damaged at position \(position): \(what); run engine-ctl log verify, then restore a backup"
        case .notInitialised(let path): "no log in \(path); create one with engine-ctl init"
        case .alreadyInitialised(let path): "\(path) already holds a log; nothing was changed"
        case .locked(let path): "another daemon holds \(path); stop it first"
        case .unsupportedFormat(let format): "log format \(format) is not format 1 of this program; use the program that wrote it"
        case .keys(let what): "keys: \(what)"
        case .rolledBack(let signed, let size, let what):
            "the log was rolled back: a head of \(signed) entries was signed, the log has \(size) (\(what)); restore a newer copy, and don't write to this one"
        case .checkpoint(let what): "checkpoint: \(what)"
        case .commitOutcomeUnknown(let error): "the outcome of a commit is unknown (\(error)); restart the daemon: its start-up check decides"
        }
    }
}

internal import EventModel
internal import Synchronization

/// Signs the durable head and makes it known (签发检查点): check, sign, store, write the outside copy, show, in this order.
///
/// ```
/// durable head ▶ consistent with the last signed? ▶ sign ▶ meta, checkpoints (writer's thread) ▶ CHECKPOINTS/checkpoint ▶ shown
/// ```
/// A head that doesn't extend the last signed one is never signed, so there are never two roots for one size.
public final class CheckpointPublisher: Sendable {
    private struct State {
        /// The last signed and stored; it may not have reached the outside copy.
        var stored: SignedCheckpoint?
        /// Hours since 1970 of the newest kept in `checkpoints`, by recordedtime.
        var keptHour: Int64?
    }

    private let log: AppendOnlyLog
    private let keyring: Keyring
    private let file: CheckpointFile
    private let state: Mutex<State>
    private let shown: Mutex<SignedCheckpoint?>

    /// Compares the log with every head it knows to be signed: the last and the newest kept in the log, and the outside copy.
    ///
    /// - Parameter directory: CHECKPOINTS; made at the first publication.
    /// - Throws: `LogError.rolledBack` if the log is shorter than a signed head or has another root there; `LogError.checkpoint` if one of them
    ///   can't be read, is of another log or signed by another key. Nothing has been written then.
    public init(log: AppendOnlyLog, keyring: Keyring, directory: String) throws {
        self.log = log
        self.keyring = keyring
        let file = CheckpointFile(directory: directory)
        self.file = file
        let key: VerifierKey
        do { key = try VerifierKey(keyring.verifierKey(origin: log.origin)) } catch { throw LogError.keys("the signing key can't be used: \(error)") }
        let head = log.reader.head
        func check(_ note: [UInt8], _ place: String) throws -> SignedCheckpoint {
            let signed: SignedCheckpoint
            do { signed = try SignedCheckpoint(note: note, key: key) } catch {
                throw LogError.checkpoint("that of \(place) can't be taken: \(error)")
            }
            let size = signed.checkpoint.size
            guard size <= head.position.rawValue else {
                throw LogError.rolledBack(signedSize: size, logSize: head.position.rawValue, what: "\(place) is beyond the log")
            }
            guard try log.reader.root(size: size) == signed.checkpoint.root else {
                throw LogError.rolledBack(signedSize: size, logSize: head.position.rawValue, what: "\(place) has another root for its size")
            }
            return signed
        }
        let last = try log.lastNote().map { try check($0, "the log's own note") }
        let outside = try file.read().map { try check($0, file.path) }
        let kept = try log.newestCheckpoint()
        if let kept {
            let signed = try check(kept.note, "the table's newest row")
            guard signed.checkpoint.size == kept.size else { throw LogError.checkpoint("the table's newest row is of another size than its key") }
        }
        var state = State()
        // A crash may have come between the log and the outside copy: the larger is the last one signed.
        state.stored = [last, outside].compactMap { $0 }.max { $0.checkpoint.size < $1.checkpoint.size }
        state.keptHour = try kept.flatMap { try Self.hour(of: $0.size, log) }
        self.state = Mutex(state)
        shown = Mutex(outside?.checkpoint == state.stored?.checkpoint ? outside : nil)
    }

    /// The last checkpoint that is known outside; `nil` until there is one.
    public var current: SignedCheckpoint? { shown.withLock { $0 } }

    /// The key an auditor checks with.
    public var verifierKey: String { keyring.verifierKey(origin: log.origin) }

    /// Publishes the durable head if it has grown, and gives the last checkpoint there is. Blocks on commit and file; calls are serialised.
    ///
    /// - Throws: `LogError`. Nothing new is shown then, and the next call tries again.
    @discardableResult
    public func publish() throws -> SignedCheckpoint {
        try state.withLock { state in
            let head = log.reader.head
            if state.stored.map({ $0.checkpoint.size < head.position.rawValue }) ?? true {
                let signed = try sign(head, after: state.stored?.checkpoint)
                let hour = Self.hour(head.recordedAt)
                let isKept = state.keptHour.map { $0 < hour } ?? true
                try log.store(signed, isKept: isKept)
                state.stored = signed
                if isKept { state.keptHour = hour }
            }
            guard let stored = state.stored else { throw LogError.checkpoint("there is no head to sign") }
            if current != stored {
                try file.replace(with: stored.note)
                shown.withLock { $0 = stored }
            }
            return stored
        }
    }

    private func sign(_ head: LogHead, after last: Checkpoint?) throws -> SignedCheckpoint {
        let size = head.position.rawValue
        if let last {
            let proof = try log.reader.consistencyProof(old: last.size, new: size)
            guard MerkleVerification.isConsistent(old: last.size, new: size, proof: proof, oldRoot: last.root, newRoot: head.root) else {
                throw LogError.rolledBack(signedSize: last.size, logSize: size, what: "the head doesn't extend the last one signed; it is not signed")
            }
        }
        return try keyring.sign(Checkpoint(origin: log.origin, size: size, root: head.root))
    }

    private static func hour(_ instant: Instant) -> Int64 { Int64((Double(instant.microseconds) / 3_600_000_000).rounded(.down)) }

    private static func hour(of size: UInt64, _ log: AppendOnlyLog) throws -> Int64? {
        try log.reader.fact(at: Position(size)).map { hour($0.record.header.recordedAt) }
    }
}

internal import EventLog
public import EventModel
internal import Logging
internal import Synchronization
public import Workflow

/// Whether the last attempt to sign failed, so that a failure is logged when it begins and when it ends.
final class SigningState: Sendable {
    private let state = Mutex<String?>(nil)
    var failure: String? { state.withLock { $0 } }

    /// Whether this is news.
    func set(_ failure: String?) -> Bool {
        state.withLock { state in
            defer { state = failure }
            return state != failure
        }
    }
}

/// That an entry is in the log, or one size of the log the beginning of another.
public struct ProofAnswer: Sendable {
    public var bytes: [UInt8]
    public var head: Position
}

extension Engine {
    /// Why the head isn't signed; `nil` while it is.
    public var signingFailure: String? { signing.failure }

    /// The key an auditor checks checkpoints with, for the hand-over outside the log.
    public var verifierKey: String { publisher.verifierKey }

    /// Signs and publishes the durable head if it has grown; a failure is logged and tried again at the next tick.
    func signIfGrown() async {
        guard !log.isPoisoned, publisher.current.map({ $0.checkpoint.size < head.rawValue }) ?? true else { return }
        do {
            _ = try await pool.run { [publisher] in try publisher.publish() }
            if signing.set(nil) { logger.notice("checkpoints are signed again") }
        } catch {
            if signing.set("\(error)") { logger.error("the head can't be signed", metadata: ["why": "\(error)"]) }
        }
    }

    /// The last published checkpoint, as a C2SP signed note; signed now if none ever was.
    public func checkpoint() async throws(QueryFailure) -> ProofAnswer {
        if let signed = publisher.current { return ProofAnswer(bytes: signed.note, head: head) }
        let signed = try await published()
        return ProofAnswer(bytes: signed.note, head: head)
    }

    /// JSON: leaf, path and root of a position in the tree of `size` entries; without a size in the last checkpoint's, or a new one's if the
    /// position is beyond it. Any peer: it is hashes only.
    public func inclusion(of position: Position, size: Position?) async throws(QueryFailure) -> ProofAnswer {
        let size = try await self.size(size, named: "size", covering: position)
        guard position <= size else { throw .badParameter("position", zh: "大于 size（\(size)）。", en: "it is beyond the size \(size).") }
        return try await onPool { [self] in
            let path = try reader.inclusionProof(of: position, size: size.rawValue)
            guard let leaf = try reader.leafHash(at: position) else { throw LogError.damaged(at: position, what: "no leaf hash") }
            let root = try reader.root(size: size.rawValue)
            var writer = JSONWriter()
            writer.object { answer in
                answer.member("origin", origin)
                answer.member("position", position.rawValue)
                answer.member("index", position.rawValue - 1)
                answer.member("size", size.rawValue)
                answer.member("leaf", TextCoding.base64(leaf))
                answer.member("root", TextCoding.base64(root))
                answer.member("proof", path.map(TextCoding.base64))
            }
            return ProofAnswer(bytes: writer.bytes, head: head)
        }
    }

    /// A C2SP tlog-proof with entry and checkpoint, for whoever may see the entry. A size must be that of a signed checkpoint.
    public func proofFile(of position: Position, size: Position?, by peer: Peer) async throws(QueryFailure) -> ProofAnswer {
        let line = try await event(at: position, by: peer)
        let size = try await self.size(size, named: "size", covering: position)
        guard position <= size else { throw .badParameter("position", zh: "大于 size（\(size)）。", en: "it is beyond the size \(size).") }
        return try await onPool { [self] in
            let current = publisher.current
            let note = try current?.checkpoint.size == size.rawValue ? current?.note : reader.keptNote(size: size.rawValue)
            guard let note else {
                throw QueryFailure.badParameter(
                    "size", zh: "该大小没有签过的检查点；省略即用最新的。", en: "no checkpoint of this size was kept; leave it out for the last one.")
            }
            let path = try reader.inclusionProof(of: position, size: size.rawValue)
            return ProofAnswer(bytes: TLogProof(entry: line.bytes, index: position.rawValue - 1, path: path, note: note).bytes, head: head)
        }
    }

    /// JSON: that the first `from` entries are those of the tree of `to`; without a `to` the last checkpoint's size. Any peer.
    public func consistency(from: Position, to: Position?) async throws(QueryFailure) -> ProofAnswer {
        let to = try await size(to, named: "to", covering: from)
        guard from > .start else { throw .badParameter("from", zh: "从 1 起。", en: "it is at least 1.") }
        guard from <= to else { throw .badParameter("from", zh: "大于 to（\(to)）。", en: "it is greater than to, \(to).") }
        return try await onPool { [self] in
            let path = try reader.consistencyProof(old: from.rawValue, new: to.rawValue)
            let roots = (try reader.root(size: from.rawValue), try reader.root(size: to.rawValue))
            var writer = JSONWriter()
            writer.object { answer in
                answer.member("origin", origin)
                answer.member("from", from.rawValue)
                answer.member("to", to.rawValue)
                answer.member("fromRoot", TextCoding.base64(roots.0))
                answer.member("toRoot", TextCoding.base64(roots.1))
                answer.member("proof", path.map(TextCoding.base64))
            }
            return ProofAnswer(bytes: writer.bytes, head: head)
        }
    }

    /// The size asked for, at most the head's; else the last checkpoint's, or that of one signed now if it must cover more.
    private func size(_ asked: Position?, named name: String, covering position: Position) async throws(QueryFailure) -> Position {
        let head = head
        if let asked {
            guard asked > .start else { throw .badParameter(name, zh: "从 1 起。", en: "it is at least 1.") }
            guard asked <= head else { throw .badParameter(name, zh: "日志只有 \(head) 条。", en: "the log has \(head) entries.") }
            return asked
        }
        if let current = publisher.current?.checkpoint.size, position.rawValue <= current { return Position(current) }
        return Position(try await published().checkpoint.size)
    }

    private func published() async throws(QueryFailure) -> SignedCheckpoint { try await onPool { [publisher] in try publisher.publish() } }
}

public import EventModel
public import Workflow

/// What became of one posted event.
public enum PostResult: Sendable {
    case accepted(PostReceipt)
    /// Known already, with the same content: the first receipt again.
    case duplicate(PostReceipt)
    case refused(Refusal)
    /// Not decided, or nobody knows: the same event again tells.
    case unavailable(Unavailable)
}

/// Why an event could not be decided now.
public enum Unavailable: Equatable, Sendable {
    case queueFull(retryAfterSeconds: Int)
    /// The commit's outcome is unknown. The same event again tells: it is a duplicate if it was written.
    case outcomeUnknown
    /// Disk or map is full: reading goes on.
    case diskFull
    case stopping
    /// Something the engine needs is damaged; the text holds no case data.
    case failed(String)
}

/// The proof that an event is in the log, durably. One line of JSON; the same bytes whenever it is asked for, but for the outcome.
public struct PostReceipt: Equatable, Sendable {
    public var position: Position
    let members: [UInt8]

    public func json(outcome: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { receipt in receipt.member("outcome", outcome) }
        return writer.bytes.dropLast() + [UInt8(ascii: ",")] + members.dropFirst()
    }
}

extension PostResult {
    /// The HTTP status of a single post: 201, 200, that of the refusal, 503 or 507.
    public var status: Int {
        switch self {
        case .accepted: 201
        case .duplicate: 200
        case .refused(let refusal): refusal.status
        case .unavailable(.diskFull): 507
        case .unavailable(.failed): 500
        case .unavailable: 503
        }
    }

    /// PostReceipt or RFC 9457 problem, one line of JSON.
    public func json(language: Language, requestID: String? = nil) -> [UInt8] {
        switch self {
        case .accepted(let receipt): receipt.json(outcome: "accepted")
        case .duplicate(let receipt): receipt.json(outcome: "duplicate")
        case .refused(let refusal): Problem(refusal).json(language: language, requestID: requestID)
        case .unavailable(let reason): Problem(reason).json(language: language, requestID: requestID)
        }
    }

    /// The member of a batch's summary that counts this result.
    public var outcome: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .refused: "refused"
        case .unavailable(.outcomeUnknown): "unknown"
        case .unavailable: "refused"
        }
    }
}

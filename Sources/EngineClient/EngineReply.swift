public import EventModel

/// A whole answer of the engine.
public struct EngineReply: Sendable {
    public var status: Int
    public var contentType: String
    public var bytes: [UInt8]
    /// What the answer reflects (`Appeal-Position`).
    public var position: Position?
    /// The request's id in the daemon's log.
    public var requestID: String?
    public var retryAfterSeconds: Int?
    public var location: String?

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The answer's JSON. Answers may be larger than events, so their limits are wider.
    ///
    /// - Throws: `ClientError` if it is none.
    public func json() throws(ClientError) -> JSONValue {
        do {
            return try JSONDocument(bytes, limits: Self.limits).root
        } catch {
            throw ClientError(
                .unexpectedAnswer, "The engine's answer (status \(status), \(contentType)) is no JSON: \(error).",
                next: "compare the versions of engine-ctl and engine-daemon")
        }
    }

    public var problem: ProblemDetails? { contentType.hasPrefix("application/problem+json") ? (try? json()).flatMap { ProblemDetails($0) } : nil }

    static let limits: JSONLimits = {
        var limits = JSONLimits()
        limits.nodes = 8_000_000
        limits.stringBytes = 64 << 20
        limits.fractions = true
        return limits
    }()
}

/// What came of one posted event.
public enum PostAnswer: Sendable {
    /// Stored, now or before: the receipt.
    case stored(isDuplicate: Bool, receipt: [UInt8])
    case refused(ProblemDetails, bytes: [UInt8])
    /// Last of a stream: no event is left without an answer.
    case summary(PostSummary)

    /// One line of a stream, or one item of a batch.
    public init?(_ line: [UInt8]) {
        if line.starts(with: Self.accepted) {
            self = .stored(isDuplicate: false, receipt: line)
        } else if line.starts(with: Self.duplicate) {
            self = .stored(isDuplicate: true, receipt: line)
        } else {
            guard let root = (try? JSONDocument(line, limits: EngineReply.limits))?.root else { return nil }
            if let summary = root["summary"] {
                self = .summary(PostSummary(summary))
            } else if let problem = ProblemDetails(root) {
                self = .refused(problem, bytes: line)
            } else {
                return nil
            }
        }
    }

    private static let accepted = Array("{\"outcome\":\"accepted\"".utf8)
    private static let duplicate = Array("{\"outcome\":\"duplicate\"".utf8)
}

public struct PostSummary: Equatable, Sendable {
    public var accepted = 0
    public var duplicate = 0
    public var refused = 0
    public var unknown = 0

    public init() {}
    init(_ value: JSONValue) {
        accepted = value["accepted"]?.integer ?? 0
        duplicate = value["duplicate"]?.integer ?? 0
        refused = value["refused"]?.integer ?? 0
        unknown = value["unknown"]?.integer ?? 0
    }
}

/// An entry of the log, or how far a stream has looked.
public enum LogItem: Sendable {
    case entry([UInt8])
    case checkpoint(Position)

    init(_ line: [UInt8]) {
        if line.starts(with: Array("{\"checkpoint\":".utf8)), let position = (try? JSONDocument(line))?.root["checkpoint"]?.integer {
            self = .checkpoint(Position(UInt64(position)))
        } else {
            self = .entry(line)
        }
    }
}

import Engine
import EventModel
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Synchronization
import Workflow

/// A request refused: thrown by handlers, answered as its problem.
struct Refused: Error {
    var problem: Problem
    var fields: HTTPFields = [:]
    init(_ problem: Problem, fields: HTTPFields = [:]) {
        self.problem = problem
        self.fields = fields
    }
}

/// What a handler has: the request, who asks, and the engine.
struct Exchange: Sendable {
    let request: Request
    let id: String
    let peer: Peer
    let language: Language
    let engine: Engine
    let service: ServiceState
    let channel: any Channel
    let logger: Logger
    let limits: Limits
    /// Decoded path parameters.
    let path: [String: String]
    let query: Query
    let body: BodyReader

    func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
    var contentType: MediaType? { MediaType(request.headers[.contentType]) }
}

/// Reads a request's body once, with its limit, and remembers that it did.
final class BodyReader: Sendable {
    private let request: Request
    private let wasRead = Mutex(false)

    init(_ request: Request) { self.request = request }

    /// Whether nobody took the body.
    var isUnread: Bool { wasRead.withLock { !$0 } }

    var declaredLength: Int? { request.headers[.contentLength].flatMap { Int($0) } }

    /// The body as a stream, for those who read it themselves.
    func stream() -> RequestBody {
        wasRead.withLock { $0 = true }
        return request.body
    }

    /// All of it.
    ///
    /// What is too large is still read, up to `lingerBytes`, so that its client gets to read the answer.
    ///
    /// - Throws: `Refused` if it is larger than `limit`, or shorter than it said.
    func collect(_ limit: Int) async throws -> [UInt8] {
        if let declaredLength, declaredLength > Limits.lingerBytes { throw Refused(HTTPProblems.bodyTooLarge(limit)) }
        var bytes: [UInt8] = []
        var count = 0
        if let declaredLength, declaredLength <= limit { bytes.reserveCapacity(declaredLength) }
        for try await buffer in stream() {
            count += buffer.readableBytes
            if count <= limit {
                bytes.append(contentsOf: buffer.readableBytesView)
            } else if count > Limits.lingerBytes {
                throw Refused(HTTPProblems.bodyTooLarge(limit), fields: [.connection: "close"])
            }
        }
        guard count <= limit else { throw Refused(HTTPProblems.bodyTooLarge(limit)) }
        if let declaredLength, declaredLength != count { throw Refused(HTTPProblems.truncatedBody) }
        return bytes
    }

    /// Reads and forgets a body nobody took, unless it is longer than is worth it. `false`: there is more of it.
    func discard() async -> Bool {
        guard isUnread else { return true }
        if let declaredLength, declaredLength > Limits.lingerBytes { return false }
        if declaredLength == nil, request.headers[.transferEncoding] == nil { return true }
        var count = 0
        do {
            for try await buffer in stream() {
                count += buffer.readableBytes
                if count > Limits.lingerBytes { return false }
            }
        } catch {
            return false
        }
        return true
    }
}

/// What a handler gives back.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    var fields: HTTPFields = [:]
    var body: ResponseBody
    /// What the answer reflects; `nil`: the head.
    var position: Position?
    /// How the answer ended, for the log, where the status can't say it.
    var isStream = false

    init(_ status: HTTPResponse.Status, type: String, bytes: [UInt8], position: Position? = nil, fields: HTTPFields = [:]) {
        self.status = status
        self.fields = fields
        self.fields[.contentType] = type
        body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        self.position = position
    }

    init(
        stream type: String, position: Position? = nil, fields: HTTPFields = [:],
        _ write: @escaping @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) {
        status = .ok
        self.fields = fields
        self.fields[.contentType] = type
        body = ResponseBody(write)
        self.position = position
        isStream = true
    }

    /// A JSON document, with a weak validator; 304 if the client has it.
    static func document(_ answer: Answer, _ exchange: Exchange) -> Reply {
        let tag = "W/\"\(String(Self.hash(answer.bytes), radix: 36))\""
        if let known = exchange.request.headers[.ifNoneMatch], known == "*" || known.split(separator: ",").contains(where: { $0.trimmed == tag[...] })
        {
            var reply = Reply(.notModified, type: MediaTypes.json, bytes: [], position: answer.position, fields: [.eTag: tag])
            reply.fields[.contentType] = nil
            reply.body = ResponseBody()
            return reply
        }
        return Reply(.ok, type: MediaTypes.json, bytes: answer.bytes, position: answer.position, fields: [.eTag: tag])
    }

    static func problem(_ problem: Problem, _ language: Language, id: String, fields: HTTPFields = [:]) -> Reply {
        var fields = fields
        if let seconds = problem.retryAfterSeconds { fields[.retryAfter] = String(seconds) }
        fields[.contentLanguage] = language == .zh ? "zh-CN" : "en"
        return Reply(.init(code: problem.status), type: MediaTypes.problem, bytes: problem.json(language: language, requestID: id), fields: fields)
    }

    /// FNV-1a, 64 bits: tells documents apart, proves nothing.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}

enum MediaTypes {
    static let json = "application/json"
    static let plain = "text/plain"
    static let problem = "application/problem+json"
    static let ndjson = "application/x-ndjson"
    static let sse = "text/event-stream"
    static let event = "application/cloudevents+json"
    static let batch = "application/cloudevents-batch+json"
    static let prometheus = "text/plain; version=0.0.4; charset=utf-8"
}

/// Whether the service is on its way down: streams end then.
final class ServiceState: Sendable {
    private let stopping = Mutex(false)
    var isStopping: Bool { stopping.withLock { $0 } }
    func stop() { stopping.withLock { $0 = true } }
}

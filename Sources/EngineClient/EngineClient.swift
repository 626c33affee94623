import AsyncHTTPClient
public import EventModel
import NIOCore
import NIOHTTP1

/// Talks to an engine over its Unix socket.
///
///     let client = EngineClient(socketPath: "/run/appeal-engine/engine.sock")
///     let receipt = try await client.post(event: bytes)
///     for try await item in client.events(after: .start, follow: true) { … }
///
/// Every call is one HTTP request; connections are kept and used again. Posting the same event twice is safe, so a lost answer is no lost event.
///
/// - Throws: `ClientError` everywhere, with what to do next.
public struct EngineClient: Sendable {
    public var socketPath: String
    /// `Accept-Language` of problems: `zh-CN` or `en`.
    public var language: String
    /// Seconds a whole answer may take; streams have no such limit.
    public var timeoutSeconds: Int64

    public init(socketPath: String, language: String = "zh-CN", timeoutSeconds: Int64 = 60) {
        self.socketPath = socketPath
        self.language = language
        self.timeoutSeconds = timeoutSeconds
    }

    /// One for all clients of the process, never shut down. Idle connections go before the daemon would close them.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(5)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    // MARK: One request, one answer

    /// - Throws: `ClientError` `.problem` for every status from 400.
    public func get(_ path: String, query: [(String, String)] = [], accept: String? = nil) async throws -> EngineReply {
        try checked(await send(.GET, path, query: query, headers: accept.map { [("Accept", $0)] } ?? []))
    }

    /// Posts one event (structured mode).
    ///
    /// - Throws: `ClientError` `.problem` if it is refused.
    public func post(event: [UInt8]) async throws -> EngineReply {
        try checked(await send(.POST, "/v1/events", headers: [("Content-Type", "application/cloudevents+json")], body: event))
    }

    /// Posts at most 1,000 events and 4 MiB. Statuses 200 and 207 are answers, not errors: look at the items.
    public func post(batch events: [[UInt8]], atomic: Bool = false) async throws -> EngineReply {
        var body: [UInt8] = [UInt8(ascii: "[")]
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += event
        }
        body.append(UInt8(ascii: "]"))
        return try checked(
            await send(
                .POST, "/v1/events", query: atomic ? [("atomic", "true")] : [], headers: [("Content-Type", "application/cloudevents-batch+json")],
                body: body))
    }

    public func post(json: [UInt8], to path: String, query: [(String, String)] = []) async throws -> EngineReply {
        try checked(await send(.POST, path, query: query, headers: [("Content-Type", "application/json")], body: json))
    }

    /// Any request; every status is an answer.
    public func send(
        method: String, path: String, query: [(String, String)] = [], headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> EngineReply {
        try await send(HTTPMethod(rawValue: method), path, query: query, headers: headers, body: body)
    }

    // MARK: Streams

    /// Posts lines as they come and gives answers as they come, at the same time and in the same order; the last is the summary.
    /// If there is none, the stream was cut: post again what has no answer.
    public func postLines<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks) -> AsyncThrowingStream<PostAnswer, any Error>
    where Chunks.Element == [UInt8] {
        let buffers = chunks.map { ByteBuffer(bytes: $0) }
        return stream(.POST, "/v1/events", headers: [("Content-Type", "application/x-ndjson")], body: .stream(buffers, length: .unknown)) { line in
            guard let answer = PostAnswer(line) else { throw ClientError(.unexpectedAnswer, "The engine answered a line this client doesn't know.") }
            return answer
        }
    }

    /// The same for events that are there already.
    public func postLines(_ events: [[UInt8]]) -> AsyncThrowingStream<PostAnswer, any Error> {
        postLines(
            AsyncStream { continuation in
                for start in stride(from: 0, to: events.count, by: 256) {
                    continuation.yield(Array(events[start..<min(start + 256, events.count)].map { $0 + [0x0A] }.joined()))
                }
                continuation.finish()
            })
    }

    /// Entries after a position, and with `follow` those to come. A break of the connection ends it with an error: go on after the last item.
    public func events(
        after: Position = .start, types: [String] = [], unit: String? = nil, case serial: String? = nil, limit: Int? = nil, follow: Bool = false,
        opened: Bool = false
    ) -> AsyncThrowingStream<LogItem, any Error> {
        var query = [("after", after.description)]
        for type in types { query.append(("type", type)) }
        if let unit { query.append(("unit", unit)) }
        if let serial { query.append(("case", serial)) }
        if let limit { query.append(("limit", String(limit))) }
        if follow { query.append(("follow", "true")) }
        if opened { query.append(("view", "opened")) }
        return stream(.GET, "/v1/events", query: query, headers: [("Accept", "application/x-ndjson")]) { LogItem($0) }
    }

    /// Lines of any NDJSON answer.
    public func lines(method: String, path: String, query: [(String, String)] = []) -> AsyncThrowingStream<[UInt8], any Error> {
        stream(HTTPMethod(rawValue: method), path, query: query) { $0 }
    }

    // MARK: Inside

    private func request(_ method: HTTPMethod, _ path: String, query: [(String, String)], headers: [(String, String)]) throws -> HTTPClientRequest {
        guard socketPath.utf8.count < 108 else {
            throw ClientError(
                .badSocketPath, "The socket path has \(socketPath.utf8.count) bytes; a Unix socket path has at most 107.",
                next: "use a shorter one: --socket PATH")
        }
        let target = query.isEmpty ? path : path + "?" + query.map { "\(Self.escaped($0.0))=\(Self.escaped($0.1))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: "http+unix://\(Self.escaped(socketPath))\(target)")
        request.method = method
        request.headers.add(name: "Host", value: "engine")
        request.headers.add(name: "Accept-Language", value: language)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        return request
    }

    private func send(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> EngineReply {
        var request = try request(method, path, query: query, headers: headers)
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            return try await whole(request)
        } catch let error as HTTPClientError where error == .remoteConnectionClosed {
            // A kept connection may have been closed under us. Asking again is safe: reads change nothing, posts are known by their id.
            do {
                return try await whole(request)
            } catch {
                throw ClientError.from(error, socketPath: socketPath)
            }
        } catch {
            throw ClientError.from(error, socketPath: socketPath)
        }
    }

    private func whole(_ request: HTTPClientRequest) async throws -> EngineReply {
        let response = try await Self.http.execute(request, timeout: .seconds(timeoutSeconds))
        return try await whole(response)
    }

    private func whole(_ response: HTTPClientResponse) async throws -> EngineReply {
        var bytes: [UInt8] = []
        for try await buffer in response.body { bytes.append(contentsOf: buffer.readableBytesView) }
        return EngineReply(
            status: Int(response.status.code), contentType: response.headers.first(name: "Content-Type") ?? "", bytes: bytes,
            position: response.headers.first(name: "Appeal-Position").flatMap { UInt64($0) }.map { Position($0) },
            requestID: response.headers.first(name: "Appeal-Request"),
            retryAfterSeconds: response.headers.first(name: "Retry-After").flatMap { Int($0) },
            location: response.headers.first(name: "Location"))
    }

    private func checked(_ reply: EngineReply) throws -> EngineReply {
        guard reply.status >= 400 else { return reply }
        if let problem = reply.problem { throw ClientError.problem(problem) }
        throw ClientError(.unexpectedAnswer, "The engine answered with status \(reply.status) and no problem.")
    }

    private func stream<Element: Sendable>(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], headers: [(String, String)] = [], body: HTTPClientRequest.Body? = nil,
        _ read: @escaping @Sendable ([UInt8]) throws -> Element
    ) -> AsyncThrowingStream<Element, any Error> {
        // One element at a time: a reader that is slow holds the connection back, and so the engine.
        let relay = Relay<Element>()
        let task = Task {
            do {
                var request = try request(method, path, query: query, headers: headers)
                request.body = body
                let response = try await Self.http.execute(request, deadline: .distantFuture)
                guard response.status.code < 400 else {
                    _ = try checked(await whole(response))
                    return
                }
                var partial: [UInt8] = []
                for try await buffer in response.body {
                    var rest = buffer.readableBytesView
                    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        partial.append(contentsOf: rest[rest.startIndex..<end])
                        rest = rest[(end + 1)...]
                        if !partial.isEmpty { guard await relay.put(try read(partial)) else { return } }
                        partial.removeAll(keepingCapacity: true)
                    }
                    partial.append(contentsOf: rest)
                }
                if !partial.isEmpty { _ = await relay.put(try read(partial)) }
                relay.finish(nil)
            } catch {
                relay.finish(ClientError.from(error, socketPath: socketPath))
            }
        }
        let leash = Leash {
            task.cancel()
            relay.finish(CancellationError())
        }
        return AsyncThrowingStream {
            try await withTaskCancellationHandler {
                try await relay.take()
            } onCancel: {
                leash.pull()
            }
        }
    }

    /// Ends the reading task when nobody holds the stream any more.
    private final class Leash: Sendable {
        let pull: @Sendable () -> Void
        init(_ pull: @escaping @Sendable () -> Void) { self.pull = pull }
        deinit { pull() }
    }

    /// Percent codes for all but the unreserved characters of RFC 3986.
    static func escaped(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

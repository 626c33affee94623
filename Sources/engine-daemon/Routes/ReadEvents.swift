import Engine
import EventModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// `GET /v1/events`: entries in the order of the log, verbatim; as NDJSON, as Server-Sent Events, or as one JSON array.
enum ReadEvents {
    static let parameters = ["after", "limit", "type", "unit", "case", "follow", "view", "minPosition"]
    static let offered = [MediaTypes.ndjson, MediaTypes.sse, MediaTypes.batch]

    static func list(_ exchange: Exchange) async throws -> Reply {
        var after = try exchange.query.position("after") ?? .start
        let type = Negotiation.mediaType(exchange.request.headers[.accept], offered: offered)
        if type == MediaTypes.sse, let last = exchange.field("Last-Event-ID"), !last.isEmpty {
            guard let position = Position(digits: last) else {
                throw Refused(HTTPProblems.badParameter("Last-Event-ID", zh: "应为日志位置。", en: "it must be a log position."))
            }
            after = position
        }
        let opened = try view(exchange)
        let follow = try exchange.query.flag("follow")
        let filter = EventFilter(types: exchange.query.list("type"), unit: exchange.query["unit"], case: exchange.query["case"])
        if type == MediaTypes.batch {
            guard !follow else {
                throw Refused(HTTPProblems.badParameter("follow", zh: "JSON 数组不能持续输出。", en: "an array has an end; ask for NDJSON or SSE."))
            }
            let limit = try exchange.query.count("limit", 1...Limits.listMost) ?? Limits.listDefault
            return try await array(after: after, limit: limit, filter: filter, opened: opened, exchange)
        }
        let limit = try exchange.query.count("limit", 1...1_000_000_000)
        // The first page before the head of the answer: what it refuses can still have a status.
        let first = try await exchange.engine.events(
            after: after, limit: min(limit ?? Limits.pageLines, Limits.pageLines), filter: filter, opened: opened, by: exchange.peer)
        let stream = EventStream(
            exchange: exchange, filter: filter, opened: opened, follow: follow, limit: limit ?? .max, isSSE: type == MediaTypes.sse, after: after)
        return Reply(stream: type, position: first.head) { writer in
            try await stream.run(first: first, &writer)
            try await writer.finish(nil)
        }
    }

    static func one(_ exchange: Exchange) async throws -> Reply {
        guard let position = Position(digits: exchange.path["position"] ?? ""), position > .start else { throw Refused(HTTPProblems.notFound) }
        let line = try await exchange.engine.event(at: position, by: exchange.peer)
        return .document(Answer(bytes: line.bytes, position: exchange.engine.head), exchange).typed(MediaTypes.event)
    }

    /// `view=opened` shows personal values to callers with the grant.
    static func view(_ exchange: Exchange) throws -> Bool {
        switch exchange.query["view"] {
        case nil: return false
        case "opened": return true
        default: throw Refused(HTTPProblems.badParameter("view", zh: "只能是 opened。", en: "it can only be opened."))
        }
    }

    private static func array(after: Position, limit: Int, filter: EventFilter, opened: Bool, _ exchange: Exchange) async throws -> Reply {
        var lines: [EventLine] = []
        var cursor = after
        var head = exchange.engine.head
        repeat {
            let page = try await exchange.engine.events(after: cursor, limit: limit - lines.count, filter: filter, opened: opened, by: exchange.peer)
            lines += page.lines
            cursor = page.lookedThrough
            head = page.head
        } while lines.count < limit && cursor < head && !exchange.service.isStopping
        var writer = JSONWriter()
        writer.array { array in for line in lines { array.raw(line.bytes) } }
        return Reply(.ok, type: MediaTypes.batch, bytes: writer.bytes, position: head)
    }
}

extension Reply {
    func typed(_ type: String) -> Reply {
        guard status != .notModified else { return self }
        var reply = self
        reply.fields[.contentType] = type
        return reply
    }
}

/// Writes pages of the log until its end, its limit, or, following, the end of the connection: the same loop for old and new, so there is no seam.
private struct EventStream: Sendable {
    let exchange: Exchange
    let filter: EventFilter
    let opened: Bool
    let follow: Bool
    let limit: Int
    let isSSE: Bool
    let after: Position

    @concurrent
    func run(first: EventPage, _ writer: inout any ResponseBodyWriter) async throws {
        var page = first
        var left = limit
        var told = after
        let end = first.head
        var lastWrite = ContinuousClock.now
        while true {
            var buffer = ByteBuffer()
            for line in page.lines {
                append(line, to: &buffer)
                told = line.position
            }
            left -= page.lines.count
            let isAtEnd = page.lookedThrough >= (follow ? page.head : end)
            let passedOver = page.lookedThrough.rawValue - min(told, page.lookedThrough).rawValue
            if passedOver >= Limits.checkpointPositions || (isAtEnd && !follow && passedOver > 0 && left > 0) {
                append(checkpoint: page.lookedThrough, to: &buffer)
                told = page.lookedThrough
            }
            if buffer.readableBytes > 0 {
                try await writer.write(buffer)
                lastWrite = .now
            }
            if left <= 0 || (isAtEnd && !follow) || exchange.service.isStopping { return }
            if isAtEnd { try await wait(beyond: page.lookedThrough, told: &told, lastWrite: &lastWrite, &writer) }
            if exchange.service.isStopping { return }
            page = try await exchange.engine.events(
                after: page.lookedThrough, limit: min(left, Limits.pageLines), filter: filter, opened: opened, by: exchange.peer)
        }
    }

    /// Until the log grows; says meanwhile that it is alive, and how far it has looked.
    @concurrent
    private func wait(
        beyond position: Position, told: inout Position, lastWrite: inout ContinuousClock.Instant, _ writer: inout any ResponseBodyWriter
    ) async throws {
        while await exchange.engine.waitForHead(beyond: position, timeoutSeconds: 1) <= position {
            try Task.checkCancellation()
            if exchange.service.isStopping { return }
            let quiet = lastWrite.duration(to: .now)
            var buffer = ByteBuffer()
            if quiet >= .seconds(Limits.checkpointSeconds), !isSSE || told < position {
                append(checkpoint: position, to: &buffer)
                told = position
            } else if isSSE, quiet >= .seconds(Limits.heartbeatSeconds) {
                buffer.writeString(": quiet\n\n")
            }
            guard buffer.readableBytes > 0 else { continue }
            try await writer.write(buffer)
            lastWrite = .now
        }
    }

    private func append(_ line: EventLine, to buffer: inout ByteBuffer) {
        if isSSE { buffer.writeString("id: \(line.position)\nevent: \(line.type)\ndata: ") }
        buffer.writeBytes(line.bytes)
        buffer.writeString(isSSE ? "\n\n" : "\n")
    }

    private func append(checkpoint position: Position, to buffer: inout ByteBuffer) {
        if isSSE {
            buffer.writeString("id: \(position)\nevent: checkpoint\ndata: {\"checkpoint\":\(position)}\n\n")
        } else {
            buffer.writeString("{\"checkpoint\":\(position)}\n")
        }
    }
}

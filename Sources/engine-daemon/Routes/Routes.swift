import Engine
import EventModel
import HTTPTypes
import HummingbirdCore
import NIOCore
import Projections

/// All routes of the socket.
enum Routes {
    static func table(metrics: HTTPMetrics, connections: ConnectionTable) -> RouteTable {
        RouteTable(routes: [
            Route(.post, "/v1/events", ["atomic"], PostEvents.handle),
            Route(.get, "/v1/events", ReadEvents.parameters, ReadEvents.list),
            Route(.get, "/v1/events/{position}", ["minPosition"], ReadEvents.one),
            Route(.get, "/v1/cases", Cases.listParameters + ["minPosition"], Cases.list),
            Route(.get, "/v1/cases/{serial}", ["minPosition"], Cases.document),
            Route(.get, "/v1/cases/{serial}/events", ["minPosition"], Cases.events),
            Route(.get, "/v1/kpi", Figures.kpiParameters + ["minPosition"], Figures.kpi),
            Route(.get, "/v1/feed", Figures.feedParameters + ["minPosition"], Figures.feed),
            Route(.get, "/v1/log/checkpoint", [], ProofRoutes.checkpoint),
            Route(.get, "/v1/log/proof/inclusion", ["position", "size"], ProofRoutes.inclusion),
            Route(.get, "/v1/log/proof/consistency", ["from", "to"], ProofRoutes.consistency),
            Route(.get, "/v1/status", [], Health.status),
            Route(.get, "/healthz", [], Health.healthz),
            Route(.get, "/readyz", [], Health.readyz),
            Route(.get, "/metrics", []) { exchange in
                let text = exchange.engine.metrics() + metrics.text(connections: connections.open)
                return Reply(.ok, type: MediaTypes.prometheus, bytes: Array(text.utf8))
            },
            Route(.get, "/v1/rulebook", [], RulebookRoutes.show),
            Route(.post, "/v1/rulebook", ["check"], RulebookRoutes.adopt),
            Route(.get, "/v1/projections", [], ProjectionRoutes.list),
            Route(.post, "/v1/projections/{name}/rebuild", [], ProjectionRoutes.rebuild),
        ])
    }
}

enum Cases {
    static let listParameters = ["unit", "mailbox", "status", "dueBefore", "overdue", "category", "sort", "cursor", "limit"]

    static func list(_ exchange: Exchange) async throws -> Reply {
        let limit = try exchange.query.count("limit", 1...Limits.listMost)
        var query = exchange.query.picked(listParameters)
        query["limit"] = String(limit ?? Limits.listDefault)
        return Paging.linked(try await exchange.engine.cases(query, by: exchange.peer), exchange, "/v1/cases", query)
    }

    static func document(_ exchange: Exchange) async throws -> Reply {
        .document(try await exchange.engine.caseDocument(try serial(exchange), by: exchange.peer), exchange)
    }

    /// The history, as NDJSON: a case is bounded.
    static func events(_ exchange: Exchange) async throws -> Reply {
        let lines = try await exchange.engine.caseEvents(try serial(exchange), by: exchange.peer)
        if Negotiation.mediaType(exchange.request.headers[.accept], offered: [MediaTypes.ndjson, MediaTypes.batch]) == MediaTypes.batch {
            var writer = JSONWriter()
            writer.array { array in for line in lines { array.raw(line.bytes) } }
            return Reply(.ok, type: MediaTypes.batch, bytes: writer.bytes)
        }
        return Reply(.ok, type: MediaTypes.ndjson, bytes: Array(lines.map { $0.bytes + [0x0A] }.joined()))
    }

    /// What can't be a serial is no case.
    private static func serial(_ exchange: Exchange) throws -> String {
        let serial = exchange.path["serial"] ?? ""
        let isSerial =
            (1...64).contains(serial.utf8.count)
            && serial.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
                default: false
                }
            }
        guard isSerial else { throw Refused(HTTPProblems.notFound) }
        return serial
    }
}

enum Figures {
    static let kpiParameters = ["period", "by", "unit", "definition", "basis", "compare", "series"]
    static let feedParameters = ["stage", "cursor", "limit"]

    static func kpi(_ exchange: Exchange) async throws -> Reply {
        .document(try await exchange.engine.kpi(exchange.query.picked(kpiParameters), by: exchange.peer), exchange)
    }
    static func feed(_ exchange: Exchange) async throws -> Reply {
        let limit = try exchange.query.count("limit", 1...Limits.listMost)
        var query = exchange.query.picked(feedParameters)
        query["limit"] = String(limit ?? Limits.listDefault)
        return Paging.linked(try await exchange.engine.feed(query), exchange, "/v1/feed", query)
    }
}

/// RFC 8288 `Link: rel="next"` from the `next` of a list.
enum Paging {
    static func linked(_ answer: Answer, _ exchange: Exchange, _ path: String, _ query: [String: String]) -> Reply {
        var reply = Reply.document(answer, exchange)
        var limits = JSONLimits()
        limits.nodes = 200_000
        limits.fractions = true
        guard let next = (try? JSONDocument(answer.bytes, limits: limits))?.root["next"]?.string else { return reply }
        var query = query
        query["cursor"] = next
        let pairs = query.sorted { $0.key < $1.key }.map { "\($0.key)=\(PercentCoding.encode($0.value))" }
        reply.fields[HTTPField.Name("Link")!] = "<\(path)?\(pairs.joined(separator: "&"))>; rel=\"next\""
        return reply
    }
}

enum Health {
    static func status(_ exchange: Exchange) async throws -> Reply { .document(exchange.engine.status(), exchange) }

    static func healthz(_ exchange: Exchange) async throws -> Reply {
        let health = exchange.engine.health()
        return state(health.healthy, health.detail)
    }

    static func readyz(_ exchange: Exchange) async throws -> Reply {
        let isReady = exchange.engine.isReady && !exchange.service.isStopping
        return state(isReady, isReady ? "ready" : exchange.service.isStopping ? "stopping" : "not ready")
    }

    private static func state(_ isGood: Bool, _ detail: String) -> Reply {
        var writer = JSONWriter()
        writer.object { answer in
            answer.member("ok", isGood)
            answer.member("detail", detail)
        }
        return Reply(isGood ? .ok : .serviceUnavailable, type: MediaTypes.json, bytes: writer.bytes, fields: isGood ? [:] : [.retryAfter: "5"])
    }
}

enum ProjectionRoutes {
    static func list(_ exchange: Exchange) async throws -> Reply { .document(exchange.engine.projections(), exchange) }

    private enum Step: Sendable {
        case progress(RebuildProgress)
        case done(Answer)
        case failed(Problem)
    }

    /// 200 and NDJSON: progress lines, then the result or a problem. What fails before the first of them has its own status.
    /// The rebuild goes on if the client leaves.
    static func rebuild(_ exchange: Exchange) async throws -> Reply {
        let name = exchange.path["name"] ?? ""
        let (steps, source) = AsyncStream.makeStream(of: Step.self, bufferingPolicy: .bufferingNewest(16))
        Task {
            do throws(QueryFailure) {
                source.yield(.done(try await exchange.engine.rebuildProjection(name, by: exchange.peer) { source.yield(.progress($0)) }))
            } catch {
                source.yield(.failed(error.problem))
            }
            source.finish()
        }
        var iterator = steps.makeAsyncIterator()
        guard let first = await iterator.next() else { throw CancellationError() }
        if case .failed(let problem) = first { throw Refused(problem) }
        return Reply(stream: MediaTypes.ndjson) { writer in
            try await write(first, exchange, &writer)
            for await step in steps { try await write(step, exchange, &writer) }
            try await writer.finish(nil)
        }
    }

    @concurrent
    private static func write(_ step: Step, _ exchange: Exchange, _ writer: inout any ResponseBodyWriter) async throws {
        let line: [UInt8] =
            switch step {
            case .progress(let progress): progressLine(progress)
            case .done(let answer): resultLine(answer)
            case .failed(let problem): problem.json(language: exchange.language, requestID: exchange.id)
            }
        try await writer.write(ByteBuffer(bytes: line + [0x0A]))
    }

    private static func progressLine(_ progress: RebuildProgress) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { line in
            line.member(
                "progress",
                object: { inner in
                    inner.member("done", progress.done)
                    inner.member("total", progress.total)
                    inner.member("eventsPerSecond", Int(progress.eventsPerSecond.rounded()))
                    inner.member("remainingSeconds", optional: progress.remainingSeconds.map { Int($0.rounded(.up)) })
                })
        }
        return writer.bytes
    }

    private static func resultLine(_ answer: Answer) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { line in line.member("result", raw: answer.bytes) }
        return writer.bytes
    }
}

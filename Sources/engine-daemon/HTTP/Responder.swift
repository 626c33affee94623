import Engine
import EventModel
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Synchronization
import Workflow

/// Answers requests: finds the route, runs its handler, turns what it throws into problems, adds the fields every answer has, logs and counts.
struct Responder: Sendable {
    let engine: Engine
    let table: RouteTable
    let limits: Limits
    let service: ServiceState
    let metrics: HTTPMetrics
    let logger: Logger

    @concurrent
    func respond(to request: Request, writer: consuming ResponseWriter, channel: any Channel) async throws {
        let start = ContinuousClock.now
        let id = RequestID.next()
        let language = Negotiation.language(request.headers[.acceptLanguage])
        let body = BodyReader(request)
        metrics.began()
        var label = "-"
        var reply = await answer(request, id: id, language: language, channel: channel, body: body, label: &label)
        if reply.status.code >= 400, await !body.discard() { reply.fields[.connection] = "close" }
        if service.isStopping { reply.fields[.connection] = "close" }
        reply.fields[.cacheControl] = "no-store"
        reply.fields[Self.positionField] = (reply.position ?? engine.head).description
        reply.fields[Self.requestField] = id
        if request.head.method == .head {
            if let length = reply.body.contentLength { reply.fields[.contentLength] = String(length) }
            reply.body = ResponseBody()
        } else if let length = reply.body.contentLength, reply.status != .notModified {
            reply.fields[.contentLength] = String(length)
        }
        var failure: (any Error)?
        do {
            try await writer.write(response: HTTPResponse(status: reply.status, headerFields: reply.fields), body: reply.body)
        } catch {
            failure = error
        }
        let duration = start.duration(to: .now)
        metrics.ended(method: request.head.method.rawValue, route: label, status: reply.status.code, duration: duration, cut: failure != nil)
        log(request, reply, id: id, label: label, duration: duration, cut: failure != nil)
        if let failure { throw failure }
    }

    private func answer(
        _ request: Request, id: String, language: Language, channel: any Channel, body: BodyReader, label: inout String
    ) async -> Reply {
        do {
            let peer = try admitted()
            guard (request.head.path?.utf8.count ?? 0) <= Limits.targetBytes else {
                throw Refused(HTTPProblems.targetTooLong, fields: [.connection: "close"])
            }
            let sides = (request.head.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            switch table.match(request.head.method, sides[0]) {
            case .nothing: throw Refused(HTTPProblems.notFound)
            case .otherMethods(let allowed): throw Refused(HTTPProblems.methodNotAllowed(allowed), fields: [.allow: allowed])
            case .route(let route, let path):
                label = route.path
                var logger = logger
                logger[metadataKey: "request"] = "\(id)"
                let query = try Query(sides.count == 2 ? sides[1] : nil, known: route.parameters)
                let exchange = Exchange(
                    request: request, id: id, peer: peer, language: language, engine: engine, service: service, channel: channel, logger: logger,
                    limits: limits, path: path, query: query, body: body)
                if let minimum = try query.position("minPosition") { try await waitFor(minimum) }
                return try await route.handler(exchange)
            }
        } catch let refused as Refused {
            return .problem(refused.problem, language, id: id, fields: refused.fields)
        } catch let failure as QueryFailure {
            return .problem(failure.problem, language, id: id)
        } catch is CancellationError {
            return .problem(HTTPProblems.stopping, language, id: id)
        } catch {
            logger.error("request failed", metadata: ["request": "\(id)", "route": "\(label)", "error": "\(error)"])
            return .problem(HTTPProblems.internal, language, id: id)
        }
    }

    private func admitted() throws -> Peer {
        guard let connection = Connection.current else { throw Refused(HTTPProblems.internal) }
        switch connection.standing {
        case .served(let peer): return peer
        case .unknown(let uid, let gid): throw Refused(HTTPProblems.unknownPeer(uid: uid, gid: gid), fields: [.connection: "close"])
        case .tooMany(let perUser): throw Refused(HTTPProblems.tooManyConnections(perUser: perUser), fields: [.connection: "close"])
        }
    }

    private func waitFor(_ minimum: Position) async throws {
        guard await engine.waitForViews(at: minimum, timeoutSeconds: Limits.minPositionSeconds) else {
            throw Refused(HTTPProblems.behind(minimum.rawValue))
        }
    }

    private func log(_ request: Request, _ reply: Reply, id: String, label: String, duration: Duration, cut: Bool) {
        let connection = Connection.current
        var metadata: Logger.Metadata = [
            "request": "\(id)", "method": "\(request.head.method.rawValue)", "route": "\(label)", "status": "\(reply.status.code)",
            "ms": "\(duration.milliseconds)", "uid": "\(connection.map { String($0.credentials.uid) } ?? "-")",
        ]
        if cut { metadata["cut"] = "true" }
        let quiet = label == "/healthz" || label == "/readyz" || label == "/metrics"
        logger.log(level: quiet ? .debug : reply.status.code >= 500 ? .warning : .info, "request", metadata: metadata)
    }

    static let positionField = HTTPField.Name("Appeal-Position")!
    static let requestField = HTTPField.Name("Appeal-Request")!
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

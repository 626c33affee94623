import Engine
import EventModel
import HTTPTypes
import HummingbirdCore
import Workflow

/// `POST /v1/events`: one event, a batch, a stream of lines, or one event in binary mode.
enum PostEvents {
    static let accepted = [MediaTypes.event, MediaTypes.batch, MediaTypes.ndjson]

    static func handle(_ exchange: Exchange) async throws -> Reply {
        try refuseCoding(exchange)
        let atomic = try exchange.query.flag("atomic")
        if BinaryMode.isUsed(exchange.request.headers) {
            try refuseAtomic(atomic)
            let data = try await exchange.body.collect(Limits.eventBytes)
            return single(await exchange.engine.postOne(try BinaryMode.event(exchange, data: data), by: exchange.peer), exchange)
        }
        guard let type = exchange.contentType, type.isUTF8 else { throw Refused(HTTPProblems.mediaType(accepted)) }
        switch type.name {
        case MediaTypes.event:
            try refuseAtomic(atomic)
            let event = try await exchange.body.collect(Limits.eventBytes)
            return single(await exchange.engine.postOne(event, by: exchange.peer), exchange)
        case MediaTypes.batch:
            let body = try await exchange.body.collect(Limits.batchBytes)
            switch exchange.engine.splitBatch(body) {
            case .failure(let refusal): throw Refused(Problem(refusal))
            case .success(let events):
                let results = events.isEmpty ? [] : await exchange.engine.post(events, atomic: atomic, by: exchange.peer)
                return atomic ? all(results, exchange) : each(results, exchange)
            }
        case MediaTypes.ndjson:
            try refuseAtomic(atomic)
            return PostLines.reply(exchange)
        default:
            throw Refused(HTTPProblems.mediaType(accepted))
        }
    }

    static func refuseCoding(_ exchange: Exchange) throws {
        if let coding = exchange.request.headers[.contentEncoding], coding.lowercased() != "identity" { throw Refused(HTTPProblems.contentEncoding) }
    }

    private static func refuseAtomic(_ atomic: Bool) throws {
        if atomic {
            throw Refused(HTTPProblems.badParameter("atomic", zh: "只用于 \(MediaTypes.batch)。", en: "it goes with \(MediaTypes.batch) only."))
        }
    }

    private static func single(_ result: PostResult, _ exchange: Exchange) -> Reply {
        switch result {
        case .accepted(let receipt):
            return Reply(
                .created, type: MediaTypes.json, bytes: receipt.json(outcome: "accepted"), fields: [.location: "/v1/events/\(receipt.position)"])
        case .duplicate(let receipt):
            return Reply(
                .ok, type: MediaTypes.json, bytes: receipt.json(outcome: "duplicate"), fields: [.contentLocation: "/v1/events/\(receipt.position)"])
        case .refused, .unavailable:
            return .problem(result.problem ?? HTTPProblems.internal, exchange.language, id: exchange.id)
        }
    }

    /// Decided one by one: 200 if every event is in, else 207.
    private static func each(_ results: [PostResult], _ exchange: Exchange) -> Reply {
        var writer = JSONWriter(capacity: 256 + results.count * 400)
        writer.object { answer in
            answer.member("summary", object: { PostSummary(results).write(&$0) })
            answer.member(
                "items",
                array: { items in
                    for result in results { items.raw(result.json(language: exchange.language, requestID: exchange.id)) }
                })
        }
        let isWhole = results.allSatisfy { $0.isStored }
        var fields: HTTPFields = [:]
        if let seconds = results.compactMap({ $0.problem?.retryAfterSeconds }).max() { fields[.retryAfter] = String(seconds) }
        return Reply(isWhole ? .ok : .init(code: 207, reasonPhrase: "Multi-Status"), type: MediaTypes.json, bytes: writer.bytes, fields: fields)
    }

    /// All or nothing: the first failing item answers; the engine has led its pointers by its index.
    private static func all(_ results: [PostResult], _ exchange: Exchange) -> Reply {
        guard let problem = results.first(where: { !$0.isStored })?.problem else { return each(results, exchange) }
        return .problem(problem, exchange.language, id: exchange.id)
    }
}

/// Counts of a batch or stream.
struct PostSummary: Sendable {
    var accepted = 0
    var duplicate = 0
    var refused = 0
    var unknown = 0

    init(_ results: [PostResult] = []) { for result in results { count(result) } }

    mutating func count(_ result: PostResult) {
        switch result {
        case .accepted: accepted += 1
        case .duplicate: duplicate += 1
        case .unavailable(.outcomeUnknown): unknown += 1
        case .refused, .unavailable: refused += 1
        }
    }

    func write(_ writer: inout JSONWriter) {
        writer.member("accepted", accepted)
        writer.member("duplicate", duplicate)
        writer.member("refused", refused)
        writer.member("unknown", unknown)
    }
}

extension PostResult {
    /// In the log, now or before.
    var isStored: Bool {
        switch self {
        case .accepted, .duplicate: true
        case .refused, .unavailable: false
        }
    }

    var problem: Problem? {
        switch self {
        case .accepted, .duplicate:
            return nil
        case .refused(let refusal):
            var problem = Problem(refusal)
            if refusal.status == 429, problem.retryAfterSeconds == nil { problem.retryAfterSeconds = 1 }
            return problem
        case .unavailable(let reason):
            return Problem(reason)
        }
    }
}

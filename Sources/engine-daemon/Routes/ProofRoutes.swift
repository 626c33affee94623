import Engine
import EventModel
import HTTPTypes
import HummingbirdCore

/// `GET /v1/log/…`: the last checkpoint, and proofs from the stored tree. docs/reference/proofs.md.
enum ProofRoutes {
    static func checkpoint(_ exchange: Exchange) async throws -> Reply { text(try await exchange.engine.checkpoint()) }

    /// JSON, or a C2SP tlog-proof where `Accept` prefers text/plain.
    static func inclusion(_ exchange: Exchange) async throws -> Reply {
        let position = try needed("position", exchange)
        let size = try exchange.query.position("size")
        guard Negotiation.mediaType(exchange.request.headers[.accept], offered: [MediaTypes.json, MediaTypes.plain]) == MediaTypes.plain else {
            return json(try await exchange.engine.inclusion(of: position, size: size))
        }
        return text(try await exchange.engine.proofFile(of: position, size: size, by: exchange.peer))
    }

    static func consistency(_ exchange: Exchange) async throws -> Reply {
        let from = try needed("from", exchange)
        return json(try await exchange.engine.consistency(from: from, to: try exchange.query.position("to")))
    }

    /// A position from 1 on.
    private static func needed(_ name: String, _ exchange: Exchange) throws -> Position {
        guard let position = try exchange.query.position(name) else {
            throw Refused(HTTPProblems.badParameter(name, zh: "必须给出。", en: "it must be given."))
        }
        guard position > .start else { throw Refused(HTTPProblems.badParameter(name, zh: "从 1 起。", en: "it is at least 1.")) }
        return position
    }

    private static func text(_ answer: ProofAnswer) -> Reply {
        Reply(.ok, type: "\(MediaTypes.plain); charset=utf-8", bytes: answer.bytes, position: answer.head)
    }
    private static func json(_ answer: ProofAnswer) -> Reply { Reply(.ok, type: MediaTypes.json, bytes: answer.bytes, position: answer.head) }
}

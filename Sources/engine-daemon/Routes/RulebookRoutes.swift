import Engine
import EventModel
import HTTPTypes
import Workflow

/// `GET /v1/rulebook`, `POST /v1/rulebook` with `{"files":[{"name":…,"text":…}]}`; `?check=true` only checks.
enum RulebookRoutes {
    static func show(_ exchange: Exchange) async throws -> Reply { .document(exchange.engine.rulebookDocument(), exchange) }

    static func adopt(_ exchange: Exchange) async throws -> Reply {
        try PostEvents.refuseCoding(exchange)
        let check = try exchange.query.flag("check")
        guard let type = exchange.contentType, type.name == MediaTypes.json, type.isUTF8 else {
            throw Refused(HTTPProblems.mediaType([MediaTypes.json]))
        }
        let files = try self.files(try await exchange.body.collect(Limits.rulebookBytes))
        if check { return findings(exchange.engine.checkRulebook(files)) }
        switch await exchange.engine.adoptRulebook(files, by: exchange.peer) {
        case .adopted(let version, let position): return outcome(.created, "adopted", version: version, position: position)
        case .unchanged(let version): return outcome(.ok, "unchanged", version: version, position: nil)
        case .findings(let found): return invalid(found, exchange)
        case .refused(let refusal): throw Refused(Problem(refusal))
        case .unavailable(let reason): throw Refused(Problem(reason))
        }
    }

    private static func files(_ body: [UInt8]) throws -> [(name: String, text: String)] {
        var limits = JSONLimits()
        limits.stringBytes = Limits.rulebookBytes
        let document: JSONDocument
        do throws(JSONScanError) {
            document = try JSONDocument(body, limits: limits)
        } catch {
            throw Refused(HTTPProblems.malformedJSON("不是合法的 JSON（\(error)）。", "It is no valid JSON (\(error))."))
        }
        let root = document.root
        guard root.kind == .object, let list = root["files"], list.kind == .array, list.count > 0, root.count == 1 else {
            throw Refused(
                HTTPProblems.malformedJSON(
                    "应为 {\"files\":[{\"name\":…,\"text\":…}]}。", "It must be {\"files\":[{\"name\":…,\"text\":…}]}.", pointer: "/files"))
        }
        return try list.items.enumerated().map { index, item in
            guard item.kind == .object, let name = item["name"]?.string, let text = item["text"]?.string, item.count == 2 else {
                throw Refused(
                    HTTPProblems.malformedJSON(
                        "每个文件只有 name 和 text 两项文本。", "A file has the texts name and text, nothing else.", pointer: "/files/\(index)"))
            }
            return (name, text)
        }
    }

    private static func outcome(_ status: HTTPResponse.Status, _ outcome: String, version: Int, position: Position?) -> Reply {
        var writer = JSONWriter()
        writer.object { answer in
            answer.member("outcome", outcome)
            answer.member("version", version)
            if let position { answer.member("position", position.rawValue) }
        }
        return Reply(status, type: MediaTypes.json, bytes: writer.bytes, fields: position.map { [.location: "/v1/events/\($0)"] } ?? [:])
    }

    private static func findings(_ found: [Finding]) -> Reply {
        var writer = JSONWriter()
        writer.object { answer in
            answer.member("ok", !found.contains { $0.severity == .error })
            answer.member("findings", array: { array in for finding in found { write(finding, &array) } })
        }
        return Reply(.ok, type: MediaTypes.json, bytes: writer.bytes)
    }

    /// The problem, and every finding in it.
    private static func invalid(_ found: [Finding], _ exchange: Exchange) -> Reply {
        let problem = HTTPProblems.rulebookInvalid(found.count { $0.severity == .error }).json(language: exchange.language, requestID: exchange.id)
        var writer = JSONWriter()
        writer.array { array in for finding in found { write(finding, &array) } }
        let bytes = problem.dropLast() + Array(",\"findings\":".utf8) + writer.bytes + [UInt8(ascii: "}")]
        return Reply(.unprocessableContent, type: MediaTypes.problem, bytes: bytes)
    }

    private static func write(_ finding: Finding, _ array: inout JSONWriter) {
        array.object { item in
            item.member("severity", finding.severity.rawValue)
            item.member("part", finding.part)
            item.member("line", finding.line)
            item.member("code", finding.code)
            item.member("message", finding.message)
        }
    }
}

import EngineClient
import EventModel
import Foundation
import Testing

/// What nobody should send, and what it is answered with: a documented status and code, and nothing in the log.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadInputTests {
    struct Row: Sendable, CustomStringConvertible {
        var name: String
        var method = "POST"
        var path = "/v1/events"
        var query: [(String, String)] = []
        var type: String? = "application/cloudevents+json"
        var headers: [(String, String)] = []
        var body: [UInt8]? = []
        var status: Int
        var code: String
        var description: String { name }
    }

    static let good = Events.received(id: "bad-input")
    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let rows: [Row] = [
        Row(name: "empty body", status: 400, code: "malformed-json"),
        Row(name: "not JSON", body: text("hello"), status: 400, code: "malformed-json"),
        Row(name: "cut JSON", body: good.dropLast(), status: 400, code: "malformed-json"),
        Row(name: "trailing bytes", body: good + text("x"), status: 400, code: "malformed-json"),
        Row(name: "byte order mark", body: [0xEF, 0xBB, 0xBF] + good, status: 400, code: "malformed-json"),
        Row(name: "invalid UTF-8", body: text("{\"id\":\"") + [0xFF] + text("\"}"), status: 400, code: "malformed-json"),
        Row(
            name: "a name twice", body: text(#"{"specversion":"1.0","id":"a","id":"b","source":"/example/","type":"appeal.received","data":{}}"#),
            status: 400, code: "malformed-json"),
        Row(
            name: "nested 40 deep", body: text(String(repeating: "[", count: 40) + String(repeating: "]", count: 40)), status: 400,
            code: "malformed-json"),
        Row(name: "an array", body: text("[]"), status: 400, code: "not-an-event"),
        Row(
            name: "no id", body: text(#"{"specversion":"1.0","source":"/example/","type":"appeal.received","data":{}}"#), status: 400,
            code: "attribute-missing"),
        Row(name: "id of 129 bytes", body: Events.received(id: String(repeating: "a", count: 129)), status: 400, code: "attribute-malformed"),
        Row(name: "id in Chinese", body: Events.received(id: "编号"), status: 400, code: "attribute-malformed"),
        Row(name: "unknown type", body: Events.event("appeal.unheard"), status: 422, code: "type-unknown"),
        Row(name: "a type of the engine's", body: Events.event("appeal.overdue", subject: "x-1"), status: 403, code: "engine-only"),
        Row(
            name: "unknown member", body: Events.event("appeal.received", data: #"{"channel":"mailbox","title":"x","tittle":"y"}"#), status: 422,
            code: "unknown-member"),
        Row(
            name: "a member of the engine's", body: Events.event("appeal.received", data: #"{"channel":"mailbox","title":"x","serial":"y"}"#),
            status: 422, code: "member-not-yours"),
        Row(name: "no channel", body: Events.event("appeal.received", data: #"{"title":"x"}"#), status: 422, code: "member-missing"),
        Row(
            name: "unknown channel", body: Events.event("appeal.received", data: #"{"channel":"pigeon","title":"x"}"#), status: 422,
            code: "unknown-code"),
        Row(
            name: "source not granted", body: Events.event("appeal.received", source: "/elsewhere/x", data: #"{"channel":"mailbox","title":"x"}"#),
            status: 403, code: "source-not-granted"),
        Row(name: "no such case", body: Events.event("appeal.accepted", subject: "510104-20170301-999999"), status: 422, code: "case-unknown"),
        Row(name: "subject missing", body: Events.event("appeal.accepted"), status: 422, code: "subject-missing"),
        Row(name: "event over 256 KiB", body: [UInt8](repeating: 0x20, count: 262_145), status: 413, code: "event-too-large"),
        Row(name: "event of 256 KiB of spaces", body: [UInt8](repeating: 0x20, count: 262_144), status: 400, code: "malformed-json"),
        Row(
            name: "batch over 4 MiB", type: "application/cloudevents-batch+json", body: [UInt8](repeating: 0x20, count: (4 << 20) + 1), status: 413,
            code: "event-too-large"),
        Row(
            name: "batch of 1,001", type: "application/cloudevents-batch+json",
            body: text("[" + Array(repeating: "{}", count: 1_001).joined(separator: ",") + "]"), status: 413, code: "event-too-large"),
        Row(name: "batch that is no array", type: "application/cloudevents-batch+json", body: text("{}"), status: 400, code: "malformed-json"),
        Row(name: "no media type", type: nil, body: good, status: 415, code: "media-type-unsupported"),
        Row(name: "plain JSON", type: "application/json", body: good, status: 415, code: "media-type-unsupported"),
        Row(name: "another charset", type: "application/cloudevents+json; charset=gbk", body: good, status: 415, code: "media-type-unsupported"),
        Row(name: "gzip", headers: [("Content-Encoding", "gzip")], body: [0x1F, 0x8B], status: 415, code: "encoding-refused"),
        Row(name: "unknown parameter", query: [("atomically", "true")], body: good, status: 400, code: "unknown-parameter"),
        Row(
            name: "atomic that is no flag", query: [("atomic", "yes")], type: "application/cloudevents-batch+json", body: text("[]"), status: 400,
            code: "bad-parameter"),
        Row(name: "atomic without a batch", query: [("atomic", "true")], body: good, status: 400, code: "bad-parameter"),
        Row(
            name: "binary mode without JSON", type: "text/plain",
            headers: [("ce-specversion", "1.0"), ("ce-id", "b"), ("ce-source", "/example/"), ("ce-type", "appeal.received")], body: text("x"),
            status: 415, code: "media-type-unsupported"),
        Row(
            name: "binary mode that breaks out", type: "application/json",
            headers: [("ce-specversion", "1.0"), ("ce-id", "b"), ("ce-source", "/example/"), ("ce-type", "appeal.received")],
            body: text(#"{},"type":"x""#), status: 400, code: "malformed-json"),
        Row(name: "PUT", method: "PUT", body: good, status: 405, code: "method-not-allowed"),
        Row(name: "no such path", method: "GET", path: "/v2/events", body: nil, status: 404, code: "not-found"),
        Row(name: "doubled slash", method: "GET", path: "//v1/status", body: nil, status: 404, code: "not-found"),
        Row(name: "dots", method: "GET", path: "/v1/../v1/status", body: nil, status: 404, code: "not-found"),
        Row(name: "coded dots", method: "GET", path: "/v1/cases/%2e%2e", body: nil, status: 404, code: "not-found"),
        Row(name: "NUL in a serial", method: "GET", path: "/v1/cases/a%00b", body: nil, status: 404, code: "not-found"),
        Row(
            name: "serial of 5,000", method: "GET", path: "/v1/cases/" + String(repeating: "a", count: 5_000), body: nil, status: 404,
            code: "not-found"),
        Row(
            name: "target over 8 KiB", method: "GET", path: "/v1/cases/" + String(repeating: "a", count: 8_200), body: nil, status: 414,
            code: "target-too-long"),
        Row(name: "position 0", method: "GET", path: "/v1/events/0", body: nil, status: 404, code: "not-found"),
        Row(name: "position −1", method: "GET", path: "/v1/events/-1", body: nil, status: 404, code: "not-found"),
        Row(name: "position with a leading zero", method: "GET", path: "/v1/events/01", body: nil, status: 404, code: "not-found"),
        Row(name: "position beyond the head", method: "GET", path: "/v1/events/9999999", body: nil, status: 404, code: "not-found"),
        Row(name: "after +1", method: "GET", query: [("after", "+1")], body: nil, status: 400, code: "bad-parameter"),
        Row(name: "after 2^64", method: "GET", query: [("after", "18446744073709551616")], body: nil, status: 400, code: "bad-parameter"),
        Row(name: "after in full-width digits", method: "GET", query: [("after", "１")], body: nil, status: 400, code: "bad-parameter"),
        Row(name: "limit 0", method: "GET", query: [("limit", "0")], body: nil, status: 400, code: "bad-parameter"),
        Row(
            name: "limit of a list over 500", method: "GET", path: "/v1/cases", query: [("limit", "501")], body: nil, status: 400,
            code: "bad-parameter"),
        Row(name: "an unknown view", method: "GET", query: [("view", "all")], body: nil, status: 400, code: "bad-parameter"),
        Row(name: "a parameter twice", method: "GET", query: [("after", "1"), ("after", "2")], body: nil, status: 400, code: "bad-parameter"),
        Row(name: "a KPI without a period", method: "GET", path: "/v1/kpi", body: nil, status: 400, code: "bad-parameter"),
        Row(name: "a foreign cursor", method: "GET", path: "/v1/cases", query: [("cursor", "zzz")], body: nil, status: 400, code: "bad-parameter"),
        Row(
            name: "a bookmark that is none", method: "GET", headers: [("Accept", "text/event-stream"), ("Last-Event-ID", "x")], body: nil,
            status: 400, code: "bad-parameter"),
        Row(
            name: "following an array", method: "GET", query: [("follow", "true")], headers: [("Accept", "application/cloudevents-batch+json")],
            body: nil, status: 400, code: "bad-parameter"),
        Row(
            name: "a position that never comes", method: "GET", path: "/v1/kpi", query: [("period", "2017"), ("minPosition", "99999999")], body: nil,
            status: 503, code: "behind"),
        Row(name: "a rulebook that is no JSON", path: "/v1/rulebook", type: "application/json", body: text("x"), status: 400, code: "malformed-json"),
        Row(
            name: "a rulebook without files", path: "/v1/rulebook", type: "application/json", body: text(#"{"files":[]}"#), status: 400,
            code: "malformed-json"),
        Row(
            name: "a rulebook with errors", path: "/v1/rulebook", type: "application/json",
            body: text(#"{"files":[{"name":"a.yaml","text":"nonsense: 1"}]}"#), status: 422, code: "rulebook-invalid"),
        Row(name: "a view that is none", path: "/v1/projections/nope/rebuild", type: nil, body: nil, status: 404, code: "not-found"),
    ]

    @Test func everyRowHasItsAnswerAndLeavesNothing() async throws {
        try await withDaemon { daemon in
            let before = try await daemon.client.get("/v1/status").position
            for row in Self.rows {
                let type = row.type.map { [("Content-Type", $0)] } ?? []
                let reply = try await daemon.client.send(
                    method: row.method, path: row.path, query: row.query, headers: (row.method == "GET" ? [] : type) + row.headers, body: row.body)
                #expect(reply.status == row.status, "\(row.name): \(reply.text)")
                let problem = reply.problem
                #expect(problem?.code == row.code, "\(row.name): \(reply.text)")
                #expect(problem?.status == reply.status, "\(row.name)")
                #expect(problem?.requestID?.count == 26, "\(row.name)")
                #expect(reply.position != nil, "\(row.name): Appeal-Position")
                if reply.status == 503 { #expect(reply.retryAfterSeconds != nil, "\(row.name): Retry-After") }
            }
            let after = try await daemon.client.get("/v1/status").position
            #expect(before == after, "a refused request left something in the log")
            #expect(!daemon.log.contains("路灯"), "the log holds text of an event")
        }
    }

    @Test func whatIsNoHTTPIsAnsweredOnceAndClosed() async throws {
        try await withDaemon(rulebook: false) { daemon in
            let rows: [(String, String, String)] = [
                ("GARBAGE\r\n\r\n", "400", "bad-request"),
                ("GET /v1/status HTTP/1.1\r\nHost: e\r\nBad Header: x\r\n\r\n", "400", "bad-request"),
                ("POST /v1/events HTTP/1.1\r\nHost: e\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "bad-request"),
                ("POST /v1/events HTTP/1.1\r\nHost: e\r\nContent-Length: -1\r\n\r\n", "400", "bad-request"),
                ("GET /v1/status HTTP/1.1\r\nHost: e\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n", "431", "headers-too-large"),
                ("GET /v1/status HTTP/1.1\r\n\(String(repeating: "X: a\r\n", count: 200))\r\n", "431", "headers-too-large"),
            ]
            for (request, status, code) in rows {
                let answer = try await blocking {
                    let raw = try RawSocket(daemon.socket)
                    defer { raw.close() }
                    _ = raw.send(request)
                    return String(decoding: raw.read(), as: UTF8.self)
                }
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.prefix(60)): \(answer.prefix(200))")
                #expect(answer.contains("\"code\":\"\(code)\""), "\(request.prefix(60)): \(answer.prefix(400))")
            }
        }
    }

    @Test func aHeadThatDoesNotEndIsTimedOut() async throws {
        try await withDaemon(extra: "limits: {requestHeadSeconds: 1, idleSeconds: 1}", rulebook: false) { daemon in
            let (head, idle) = try await blocking {
                let slow = try RawSocket(daemon.socket)
                _ = slow.send("GET /v1/status HTTP/1.1\r\nHost:")
                let silent = try RawSocket(daemon.socket)
                defer {
                    slow.close()
                    silent.close()
                }
                return (String(decoding: slow.read(), as: UTF8.self), silent.read())
            }
            #expect(head.hasPrefix("HTTP/1.1 408 ") && head.contains("request-timeout"))
            #expect(idle.isEmpty, "an idle connection is closed without a word")
        }
    }

    @Test func theLanguageIsTheClients() async throws {
        try await withDaemon(rulebook: false) { daemon in
            for (accept, part) in [("en", "There is nothing"), ("zh-CN", "没有这个地址"), ("fr, en;q=0.3, zh;q=0.2", "There is nothing"), ("fr", "没有这个地址")]
            {
                let reply = try await daemon.client.send(method: "GET", path: "/nothing", headers: [("Accept-Language", accept)])
                #expect(reply.problem?.detail.contains(part) == true, "\(accept): \(reply.text)")
            }
        }
    }
}

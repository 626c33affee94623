import EngineClient
import EventModel
import Foundation
import Testing

/// What a bad event is answered with doesn't depend on what happened to the daemon: the same table before, right after a SIGKILL, and again.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadEventTests {
    struct Row: Sendable {
        var name: String
        var body: [UInt8]
        var status: Int
        /// `nil`: a receipt.
        var code: String?
    }

    @Test func documentedAnswersBeforeAndRightAfterAKill() async throws {
        try await withDaemon { daemon in
            let client = daemon.client
            let (open, closed) = try await (newCase(client, "open"), newCase(client, "closed"))
            for (type, data) in [
                ("appeal.assigned", #"{"unit":"510104-transport"}"#), ("appeal.replied", #"{"kind":"solved","public":"已修好。"}"#),
                ("appeal.closed", #"{"result":"solved"}"#),
            ] {
                let reply = try await client.raw(Events.event(type, id: "\(type)-1", subject: closed, data: data))
                try #require(reply.status == 201, "\(reply.text)")
            }
            let accepted = try await client.raw(Events.event("appeal.accepted", id: "accepted", subject: open))
            try #require(accepted.status == 201, "\(accepted.text)")

            let rows = rows(open: open, closed: closed)
            let head = try await daemon.position()
            var first: [String] = []
            for round in 0..<3 {
                var answers: [String] = []
                for row in rows {
                    let reply = try await client.raw(row.body)
                    #expect(reply.status == row.status, "\(row.name), round \(round): \(reply.text)")
                    #expect(reply.problem?.code == row.code, "\(row.name), round \(round): \(reply.text)")
                    // All but the request's own id.
                    answers.append(try canonical(reply.bytes, without: ["instance"]))
                }
                if round == 0 { first = answers }
                #expect(answers == first, "round \(round)")
                #expect(try await daemon.position() == head, "round \(round): something is in the log")
                await daemon.end(SIGKILL)
                try await daemon.start()
            }

            // A good one still goes in.
            #expect(try await client.raw(Events.received(id: "good")).status == 201)
            #expect(!daemon.log.contains("路灯") && !daemon.log.contains("已修好"), "the daemon's log holds text of an event")
            try await daemon.expectWholeLog()
        }
    }

    private func newCase(_ client: EngineClient, _ id: String) async throws -> String {
        let reply = try await client.raw(Events.received(id: id))
        try #require(reply.status == 201, "\(reply.text)")
        return try #require(try reply.json()["case"]?.string)
    }

    private func rows(open: String, closed: String) -> [Row] {
        let accepted = Events.event("appeal.accepted", id: "accepted", subject: open)
        func event(_ type: String, _ id: String, _ subject: String?, extra: String = "", _ data: String = "{}") -> [UInt8] {
            Events.event(type, id: id, subject: subject, extra: extra, data: data)
        }
        return [
            Row(name: "malformed", body: accepted.dropLast(), status: 400, code: "malformed-json"),
            Row(name: "a member twice", body: Array(#"{"specversion":"1.0","id":"a","id":"b"}"#.utf8), status: 400, code: "malformed-json"),
            Row(name: "no event", body: Array("[]".utf8), status: 400, code: "not-an-event"),
            Row(
                name: "oversized",
                body: event("appeal.received", "big", nil, #"{"channel":"mailbox","text":"\#(String(repeating: "大", count: 90_000))"}"#),
                status: 413, code: "event-too-large"),
            Row(
                name: "a member too long", body: Events.received(id: "long", title: String(repeating: "长", count: 2_000)), status: 422,
                code: "member-too-long"),
            Row(name: "unknown type", body: event("appeal.unheard", "unheard", open), status: 422, code: "type-unknown"),
            Row(name: "the engine's own type", body: event("appeal.overdue", "overdue", open), status: 403, code: "engine-only"),
            Row(
                name: "unknown member", body: event("appeal.closed", "typo", open, #"{"result":"solved","reslut":"solved"}"#), status: 422,
                code: "unknown-member"),
            Row(
                name: "wrong revision",
                body: event("appeal.assigned", "late", open, extra: #""expectedrevision":"1","#, #"{"unit":"510104-transport"}"#),
                status: 409, code: "revision-conflict"),
            Row(name: "duplicate", body: accepted, status: 200, code: nil),
            Row(name: "duplicate of the first", body: Events.received(id: "open"), status: 200, code: nil),
            Row(name: "same id, other content", body: Events.received(id: "open", title: "路灯亮了"), status: 409, code: "id-conflict"),
            Row(name: "same id on another case", body: event("appeal.accepted", "accepted", closed), status: 409, code: "id-conflict"),
            Row(name: "unknown case", body: event("appeal.accepted", "nobody", "510104-20170301-999999"), status: 422, code: "case-unknown"),
            Row(name: "accepted twice", body: event("appeal.accepted", "accepted-2", open), status: 422, code: "already-accepted"),
            Row(name: "closed twice", body: event("appeal.closed", "closed-2", closed, #"{"result":"solved"}"#), status: 422, code: "case-closed"),
            Row(
                name: "a reply nobody was asked for", body: event("appeal.replied", "replied-2", open, #"{"kind":"solved","public":"好。"}"#),
                status: 422,
                code: "assignment-missing"),
        ]
    }
}

import EngineClient
import EventModel
import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct PostingTests {
    @Test func oneEventAndItsReceipts() async throws {
        try await withDaemon { daemon in
            let event = Events.received(id: "one")
            let first = try await daemon.client.post(event: event)
            #expect(first.status == 201)
            let receipt = try first.json()
            let position = try #require(receipt["position"]?.integer)
            #expect(first.location == "/v1/events/\(position)")
            #expect(receipt["outcome"]?.string == "accepted")
            #expect(receipt["extractionCode"]?.string?.count == 8)
            #expect(first.position.map { $0 >= Position(UInt64(position)) } == true, "Appeal-Position")

            // The same event again, its members in another order: the first receipt.
            let again = try await daemon.client.post(
                event: Array(
                    #"{"data":{"title":"路灯不亮","channel":"mailbox"}, "type":"appeal.received","source":"/example/tests","id":"one","specversion":"1.0"}"#
                        .utf8))
            #expect(again.status == 200)
            #expect(again.text.replacingOccurrences(of: "\"duplicate\"", with: "\"accepted\"") == first.text)

            // The same id with other content.
            let other = try await daemon.client.raw(Events.received(id: "one", title: "另一件"))
            #expect(other.status == 409 && other.problem?.code == "id-conflict")

            // The entry can be read back, and is what the receipt says.
            let entry = try await daemon.client.get("/v1/events/\(position)")
            #expect(entry.contentType == "application/cloudevents+json")
            #expect(try entry.json()["subject"]?.string == receipt["serial"]?.string)
        }
    }

    @Test func refusedByStateRevisionAndId() async throws {
        try await withDaemon { daemon in
            let serial = try await daemon.client.newCase()
            let other = try await daemon.client.newCase()
            // Closed before there is an answer.
            let early = try await daemon.client.raw(Events.event("appeal.closed", subject: serial, data: #"{"result":"solved"}"#))
            #expect(early.status == 422, "\(early.text)")
            #expect(early.problem?.next != nil)
            // An old revision.
            let stale = try await daemon.client.raw(Events.event("appeal.accepted", subject: serial, extra: "\"expectedrevision\":7,"))
            #expect(stale.status == 409 && stale.problem?.code == "revision-conflict", "\(stale.text)")
            #expect(stale.problem?.currentRevision == 1)
            // An id used on one case, then on another.
            #expect(try await daemon.client.raw(Events.event("appeal.accepted", id: "acc", subject: serial)).status == 201)
            let moved = try await daemon.client.raw(Events.event("appeal.accepted", id: "acc", subject: other))
            #expect(moved.status == 409 && moved.problem?.code == "id-conflict", "\(moved.text)")
            // What was refused left nothing: the other case is still only received.
            #expect(try await daemon.client.get("/v1/cases/\(other)").json()["revision"]?.integer == 1)
        }
    }

    @Test func batches() async throws {
        try await withDaemon { daemon in
            let events = (0..<5).map { Events.received(id: "b\($0)") }
            let all = try await daemon.client.post(batch: events)
            #expect(all.status == 200)
            #expect(try all.json()["summary"]?["accepted"]?.integer == 5)
            // Some known, one wrong: each for itself.
            let mixed = try await daemon.client.post(batch: [events[0], Events.event("appeal.unheard"), Events.received(id: "b9")])
            #expect(mixed.status == 207)
            let answer = try mixed.json()
            #expect(answer["items"]?.items.map { $0["outcome"]?.string ?? $0["code"]?.string } == ["duplicate", "type-unknown", "accepted"])
            #expect(answer["summary"]?["refused"]?.integer == 1)
            // All or nothing: the pointer leads to the item.
            let head = try await daemon.client.get("/v1/status").position
            let atomic = try await daemon.client.raw(
                Array("[".utf8) + Events.received(id: "b10") + Array(",".utf8) + Events.event("appeal.unheard") + Array("]".utf8),
                type: "application/cloudevents-batch+json", query: [("atomic", "true")])
            #expect(atomic.status == 422, "\(atomic.text)")
            #expect(atomic.problem?.places.first?.pointer.hasPrefix("/1/") == true, "\(atomic.text)")
            #expect(try await daemon.client.get("/v1/status").position == head)
            let whole = try await daemon.client.post(batch: [Events.received(id: "b10"), Events.received(id: "b11")], atomic: true)
            #expect(whole.status == 200)
            let empty = try await daemon.client.post(batch: [])
            #expect(empty.status == 200)
            #expect(try empty.json()["items"]?.count == 0)
        }
    }

    @Test func binaryModeWithCurl() async throws {
        try await withDaemon { daemon in
            let arguments = [
                "curl", "-s", "-i", "--unix-socket", daemon.socket, "-H", "Content-Type: application/json", "-H", "ce-specversion: 1.0", "-H",
                "ce-id: curl%2D1",
                "-H", "ce-source: /example/tests", "-H", "ce-type: appeal.received", "--data-binary", #"{"channel":"mailbox","title":"井盖缺失"}"#,
                "http://engine/v1/events",
            ]
            let first = try await Program.run(arguments[0], Array(arguments.dropFirst()))
            #expect(first.output.hasPrefix("HTTP/1.1 201 "), "\(first.output)")
            #expect(first.output.contains("Cache-Control: no-store") || first.output.contains("cache-control: no-store"))
            // In structured mode it is the same event.
            let same = try await daemon.client.raw(Events.received(id: "curl-1", title: "井盖缺失"))
            #expect(same.status == 200, "\(same.text)")
        }
    }

    @Test func curlPostsAFileOfLines() async throws {
        try await withDaemon { daemon in
            let lines = String(decoding: Events.join((0..<300).map { Events.received(id: "l\($0)") }), as: UTF8.self)
            let answer = try await Program.run(
                "curl",
                ["-s", "--unix-socket", daemon.socket, "-H", "Content-Type: application/x-ndjson", "--data-binary", "@-", "http://engine/v1/events"],
                input: lines)
            let answers = answer.output.split(separator: "\n")
            #expect(answers.count == 301)
            #expect(answers.last == #"{"summary":{"accepted":300,"duplicate":0,"refused":0,"unknown":0}}"#)
        }
    }
}

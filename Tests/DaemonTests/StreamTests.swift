import EngineClient
import EventModel
import Foundation
import Testing

/// NDJSON in, receipts out, at the same time.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StreamTests {
    @Test func aReceiptComesBeforeTheNextLineIsSent() async throws {
        try await withDaemon { daemon in
            let (lines, source) = AsyncStream.makeStream(of: [UInt8].self)
            var outcomes: [String] = []
            source.yield(Events.join([Events.received(id: "d0")]))
            for try await answer in daemon.client.postLines(lines) {
                switch answer {
                case .stored: outcomes.append("stored")
                case .refused(let problem, _): outcomes.append(problem.code)
                case .summary(let summary):
                    outcomes.append("summary")
                    #expect(summary.accepted == 3 && summary.refused == 1)
                }
                // Each answer sends the next line: it could not come if the daemon waited for the end.
                switch outcomes.count {
                case 1: source.yield(Events.join([Events.received(id: "d1")]))
                case 2: source.yield(Array("not json\n".utf8))
                case 3: source.yield(Array("  \r\n".utf8) + Events.received(id: "d2"))
                default: break
                }
                if outcomes.count == 3 { source.finish() }
            }
            #expect(outcomes == ["stored", "stored", "malformed-json", "stored", "summary"])
        }
    }

    @Test func aClientThatSendsBeforeItReadsIsNotStuck() async throws {
        try await withDaemon { daemon in
            let count = 8_000
            let body = Events.join((0..<count).map { Events.event("appeal.unheard", id: "n\($0)") })
            let answer = try await blocking {
                let raw = try RawSocket(daemon.socket)
                defer { raw.close() }
                let head =
                    "POST /v1/events HTTP/1.1\r\nHost: e\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
                guard raw.send(head), raw.send(body) else { throw TestFailure("the daemon took no more before it was read from") }
                return String(
                    decoding: raw.read { $0.suffix(8).elementsEqual("\r\n0\r\n\r\n".utf8.suffix(8)) || $0.suffix(5).elementsEqual("0\r\n\r\n".utf8) },
                    as: UTF8.self)
            }
            #expect(answer.contains("{\"summary\":{\"accepted\":0,\"duplicate\":0,\"refused\":\(count),\"unknown\":0}}"))
        }
    }

    @Test func anOverlongLineEndsTheStreamWithoutASummary() async throws {
        try await withDaemon { daemon in
            let long = [UInt8](repeating: 0x61, count: 262_145)
            var seen: [String] = []
            for try await answer in daemon.client.postLines([Events.received(id: "o0"), long, Events.received(id: "o1")]) {
                switch answer {
                case .stored: seen.append("stored")
                case .refused(let problem, _): seen.append(problem.code)
                case .summary: seen.append("summary")
                }
            }
            #expect(seen == ["stored", "event-too-large"])
        }
    }

    @Test func aStreamThatStandsStillIsEnded() async throws {
        try await withDaemon(extra: "limits: {streamStallSeconds: 2}") { daemon in
            let (lines, source) = AsyncStream.makeStream(of: [UInt8].self)
            source.yield(Events.join([Events.received(id: "s0")]))
            let start = ContinuousClock.now
            var stored = 0
            await #expect(throws: ClientError.self) {
                for try await answer in daemon.client.postLines(lines) { if case .stored = answer { stored += 1 } }
            }
            source.finish()
            #expect(stored == 1)
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }

    @Test func thousandsOfCasesKeepTheirOrder() async throws {
        try await withDaemon { daemon in
            let events = (0..<3_000).map { Events.received(id: "k\($0)") }
            var positions: [Int] = []
            for try await answer in daemon.client.postLines(events) {
                if case .stored(_, let receipt) = answer { positions.append(try JSONDocument(receipt).root["position"]?.integer ?? 0) }
            }
            #expect(positions.count == events.count)
            #expect(positions == positions.sorted())
        }
    }
}

/// `GET /v1/events`
@Suite(.serialized, .timeLimit(.minutes(5))) struct FollowTests {
    @Test func noSeamBetweenOldAndNew() async throws {
        try await withDaemon { daemon in
            let count = 600
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for start in stride(from: 0, to: count, by: 20) {
                        _ = try await daemon.client.post(batch: (start..<start + 20).map { Events.received(id: "f\($0)") })
                    }
                }
                var next: UInt64 = 1
                var ids: Set<String> = []
                for try await item in daemon.client.events(after: .start, follow: true) {
                    guard case .entry(let bytes) = item else { continue }
                    let entry = try #require(try Entry(bytes))
                    #expect(entry.head.position == Position(next), "a gap or a repeat")
                    next += 1
                    if entry.envelope.id.hasPrefix("f") { ids.insert(entry.envelope.id) }
                    if ids.count == count { break }
                }
                try await group.waitForAll()
                #expect(ids.count == count)
            }
        }
    }

    @Test func sseResumesAfterTheLastEventId() async throws {
        try await withDaemon { daemon in
            let answer = try await Program.run(
                "curl",
                [
                    "-s", "-N", "--max-time", "3", "--unix-socket", daemon.socket, "-H", "Accept: text/event-stream", "-H", "Last-Event-ID: 2",
                    "http://engine/v1/events?after=0&follow=true",
                ])
            let lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.first == "id: 3", "\(answer.output.prefix(200))")
            #expect(lines.dropFirst().first?.hasPrefix("event: ") == true)
        }
    }

    @Test func aFilteredStreamSaysHowFarItLooked() async throws {
        try await withDaemon { daemon in
            _ = try await daemon.client.post(batch: (0..<30).map { Events.received(id: "c\($0)") })
            var items: [LogItem] = []
            for try await item in daemon.client.events(after: .start, types: ["rulebook.adopted"]) { items.append(item) }
            let head = try #require(try await daemon.client.get("/v1/status").position)
            guard case .checkpoint(let last)? = items.last else {
                Issue.record("no checkpoint at the end")
                return
            }
            #expect(last == head)
            #expect(items.count == 2)
        }
    }

    @Test func aListLeadsToItsNextPage() async throws {
        try await withDaemon { daemon in
            _ = try await daemon.client.post(batch: (0..<5).map { Events.received(id: "p\($0)") })
            let head = try #require(try await daemon.client.get("/v1/status").position)
            var path = "/v1/cases?limit=2&minPosition=\(head)"
            var seen: [String] = []
            for _ in 0..<5 {
                let answer = try await Program.run("curl", ["-s", "-i", "--unix-socket", daemon.socket, "http://engine\(path)"])
                let parts = answer.output.split(separator: "\r\n\r\n", maxSplits: 1)
                seen += try JSONDocument(Array(parts[1].utf8)).root["items"]?.items.compactMap { $0["case"]?.string } ?? []
                guard let link = parts[0].firstMatch(of: #/(?i)link: <([^>]+)>; rel="next"/#) else { break }
                path = String(link.1)
            }
            #expect(seen.count == 5 && Set(seen).count == 5)
        }
    }

    @Test func limitsAndArrays() async throws {
        try await withDaemon { daemon in
            _ = try await daemon.client.post(batch: (0..<30).map { Events.received(id: "a\($0)") })
            var count = 0
            for try await _ in daemon.client.events(after: .start, limit: 7) { count += 1 }
            #expect(count == 7)
            let array = try await daemon.client.get(
                "/v1/events", query: [("after", "3"), ("limit", "5")], accept: "application/cloudevents-batch+json")
            #expect(array.contentType == "application/cloudevents-batch+json")
            #expect(try array.json().items.map { $0["position"]?.string } == ["4", "5", "6", "7", "8"])
        }
    }
}

import EventModel
import Foundation
import HTTPTypes
import NIOCore
import Testing
import Workflow

@testable import engine_ctl
@testable import engine_daemon

/// The small parts, each by itself.
@Suite struct PartTests {
    @Test(
        arguments: [
            (["a\nb\n"], ["a", "b"], nil), (["a", "b\nc"], ["ab"], "c"), (["a\r\n", "\n \t\r\nb\r"], ["a"], "b"), ([""], [], nil),
            (["1234\n", "12345\n", "x\n"], ["1234"], nil),
            (["1234\r\n1"], ["1234"], "1"), (["1234\rx\n"], [], nil),
        ] as [([String], [String], String?)]) func linesAreSplit(chunks: [String], lines: [String], rest: String?)
    {
        var splitter = LineSplitter(limit: 4)
        var found: [String] = []
        for chunk in chunks { found += splitter.feed(ByteBuffer(string: chunk).readableBytesView).map { String(decoding: $0, as: UTF8.self) } }
        #expect(found == lines)
        if !splitter.isTooLong { #expect(splitter.rest().map { String(decoding: $0, as: UTF8.self) } == rest) }
        #expect(splitter.isTooLong == chunks.joined().contains("12345") || chunks.joined().contains("\rx"))
    }

    @Test func queriesAreReadStrictly() throws {
        let query = try Query("a=1&type=x,y&type=z&b=%E8%B7%AF+1", known: ["a", "b", "type"])
        #expect(query["a"] == "1" && query["b"] == "路+1" && query.list("type") == ["x", "y", "z"])
        for bad in ["c=1", "a=1&a=2", "a=%", "a=%zz", "a=%FF", "a="] {
            #expect(throws: Refused.self) { try Query(bad[...], known: ["a", "b"]) }
        }
        for (text, value) in [("0", 0), ("7", 7), ("9007199254740991", 9_007_199_254_740_991)] as [(String, UInt64)] {
            #expect(Position(digits: text)?.rawValue == value)
        }
        for text in ["", "01", "+1", "-1", "１", "9007199254740992", "1e3", " 1", "99999999999999999999"] {
            #expect(Position(digits: text) == nil, "\(text)")
        }
    }

    @Test func negotiation() {
        #expect(
            Negotiation.language(nil) == .zh && Negotiation.language("en-GB,en;q=0.9") == .en && Negotiation.language("en;q=0.1, zh;q=0.2") == .zh)
        #expect(Negotiation.mediaType("text/event-stream, */*;q=0.1", offered: ReadEvents.offered) == MediaTypes.sse)
        #expect(Negotiation.mediaType("*/*", offered: ReadEvents.offered) == MediaTypes.ndjson)
        #expect(MediaType("Application/JSON; charset=\"UTF-8\"") == MediaType("application/json;charset=utf-8"))
        #expect(MediaType("nonsense") == nil)
    }

    @Test func aPipeHoldsBackAndLosesNothing() async {
        let pipe = BoundedPipe<Int>(capacity: 10)
        let producer = Task {
            var taken = 0
            for number in 0..<5_000 where await pipe.put(number, weight: number % 4 + 1) { taken += 1 }
            pipe.finish()
            return taken
        }
        var got: [Int] = []
        while true {
            let batch = await pipe.take(count: 7, weight: 12)
            if batch.isEmpty { break }
            got += batch
        }
        #expect(await producer.value == 5_000)
        #expect(got == Array(0..<5_000))
        // Closed: both sides go on at once.
        let full = BoundedPipe<Int>(capacity: 1)
        _ = await full.put(1, weight: 1)
        let waiting = Task { await full.put(2, weight: 1) }
        try? await Task.sleep(for: .milliseconds(20))
        full.close()
        #expect(await waiting.value == false)
        #expect(await full.take(count: 1, weight: 1).isEmpty)
    }

    @Test func aPeerIsTheUnionOfItsEntries() {
        var intake = PeerEntry(subject: .user(7), role: .integrator)
        intake.sources = ["/a/"]
        intake.post = [.intake]
        var unit = PeerEntry(subject: .group(20), role: .integrator)
        unit.sources = ["/b/"]
        unit.post = [.unit]
        unit.units = ["u"]
        let admin = PeerEntry(subject: .group(21), role: .admin)
        let table = PeerTable(entries: [unit, intake, admin])
        let peer = table.peer(uid: 7, groups: [20, 99])
        #expect(peer?.role == .integrator && peer?.sources == ["/a/", "/b/"] && peer?.grants == [.intake, .unit] && peer?.units == ["u"])
        #expect(table.peer(uid: 7, groups: [21])?.grants.contains(.rulebook) == true)
        #expect(table.peer(uid: 8, groups: [22]) == nil)
        #expect(table.peer(uid: 8, groups: [21])?.role == .admin)
    }

    @Test func theLogCantBeWrittenByClients() {
        #expect(LineLogHandler.clean("a\u{7F}\u{9B}31m\u{2028}b") == "a??31m?b")
        #expect(LineLogHandler.clean("路灯") == "路灯")
    }

    @Test(arguments: [("abc", 3), ("路灯", 4), ("ＡＢ", 4), ("é", 1), ("e\u{301}", 1), ("", 0), ("→", 1)]) func widths(text: String, width: Int) {
        #expect(Terminal.width(text) == width)
    }

    @Test func connectionTimes() {
        let watch = ConnectionWatch(limits: Limits())
        let late = NIODeadline.now() + .seconds(11)
        #expect(watch.verdict() == .fine && watch.verdict(now: .now() + .seconds(31)) == .close)
        watch.bytesRead(1)
        #expect(watch.phase == .head && watch.verdict(now: late) == .headTimeout)
        watch.headRead(.init(method: .post, scheme: nil, authority: nil, path: "/v1/events", headerFields: [.contentType: "application/x-ndjson"]))
        #expect(watch.verdict(now: .now() + .seconds(1_000)) == .fine, "a stream keeps its own time")
        watch.headRead(.init(method: .post, scheme: nil, authority: nil, path: "/v1/events"))
        #expect(watch.verdict(now: .now() + .seconds(31)) == .close)
        watch.requestEnded()
        #expect(watch.verdict(now: .now() + .seconds(1_000)) == .fine, "the engine may take its time")
        watch.writeBegan()
        #expect(watch.verdict(now: .now() + .seconds(31)) == .close, "an answer nobody reads")
    }
}

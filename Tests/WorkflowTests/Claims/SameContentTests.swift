import EventModel
import Testing

@testable import Workflow

/// When a post of a known (source, id) is the same event again.
@Suite struct SameContentTests {
    private struct Stored {
        var entry: Entry
        var opened: [Scope: JSONDocument]
    }

    private static let received =
        #"{"specversion":"1.0","id":"1","source":"/intake","type":"appeal.received","time":"2017-03-01T09:00:00+08:00","data":{"channel":"mailbox","title":"题","text":"a\nb","accused":["510104","city"],"external":{"platform":"rmw","id":"7","url":"https://x"},"appellant":{"name":"王","phones":["1","2"]},"attachments":[{"name":"n","href":"h"}]}}"#

    private func store(_ json: String, peer: String = "intake", world: World = World()) throws -> Stored {
        let claim = try ClaimReader.read(Array(json.utf8)).get()
        let now = try claim.time?.instant ?? Script.instant("03-01T09:00")
        let decision = try world.post(claim, by: TestPeers.byName[peer]!, now: now)
        guard case .admitted = decision else {
            Issue.record("\(decision)")
            throw CancellationError()
        }
        let entry = world.entries[world.entries.count - 1]
        return Stored(entry: entry, opened: world.opened[entry.head.position] ?? [:])
    }

    private func isSame(_ json: String, _ stored: Stored, erased: Set<Scope> = []) throws -> Bool {
        try ClaimReader.read(Array(json.utf8)).get().isSameContent(as: stored.entry, opened: stored.opened, erased: erased)
    }

    @Test func theSameWordsAgain() throws {
        let stored = try store(Self.received)
        #expect(try isSame(Self.received, stored))
        // Order, white space, escapes, trace, who acted and the expected revision are not content; nor is another zone's spelling of the time.
        let other = Self.received.replacing("\"channel\":\"mailbox\",\"title\":\"题\"", with: "\"title\": \"\\u9898\", \"channel\":\"mailbox\"")
            .replacing("\"id\":\"1\"", with: "\"id\":\"1\",\"traceparent\":\"00\",\"actingfor\":\"x\",\"expectedrevision\":0")
            .replacing("T09:00:00+08:00", with: "T01:00:00Z")
        #expect(try isSame(other, stored))
        // What the engine filled in may be posted as it was.
        #expect(try isSame(Self.received.replacing("\"title\"", with: "\"wantReply\":true,\"title\""), stored))
    }

    @Test(
        arguments: [
            ("\"题\"", "\"题目\""), ("a\\nb", "a b"), ("\"mailbox\"", "\"hotline\""), ("[\"510104\",\"city\"]", "[\"city\",\"510104\"]"),
            ("\"id\":\"7\"", "\"id\":\"8\""), ("https://x", "https://y"), ("\"王\"", "\"汪\""), ("[\"1\",\"2\"]", "[\"1\"]"),
            ("T09:00:00", "T09:00:01"),
            ("\"title\"", "\"wantReply\":false,\"title\""), ("\"title\"", "\"anonymous\":false,\"title\""), ("\"title\":\"题\",", ""),
            (",\"attachments\":[{\"name\":\"n\",\"href\":\"h\"}]", ""), ("\"text\"", "\"place\":\"p\",\"text\""),
            (",\"appellant\":{\"name\":\"王\",\"phones\":[\"1\",\"2\"]}", ""), ("\"time\":\"2017-03-01T09:00:00+08:00\",", ""),
            ("\"type\"", "\"subject\":\"5101-20170301-000001\",\"type\""),
        ])
    func anotherWord(old: String, new: String) throws {
        let stored = try store(Self.received)
        let json = Self.received.replacing(old, with: new)
        #expect(json != Self.received)
        #expect(try !isSame(json, stored), "\(old) → \(new)")
    }

    @Test func erasedScopesAreLeftOut() throws {
        var stored = try store(Self.received)
        stored.opened[.person] = nil
        #expect(try !isSame(Self.received, stored))
        #expect(try isSame(Self.received, stored, erased: [.person]))
        #expect(try isSame(Self.received.replacing("\"王\"", with: "\"汪\""), stored, erased: [.person]))
        #expect(try !isSame(Self.received.replacing("\"题\"", with: "\"题目\""), stored, erased: [.person]))
    }

    @Test func anAbsentTimeIsTheClocks() throws {
        let json = Self.received.replacing("\"time\":\"2017-03-01T09:00:00+08:00\",", with: "")
        let stored = try store(json)
        #expect(stored.entry.envelope.time == "2017-03-01T09:00:00.000000+08:00")
        #expect(try isSame(json, stored))
        #expect(try isSame(Self.received, stored), "posted with the time the clock gave")
    }

    @Test func anImportersSerialIsContent() throws {
        let json = Self.received.replacing("\"type\"", with: "\"subject\":\"SR-1\",\"type\"").replacing("/intake", with: "/import/a")
        let stored = try store(json, peer: "importer")
        #expect(try isSame(json, stored))
        #expect(try !isSame(json.replacing("\"subject\":\"SR-1\",", with: ""), stored))
        #expect(try !isSame(json.replacing("SR-1", with: "SR-2"), stored))
    }

    @Test func filledMembersDoNotMatter() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T08:00 received channel=mailbox title=t
            dispatch 03-01T08:30 assigned unit=510104-transport
            """, world)
        let json =
            #"{"specversion":"1.0","id":"r","source":"/transport","type":"appeal.replied","subject":"\#(world.serials[0])","time":"2017-03-01T09:00:00+08:00","data":{"kind":"solved","public":"x"}}"#
        let stored = try store(json, peer: "transport", world: world)
        #expect(stored.entry.data["assignment"]?.integer == 1)
        #expect(try isSame(json, stored))
        #expect(try isSame(json.replacing("\"kind\"", with: "\"assignment\":1,\"kind\""), stored))
        #expect(try !isSame(json.replacing("\"kind\"", with: "\"assignment\":2,\"kind\""), stored))
        #expect(try !isSame(json.replacing("appeal.replied", with: "appeal.noted").replacing("\"kind\":\"solved\",", with: ""), stored))
    }
}

import EventModel
import Testing

@testable import Workflow

/// What the case document shows of the later life of a case.
@Suite struct LaterDocumentTests {
    private func document(_ world: World, asOf text: String) throws -> JSONValue {
        let state = try #require(world.cases[world.serials[0]])
        var writer = JSONWriter()
        CaseDocument.write(
            state, publicId: "p", position: Position(1), asOf: try Script.instant(text), rulebook: world.rulebook, into: &writer)
        return try JSONDocument(writer.bytes).root
    }

    @Test func pausesAndExtensions() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-02T10:00 clock-paused reason=weather
            """, world)
        func deadline(_ text: String) throws -> JSONValue? { try document(world, asOf: text)["assignments"]?.items[0]["deadlines"]?.items[0] }
        #expect(try deadline("03-20T00:00")?["state"]?.string == "paused")
        try Script.run("dispatch 03-03T10:00 clock-resumed", world)
        let moved = try deadline("03-09T12:00")
        #expect(moved?["state"]?.string == "running")
        #expect(moved?["dueDay"]?.string == "2017-03-09")
        #expect(moved?["originalDue"]?.string == "2017-03-09T00:00:00+08:00")
    }

    @Test func roundsAndVoices() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=hotline title=t
            citizen 03-01T09:05 supplemented text=x
            dispatch 03-01T09:10 assigned unit=510104-transport
            supervisor 03-01T09:15 urged reason=due-soon assignment=1
            supervisor 03-01T09:16 supervised level=2
            dispatch 03-01T09:17 topic-tagged topics=["bus"]
            transport 03-01T09:20 replied kind=solved public=x
            dispatch 03-01T09:30 reply-approved
            dispatch 03-01T10:00 closed result=solved
            callback 03-01T11:00 called-back reached=true solved=no attempt=1
            dispatch 03-01T11:30 archived
            """, world)
        var view = try document(world, asOf: "03-20T00:00")
        #expect(view["archivedAt"]?.string == "2017-03-01T11:30:00+08:00")
        #expect(view["callbacks"]?.items[0]["solved"]?.string == "no")
        #expect(view["supplements"]?.count == 1)
        #expect(view["urgings"]?.items[0]["assignment"]?.integer == 1)
        #expect(view["supervisions"]?.items[0]["level"]?.integer == 2)
        #expect(view["topics"]?.items[0].string == "bus")
        // Nobody waits for the contact any more: the round was closed before it was due.
        #expect(view["assignments"]?.items[0]["deadlines"]?.items.map { $0["state"]?.string } == ["met", "void", "void"])
        #expect(view["deadlines"]?.items.map { $0["state"]?.string } == ["met", "met", "met", "met"])
        try Script.run("dispatch 03-02T10:00 reopened source=callback reason=unsolved", world)
        view = try document(world, asOf: "03-20T00:00")
        #expect(view["round"]?.integer == 2)
        #expect(view["status"]?.string == "accepted")
        #expect(view["closedAt"] == nil)
        #expect(view["archivedAt"] == nil)
    }
}

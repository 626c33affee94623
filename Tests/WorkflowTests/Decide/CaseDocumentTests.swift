import EventModel
import Testing

@testable import Workflow

/// The words of a deadline: pending, running, met, late, overdue, void.
@Suite struct CaseDocumentTests {
    private func document(_ world: World, asOf text: String) throws -> JSONValue {
        let state = try #require(world.cases[world.serials[0]])
        var writer = JSONWriter()
        CaseDocument.write(
            state, publicId: "p", position: Position(1), asOf: try Script.instant(text), rulebook: world.rulebook, into: &writer)
        return try JSONDocument(writer.bytes).root
    }

    private func words(_ deadlines: JSONValue?) -> String {
        (deadlines?.items ?? []).map { "\($0["kind"]?.string ?? ""):\($0["state"]?.string ?? "")" }.joined(separator: " ")
    }

    @Test func deadlinesThroughALife() throws {
        let world = World()
        try Script.run("intake 03-01T09:00 received channel=hotline title=t", world)
        #expect(words(try document(world, asOf: "03-01T09:10")["deadlines"]) == "accept:running dispatch:running")
        #expect(words(try document(world, asOf: "03-01T10:00")["deadlines"]) == "accept:overdue dispatch:running")
        try Script.run("dispatch 03-01T09:20 assigned unit=510104-transport", world)
        var view = try document(world, asOf: "03-01T10:00")
        #expect(words(view["deadlines"]) == "accept:met dispatch:met close:running callback:pending")
        #expect(words(view["assignments"]?.items[0]["deadlines"]) == "sign:running contact:running return:running reply:pending")
        try Script.run("transport 03-02T09:00 signed", world)
        view = try document(world, asOf: "03-04T00:00")
        #expect(words(view["assignments"]?.items[0]["deadlines"]) == "sign:met contact:overdue return:void reply:running")
        try Script.run(
            """
            transport 03-08T09:00 contacted reached=true -> overdue{kind=contact} overdue{kind=reply} contacted
            """, world)
        view = try document(world, asOf: "03-09T00:00")
        #expect(words(view["assignments"]?.items[0]["deadlines"]) == "sign:met contact:late return:void reply:overdue")
        try Script.run("dispatch 03-09T00:00 assigned unit=510104-water replaces=1", world)
        view = try document(world, asOf: "03-09T00:00")
        #expect(words(view["assignments"]?.items[0]["deadlines"]) == "sign:void contact:void return:void reply:void")
        #expect(view["assignments"]?.items[0]["ended"]?.string == "replaced")
    }

    @Test func aSourceClockPassesOnlyWhatIsRecorded() throws {
        let world = World()
        try Script.run(
            """
            importer 03-01T09:00 received channel=mailbox title=t @now=12-01T00:00
            importer 03-01T09:20 assigned unit=510104-transport @now=12-01T00:00
            """, world)
        #expect(words(try document(world, asOf: "12-01T00:00")["assignments"]?.items[0]["deadlines"]) == "reply:running")
    }

    @Test func otherEnds() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=mailbox title=t external={"platform":"rmw","id":"1"} accessClass=normal
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T09:10 merged into=$2 @case=1
            """, world)
        let view = try document(world, asOf: "03-02T00:00")
        #expect(view["status"]?.string == "merged")
        #expect(view["mergedInto"]?.string == world.serials[1])
        #expect(world.cases[world.serials[1]]?.children == [world.serials[0]])
        #expect(view["result"] == nil)
    }
}

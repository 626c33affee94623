import Engine
import EventModel
import Testing
import Workflow

/// What time alone brings about: the ticker submits it, the writer decides it.
@Suite struct TimeTests {
    private func received(_ city: TestCity, _ members: String) async throws -> String {
        let result = await city.post(event("r", "appeal.received", at: "2017-03-01T09:00:00+08:00", #"{"title":"t",\#(members)}"#))
        return try #require(result.document?["serial"]?.string, "\(result.text)")
    }

    private func types(_ city: TestCity, _ serial: String) async throws -> [String] {
        try await city.engine.caseEvents(serial, by: TestCity.front).map(\.type)
    }

    @Test func anAnsweredCaseClosesAfterTheProfilesWorkingDays() async throws {
        let city = try await TestCity()
        let serial = try await received(city, #""channel":"web","nature":"consult","urgency":"normal""#)
        for (id, type, time, data) in [
            ("a", "appeal.assigned", "2017-03-01T10:00:00+08:00", #"{"unit":"510104-transport"}"#),
            ("b", "appeal.replied", "2017-03-02T10:00:00+08:00", #"{"kind":"explained","public":"p"}"#),
        ] {
            let result = await city.post(event(id, type, on: serial, at: time, data))
            #expect(result.code == "accepted", "\(result.text)")
        }
        // Five working days after Thursday 03-02 end with Thursday 03-09.
        city.clock.set("2017-03-09T23:59:00+08:00")
        _ = await city.engine.waitForViews(at: city.engine.head, timeoutSeconds: 20)
        await city.engine.recordOverdueNow()
        #expect(try await types(city, serial).last == "appeal.replied")
        city.clock.set("2017-03-10T00:00:01+08:00")
        await city.engine.recordOverdueNow()
        await city.engine.recordOverdueNow()
        #expect(try await types(city, serial).suffix(2) == ["appeal.replied", "appeal.closed"])
        let state = try JSONDocument(try await city.engine.caseDocument(serial, by: TestCity.front).bytes).root
        #expect(state["status"]?.string == "closed" && state["result"]?.string == "explained")
        await city.close()
    }

    @Test func aDeadlineOfTheCaseItselfPassesOnceAndNotAgainAfterARestart() async throws {
        var city = try await TestCity()
        // Danger in delay: accepted within 30 minutes of receipt, or it is overdue; the clock runs through nights.
        let serial = try await received(city, #""channel":"hotline","urgency":"emergency""#)
        city.clock.set("2017-03-01T09:29:00+08:00")
        _ = await city.engine.waitForViews(at: city.engine.head, timeoutSeconds: 20)
        await city.engine.recordOverdueNow()
        #expect(try await types(city, serial) == ["appeal.received"])
        city.clock.set("2017-03-01T09:30:01+08:00")
        await city.engine.recordOverdueNow()
        let after = try await types(city, serial)
        #expect(after == ["appeal.received", "appeal.overdue"])
        try await city.reopen(deleting: ["views", "index"])
        _ = await city.engine.waitForViews(at: city.engine.head, timeoutSeconds: 20)
        await city.engine.recordOverdueNow()
        #expect(try await types(city, serial) == after)
        await city.close()
    }
}

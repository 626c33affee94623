import EventModel
import Testing

@testable import Workflow

@Suite struct RulebookProfileTests {
    static let rulebook: Rulebook = {
        func profile(_ id: String, _ match: ServiceProfile.Match) -> ServiceProfile { ServiceProfile(id: id, version: 2, match: match, limits: []) }
        return Rulebook(
            version: 1, city: "510100", zone: .shanghai, calendar: WorkCalendar(id: "none", years: [:]), units: UnitTree([]),
            externalChannels: ["mala"],
            profiles: [
                profile("default", .init()), profile("transport", .init(category: "transport")), profile("bus", .init(category: "transport.bus")),
                profile("hotline-help", .init(channel: "hotline", nature: "help")),
                profile("city", .init(channel: "hotline", nature: "help", level: 1)),
                profile("urgent", .init(urgency: "urgent")),
            ])
    }()

    struct Case: CustomTestStringConvertible {
        var channel: String?
        var nature: String?
        var category: String?
        var urgency: String?
        var level: Int?
        var expected: String
        var testDescription: String {
            "\(channel ?? "-") \(nature ?? "-") \(category ?? "-") \(urgency ?? "-") \(level.map(String.init) ?? "-") → \(expected)"
        }
    }

    @Test(arguments: [
        Case(expected: "default"),
        Case(channel: "mailbox", nature: "help", level: 1, expected: "default"),
        Case(category: "transport", expected: "transport"),
        Case(category: "transport.parking", expected: "transport"),
        Case(category: "transport.bus", expected: "bus"),
        Case(category: "transport.bus.night", expected: "bus"),
        Case(category: "transports", expected: "default"),
        Case(category: "trans", expected: "default"),
        Case(channel: "hotline", nature: "help", category: "transport.bus", expected: "hotline-help"),
        Case(channel: "hotline", nature: "help", category: "transport.bus", level: 1, expected: "city"),
        Case(channel: "hotline", nature: "help", level: 2, expected: "hotline-help"),
        Case(channel: "hotline", urgency: "urgent", expected: "urgent"),
    ])
    func mostMembersWin(_ row: Case) {
        let profile = Self.rulebook.profile(channel: row.channel, nature: row.nature, category: row.category, urgency: row.urgency, level: row.level)
        #expect(profile?.id == row.expected)
    }

    @Test func noProfileFits() {
        var rulebook = Self.rulebook
        rulebook.profiles.removeFirst()
        #expect(rulebook.profile(channel: nil, nature: nil, category: nil, urgency: nil, level: nil) == nil)
    }

    @Test func byName() {
        #expect(Self.rulebook.profile(named: "bus")?.name == "bus@2")
        #expect(Self.rulebook.profile(named: "bus@2")?.id == "bus")
        #expect(Self.rulebook.profile(named: "bus@1") == nil)
    }

    @Test func groups() {
        #expect(Self.rulebook.channelGroup(of: "mala") == "external")
        #expect(Self.rulebook.channelGroup(of: "hotline") == "core")
    }
}

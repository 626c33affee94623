import EventModel
import Testing

@testable import Workflow

/// The rulebooks under packaging/rulebook.
@Suite struct ExampleRulebookTests {
    @Test(arguments: ["chengdu", "letters", "baltimore"])
    func readsWithoutFindings(_ name: String) throws {
        let parts = try RulebookTestFiles.parts(of: name)
        let (rulebook, findings) = RulebookCheck.read(parts, version: 1)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
        #expect(rulebook != nil)
        #expect(parts.allSatisfy { $0.text.utf8.count <= RulebookPart.maxTextBytes })
    }

    @Test func chengdu() throws {
        let rulebook = try RulebookTestFiles.rulebook("chengdu")
        #expect(rulebook.city == "510100")
        #expect(rulebook.zone == .shanghai)
        #expect(rulebook.calendar.years.keys.sorted() == Array(2011...2026))
        #expect(rulebook.ratingWindowDays == 30)
        #expect(rulebook.publicity.mode == .facts)
        #expect(rulebook.externalChannels == ["people-daily", "mala", "scol"])
        #expect(rulebook.units["510104-transport"]?.district == "510104")
        #expect(rulebook.units.isWithin("510104-chunxilu", "510104") && rulebook.units.isWithin("510104-chunxilu", "510100"))
        #expect(rulebook.mailboxes["510104-head"]?.level == 2)
        #expect(Set(rulebook.mailboxes.values.map(\.level)) == [1, 2, 3])
        #expect(rulebook.decimals["reply@2"] == 1 && rulebook.decimals["overdue@1"] == 2)
        #expect(CodeList.allCases.allSatisfy { !(rulebook.codes[$0] ?? [:]).isEmpty })
        #expect(rulebook.knows("transport.shared-bikes", in: .category) && rulebook.knows("slow", in: .unsatisfiedReason))
    }

    /// Whatever comes by letter or call and isn't urgent has one limit: reply, five working days from assigning.
    @Test(arguments: ["mailbox", "hotline", "wechat", "people-daily"], ["reflect", "consult", "help", "suggest", "praise", "complain", "report"])
    func lettersAndCalls(_ channel: String, _ nature: String) throws {
        let rulebook = try RulebookTestFiles.rulebook("chengdu")
        for urgency in [nil, "normal"] {
            let profile = try #require(
                rulebook.profile(channel: channel, nature: nature, category: "transport.bus", urgency: urgency, level: 2))
            #expect(profile.name == "letter-5wd@3")
            #expect(profile.limits.map(\.kind) == [.reply] && profile.limits[0].within == Within(amount: 5, unit: .workingDays))
            #expect(profile.limits[0].from == .assigned && profile.limits[0].roll == .nextWorkingDay)
            #expect(profile.replyReview == .none && profile.closing == .manual)
        }
    }

    @Test func richerProfiles() throws {
        let rulebook = try RulebookTestFiles.rulebook("chengdu")
        func name(_ channel: String, _ nature: String, _ urgency: String) -> String? {
            rulebook.profile(channel: channel, nature: nature, category: nil, urgency: urgency, level: nil)?.name
        }
        #expect(name("hotline", "help", "urgent") == "hotline-urgent@1")
        #expect(name("hotline", "help", "emergency") == "emergency@1")
        #expect(name("enterprise-mailbox", "help", "normal") == "enterprise-3wd@1")
        #expect(name("web", "consult", "normal") == "web-consult-3wd@1")
        #expect(name("web", "report", "normal") == "web-report-15wd@1")
        #expect(rulebook.profile(named: "web-consult-3wd")?.closing == .afterWorkingDays(5))
        #expect(rulebook.profile(named: "enterprise-3wd")?.closing == .onApproval)
        #expect(rulebook.profile(named: "emergency")?.limits.map(\.kind) == [.accept, .dispatch, .sign, .contact, .reply, .callback])
    }

    @Test func letters() throws {
        let rulebook = try RulebookTestFiles.rulebook("letters")
        #expect(rulebook.city == "A" && rulebook.units.units.keys.sorted() == ["government"])
        let profile = rulebook.profile(channel: "mailbox", nature: nil, category: "other", urgency: nil, level: 1)
        #expect(profile?.name == "letters-15wd@1")
        #expect(profile?.limits.map(\.within.description) == ["15wd"])
    }

    @Test func baltimore() throws {
        let rulebook = try RulebookTestFiles.rulebook("baltimore")
        #expect(rulebook.zone.name == "America/New_York")
        #expect(rulebook.units.children(of: "baltimore").count == 17)  // 16 agencies and unknown
        #expect(rulebook.codes[.channel]?.count == 8)
        #expect(rulebook.codes[.category]?.count == 30)
        #expect(rulebook.profile(channel: "phone", nature: nil, category: "trt", urgency: nil, level: 1)?.limits.isEmpty == true)
        let friday = try #require(Day("2018-05-25"))  // before Memorial Day
        #expect(rulebook.calendar.adding(workingDays: 1, to: friday) == .success(friday.adding(days: 4)))
    }
}

import EventModel
import Foundation
import Scenarios
import Testing
import Workflow

/// The demo years against fixture F3 (domain.md §9).
@Suite(.enabled(if: ScenarioFiles.rulebook != nil))
struct ChengduYearsTests {
    private func scenario(scale: Int = 1_000, seed: UInt64 = 2017) throws -> ChengduYears {
        try ChengduYears(scale: scale, rulebook: try #require(ScenarioFiles.rulebook), seed: seed)
    }

    private static let f3 = [
        2016: FoldedYear(
            calls: 1_852, letters: 107, external: 0, instructed: 0, direct: 359, assigned: 1_600, replied: 1_580, late: 136, closedCases: 1_939,
            workingDays: 9_638, answered: 1_000, solved: 827, rated: 1_000, satisfied: 843, unanswered: 20, dueInYear: 1_600),
        2017: FoldedYear(
            calls: 2_233, letters: 129, external: 5, instructed: 8, direct: 357, assigned: 2_005, replied: 1_986, late: 72, closedCases: 2_343,
            workingDays: 11_380, answered: 1_000, solved: 841, rated: 1_000, satisfied: 867, unanswered: 19, dueInYear: 2_005),
    ]

    @Test(arguments: [2017, 1, 42, 987_654_321] as [UInt64])
    func everyFigureComesOut(seed: UInt64) throws {
        let cases = try Fold.cases(try scenario(seed: seed).events())
        for year in [2016, 2017] { #expect(Fold.year(year, cases) == Self.f3[year]) }
        #expect(Fold.year(2018, cases) == FoldedYear())
        #expect(cases.count == 1_959 + 2_362 + 5)
    }

    /// Half-up from exact fractions, changes from the unrounded values.
    @Test func printsWhatWasPublished() throws {
        let cases = try Fold.cases(try scenario().events())
        let old = Fold.year(2016, cases)
        let new = Fold.year(2017, cases)
        func check(_ definition: String, _ before: (Int, Int), _ after: (Int, Int), percent: Bool, decimals: Int) throws {
            let scale = percent ? 100 : 1
            let figure = { (year: Int) in ChengduYears.published.first { $0.year == year && $0.definition == definition } }
            #expect(HalfUp.text(before.0 * scale, before.1, decimals: decimals) == figure(2016)?.value)
            #expect(HalfUp.text(after.0 * scale, after.1, decimals: decimals) == figure(2017)?.value)
            let difference = HalfUp.text((after.0 * before.1 - before.0 * after.1) * scale, after.1 * before.1, decimals: decimals, sign: true)
            #expect(difference == figure(2017)?.change)
        }
        try check("reply@2", (old.direct + old.replied, old.accepted), (new.direct + new.replied, new.accepted), percent: true, decimals: 1)
        try check("solve@1", (old.solved, old.answered), (new.solved, new.answered), percent: true, decimals: 1)
        try check("satisfaction@2", (old.satisfied, old.rated), (new.satisfied, new.rated), percent: true, decimals: 1)
        try check("overdue@1", (old.late, old.assigned), (new.late, new.assigned), percent: true, decimals: 2)
        try check("cycle@1", (old.workingDays, old.replied), (new.workingDays, new.replied), percent: false, decimals: 2)
        #expect(HalfUp.text((new.accepted - old.accepted) * 100, old.accepted, decimals: 1, sign: true) == "+20.6")
        #expect(ChengduYears.published.filter { $0.definition == "volume@1" }.map(\.value) == ["1959", "2362", "2233", "129", "5"])
    }

    /// Every score is the only one of its case: without it the base is smaller.
    @Test func droppingAnyRatingChangesSatisfaction() throws {
        let events = try scenario().events()
        var scores: [String: [Int]] = [:]
        for event in events {
            guard let object = try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any], let serial = event.subject,
                let data = object["data"] as? [String: Any], let handling = data["handling"] as? Int
            else { continue }
            scores[serial, default: []].append(handling)
        }
        #expect(scores.values.allSatisfy { $0.count == 1 })
        let all = scores.values.flatMap(\.self)
        #expect(all.count == 2_000)
        for year in ["2016", "2017"] {
            let ofYear = scores.filter { $0.key.contains("-\(year)") }.values.flatMap(\.self)
            let good = ofYear.count { $0 >= 3 }
            for score in ofYear { #expect((good - (score >= 3 ? 1 : 0)) * ofYear.count != good * (ofYear.count - 1)) }
        }
    }

    @Test func eventsCanBePostedInOrder() throws {
        let scenario = try scenario()
        let events = scenario.events()
        #expect(events.count == scenario.eventCount)
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
        var last: [String: Instant] = [:]
        var ids: Set<String> = []
        for event in events {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            let id = try #require(object["id"] as? String)
            #expect(ids.insert(id).inserted && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } && id.utf8.count <= 128)
            let type = try #require(object["type"] as? String)
            #expect(EventType(name: type) != nil)
            #expect(object["source"] as? String == ChengduYears.source && event.source == ChengduYears.source)
            #expect(RFC3339.parse(object["time"] as? String ?? "")?.instant == event.time)
            guard let serial = event.subject else { continue }
            if let before = last[serial] {
                #expect(before < event.time && type != "appeal.received")
            } else {
                #expect(type == "appeal.received")
            }
            last[serial] = event.time
        }
        #expect(
            events.last.map { String(decoding: $0.json, as: UTF8.self) }?.hasSuffix(
                #""data":{"source":"/simulate/chengdu","now":"2018-01-01T00:00:00+08:00"}}"#) == true)
    }

    /// An instruction is given while the unit named in it has the case, so it makes no assignment.
    @Test func instructionsAssignNobody() throws {
        let cases = try Fold.cases(try scenario().events()).values.filter { !$0.instructions.isEmpty }
        #expect(cases.count == 8)
        for value in cases {
            let given = value.instructions[0]
            #expect(try #require(value.assignedAt) < given && given < (try #require(value.repliedAt)))
            #expect(value.forwards[0].isEmpty || value.forwards[0] == value.assignedUnits)
        }
    }

    /// Ratings come after closing, inside the rating window and the year; serials count from 1 without a gap.
    @Test func feedbackAndSerials() throws {
        let cases = try Fold.cases(try scenario().events())
        for value in cases.values {
            for time in value.feedbackAt {
                let closed = try #require(value.closedAt)
                #expect(closed < time && time.day <= closed.day + 30 && closed.year == time.year)
            }
        }
        var numbers: [Substring: [Int]] = [:]
        for serial in cases.keys { numbers[serial.dropLast(7), default: []].append(try #require(Int(serial.suffix(6)))) }
        #expect(numbers.values.allSatisfy { $0.sorted() == Array(1...$0.count) })
    }

    @Test func codesAreTheRulebooks() throws {
        let rulebook = try #require(ScenarioFiles.rulebook)
        let leaders = Set(rulebook.mailboxes.values.compactMap(\.leader))
        for event in try scenario().events() {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            let data = try #require(object["data"] as? [String: Any])
            func known(_ member: String, _ list: CodeList) -> Bool { (data[member] as? String).map { rulebook.knows($0, in: list) } ?? true }
            switch object["type"] as? String {
            case "appeal.received":
                #expect(known("channel", .channel) && known("nature", .nature) && known("category", .category) && known("district", .district))
                #expect(known("legacyLine", .legacyLine) && (data["mailbox"] as? String).map { rulebook.mailboxes[$0] != nil } ?? true)
                let isExternal = rulebook.externalChannels.contains(data["channel"] as? String ?? "")
                #expect(isExternal == (data["external"] != nil))
            case "appeal.accepted": #expect(data["profile"] as? String == "letter-5wd" && rulebook.profile(named: "letter-5wd@3") != nil)
            case "appeal.assigned": #expect(rulebook.units[data["unit"] as? String ?? ""] != nil && data["limits"] == nil)
            case "appeal.replied": #expect(known("unsolvedReason", .unsolvedReason))
            case "appeal.rated": #expect(known("reason", .unsatisfiedReason))
            case "appeal.instructed": #expect(leaders.contains(data["leader"] as? String ?? ""))
            default: break
            }
        }
    }

    /// Nothing that the engine makes itself, and no type beyond these.
    @Test func typesOfEvents() throws {
        var counts: [String: Int] = [:]
        for event in try scenario().events() {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            counts[object["type"] as? String ?? "", default: 0] += 1
        }
        let some = ["appeal.signed", "appeal.contacted"]
        #expect(some.allSatisfy { counts.removeValue(forKey: $0) ?? 0 > 1_000 })
        #expect(
            counts == [
                "appeal.received": 4_326, "appeal.accepted": 3_610, "appeal.answered-directly": 716, "appeal.assigned": 3_605,
                "appeal.replied": 3_566, "appeal.closed": 4_282, "appeal.rated": 2_000, "appeal.instructed": 8, "clock.advanced": 2,
            ])
    }

    @Test func sameArgumentsSameBytes() throws {
        #expect(try scenario().events() == scenario().events())
        #expect(try scenario(seed: 5).events() != scenario().events())
    }

    @Test func scalesMultiply() throws {
        let double = try scenario(scale: 500)
        let cases = try Fold.cases(Array(double.stream()))
        let folded = Fold.year(2017, cases)
        #expect(folded.accepted == 4_724 && folded.replied == 3_972 && folded.late == 144 && folded.workingDays == 22_760)
        #expect(folded.rated == 2_000 && folded.satisfied == 1_734 && folded.external == 10 && double.years[1].accepted == 4_724)
        #expect(double.caseCount == cases.count)
    }

    @Test(arguments: [0, -1, 3, 999, 2_000])
    func otherScalesAreRefused(scale: Int) {
        #expect(throws: ScenarioError.scale(scale)) { try self.scenario(scale: scale) }
    }

    @Test func whatIsMissingIsNamed() throws {
        let rulebook = try #require(ScenarioFiles.rulebook)
        #expect(throws: ScenarioError.noUnits) { try ChengduYears(rulebookUnits: [], calendar: rulebook.calendar, zone: rulebook.zone) }
        let short = WorkCalendar(id: "cn", years: rulebook.calendar.years.filter { $0.key != 2017 })
        #expect(throws: ScenarioError.calendar(CalendarGap(year: 2017))) {
            try ChengduYears(rulebookUnits: ["a"], calendar: short, zone: rulebook.zone)
        }
    }

    /// Unit ids that mean nothing to the generator are spread over as well.
    @Test func anyUnitsWillDo() throws {
        let rulebook = try #require(ScenarioFiles.rulebook)
        let units = (1...20).map { "unit-\($0)" }
        let cases = try Fold.cases(try ChengduYears(rulebookUnits: units, calendar: rulebook.calendar, zone: rulebook.zone).events())
        #expect(Set(cases.values.flatMap(\.assignedUnits)) == Set(units))
        #expect(Fold.year(2017, cases) == Self.f3[2017])
    }
}

/// Exact fractions as printed: half away from zero.
enum HalfUp {
    static func text(_ numerator: Int, _ denominator: Int, decimals: Int, sign: Bool = false) -> String {
        let power = (0..<decimals).reduce(1) { value, _ in value * 10 }
        let magnitude = (abs(numerator) * power * 2 + denominator) / (denominator * 2)
        let digits = String(magnitude % power)
        let text = "\(magnitude / power)." + String(repeating: "0", count: decimals - digits.count) + digits
        return (numerator < 0 ? "-" : sign ? "+" : "") + text
    }
}

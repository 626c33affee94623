import EventModel
import Testing
import Workflow

@testable import Projections

/// events.md "KPI worked example": eight cases of one bureau in March 2017, with every figure of its tables.
@Suite struct WorkedExampleTests {
    static let bureau = "510104-transport"
    static let other = "510104-housing"

    /// The eight cases, in an order of time; before them a February with satisfaction@2 1/6 and T = 5.
    static func history() -> History {
        let history = History()
        february(history)
        var cases: [Int] = [-1]
        let assigned = ["", "03-01", "03-01", "03-02", "03-06", "03-27", "03-07", "03-08", "03-09"]
        let dueDays = ["", "03-08", "03-08", "03-09", "03-13", "04-01", "03-14", "03-15", "03-16"]
        for number in 1...8 {
            let index = history.receive("2017-\(assigned[number])T09:00:00")
            cases.append(index)
            history.add(index, "2017-\(assigned[number])T10:00:00", .accepted)
            history.add(index, "2017-\(assigned[number])T10:05:00", .assigned(Ticket(number: 1, unit: bureau, due: due("2017-\(dueDays[number])"))))
        }
        // 1: a co-unit of another bureau replied 03-07.
        history.add(cases[1], "2017-03-01T11:00:00", .assigned(Ticket(number: 2, unit: other, isLead: false, due: due("2017-03-08"))))
        reply(history, cases[1], "2017-03-06T15:00:00")
        history.add(cases[1], "2017-03-07T09:00:00", .replied(2, kind: 1, approved: true))
        close(history, cases[1], "2017-03-07T16:00:00")
        rate(history, cases[1], "2017-03-08T10:00:00", solved: 1, handling: 5)
        // 2: late.
        history.add(cases[2], due("2017-03-08"), .overdue(1, .reply, due: due("2017-03-08")), source: "/engine")
        reply(history, cases[2], "2017-03-09T16:20:00")
        close(history, cases[2], "2017-03-10T09:00:00")
        rate(history, cases[2], "2017-03-11T20:11:00", solved: 1, handling: 2)
        reply(history, cases[3], "2017-03-09T17:00:00")
        close(history, cases[3], "2017-03-10T10:00:00")
        rate(history, cases[3], "2017-03-12T10:00:00", solved: 2, handling: 1)
        history.add(cases[4], due("2017-03-13"), .overdue(1, .reply, due: due("2017-03-13")), source: "/engine")
        // 7: returned, now open at another unit.
        history.add(cases[7], "2017-03-08T15:00:00", .returnRequested(1))
        history.add(cases[7], "2017-03-09T09:00:00", .returnGranted(1))
        history.add(cases[7], "2017-03-09T09:30:00", .assigned(Ticket(number: 2, unit: "510105-housing", due: due("2017-04-28"))))
        // 8: merged into 6, closed with it.
        history.add(cases[8], "2017-03-10T11:00:00", .merged(into: cases[6]))
        reply(history, cases[6], "2017-03-10T14:00:00")
        close(history, cases[6], "2017-03-13T09:00:00")
        history.add(cases[8], "2017-03-13T09:00:00", .closed(lead: 0, withParent: true, deadlines: []))
        return history
    }

    private static func february(_ history: History) {
        // Six closed and rated, five of them assigned in February.
        for number in 0..<6 {
            let day = number == 0 ? "2017-01-26" : "2017-02-06"
            let index = history.receive("\(day)T09:00:00")
            history.add(index, "\(day)T10:00:00", .accepted)
            history.add(index, "\(day)T10:05:00", .assigned(Ticket(number: 1, unit: bureau, due: due("2017-02-13"))))
            reply(history, index, "2017-02-07T10:00:00")
            close(history, index, "2017-02-08T10:00:00")
            rate(history, index, "2017-02-09T10:00:00", solved: 1, handling: number == 0 ? 5 : 2)
        }
    }

    private static func reply(_ history: History, _ index: Int, _ at: String) { history.add(index, at, .replied(1, kind: 1, approved: true)) }
    private static func close(_ history: History, _ index: Int, _ at: String) {
        history.add(index, at, .closed(lead: 1, withParent: false, deadlines: []))
    }
    private static func rate(_ history: History, _ index: Int, _ at: String, solved: UInt8, handling: UInt8) {
        history.add(index, at, .rated(round: 1, solved: solved, handling: handling, reply: 4))
    }

    static func answer(_ query: KPIQuery) throws -> KPIAnswer {
        let scratch = Scratch()
        let history = history()
        let view = try folded(DepartmentKPI.self, history.log, in: scratch)
        return try view.query(query, rulebook: .test, names: history.log.name)
    }

    struct Row: CustomTestStringConvertible {
        var definition: KPIDefinition
        var numerator: Int
        var denominator: Int
        var prints: String
        var testDescription: String { definition.rawValue }
        init(_ definition: KPIDefinition, _ numerator: Int, _ denominator: Int, _ prints: String) {
            self.definition = definition
            self.numerator = numerator
            self.denominator = denominator
            self.prints = prints
        }
    }

    @Test(arguments: [
        Row(.reply1, 4, 5, "80.00"), Row(.reply2, 4, 6, "66.67"), Row(.solve1, 2, 3, "66.67"), Row(.solve2, 3, 4, "75.00"),
        Row(.satisfaction1, 2, 4, "50.00"), Row(.satisfaction2, 1, 3, "33.33"), Row(.onTime1, 3, 5, "60.00"), Row(.overdue1, 1, 6, "16.67"),
        Row(.overdue2, 2, 5, "40.00"), Row(.cycle1, 17, 4, "4.25"), Row(.return1, 1, 8, "12.50"), Row(.tickets1, 6, 1, "6"),
    ])
    func theBureausFigures(_ row: Row) throws {
        let answer = try Self.answer(KPIQuery(period: Period("2017-03")!, slices: [.unit], definitions: [row.definition]))
        let found = try #require(answer.row(row.definition, [Self.bureau]))
        #expect([found.numerator, found.denominator] == [row.numerator, row.denominator])
        #expect(found.value == row.prints)
    }

    @Test func percentilesAreNearestRank() throws {
        let answer = try Self.answer(KPIQuery(period: Period("2017-03")!, slices: [.unit], definitions: [.cyclePercentile1]))
        #expect(answer.row(.cyclePercentile1, [Self.bureau], percentile: 50)?.value == "3")
        #expect(answer.row(.cyclePercentile1, [Self.bureau], percentile: 90)?.value == "6")
        #expect(answer.row(.cyclePercentile1, [Self.bureau], percentile: 95)?.detail("n") == 4)
    }

    @Test func whatIsPrintedBeside() throws {
        let answer = try Self.answer(KPIQuery(period: Period("2017-03")!, slices: [.unit]))
        #expect(answer.row(.onTime1, [Self.bureau])?.detail("openOverdue") == 1)
        #expect(answer.row(.solve2, [Self.bureau])?.detail("self") == 1)
        #expect(answer.row(.return1, [Self.bureau])?.detail("requests") == 1)
    }

    @Test func theIdentityOfTheMonth() throws {
        let carry = try #require(try Self.answer(KPIQuery(period: Period("2017-03")!, definitions: [.carryOver1])).row(.carryOver1))
        #expect(carry.details.map(\.value) == [0, 8, 0, 0, 4, 0, 0, 1])
        #expect(carry.numerator == 3)
    }

    @Test func changesComeFromUnroundedValues() throws {
        let query = KPIQuery(period: Period("2017-03")!, slices: [.unit], definitions: [.satisfaction2, .tickets1], compare: .previous)
        let answer = try Self.answer(query)
        let satisfaction = try #require(answer.row(.satisfaction2, [Self.bureau])?.change)
        #expect(satisfaction == KPIRow.Change(to: "2017-02", numerator: 1, denominator: 6, value: "16.67", difference: "+16.67"))
        let tickets = try #require(answer.row(.tickets1, [Self.bureau])?.change)
        #expect(tickets == KPIRow.Change(to: "2017-02", numerator: 5, denominator: 1, value: "5", difference: "+20.00"))
    }

    @Test func theOtherBureauAndTheDistrict() throws {
        let answer = try Self.answer(KPIQuery(period: Period("2017-03")!, slices: [.unit]))
        #expect(answer.fraction(.tickets1, [Self.other]) == [1, 1])
        #expect(answer.fraction(.reply1, [Self.other]) == [1, 1])
        #expect(answer.fraction(.cycle1, [Self.other]) == [4, 1])
        let nothing = try #require(answer.row(.satisfaction2, [Self.other]))
        #expect([nothing.numerator, nothing.denominator] == [0, 0])
        #expect(nothing.value == nil)
        #expect(answer.fraction(.satisfaction1, [Self.other]) == [0, 0])
        #expect(answer.fraction(.solve1, [Self.other]) == [0, 0])
        // Rolled up: T = 7 assignments, CC = 4 cases.
        #expect(answer.fraction(.tickets1, ["510104"]) == [7, 1])
        #expect(answer.fraction(.satisfaction1, ["510104"]) == [2, 4])
        #expect(answer.fraction(.cycle1, ["510104"]) == [21, 5])
    }

    @Test func theRowAsJSON() throws {
        let answer = try Self.answer(
            KPIQuery(period: Period("2017-03")!, slices: [.unit], definitions: [.satisfaction2], compare: .previous, unit: Self.bureau))
        let expected =
            #"{"period":"2017-03","basis":"flow","position":\#(answer.position),"calendar":"cn-2017@1","rows":[{"unit":"510104-transport","#
            + #""definition":"satisfaction@2","numerator":1,"denominator":3,"base":"closed and rated","value":"33.33","scale":"%","#
            + #""change":{"to":"2017-02","numerator":1,"denominator":6,"value":"16.67","pp":"+16.67"}}]}"#
        #expect(String(decoding: answer.json(), as: UTF8.self) == expected)
    }
}

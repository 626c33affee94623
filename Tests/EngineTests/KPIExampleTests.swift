import Engine
import EventModel
import Testing
import Workflow

/// The eight cases of docs/reference/kpi.md, posted one by one: every figure of the worked example, from the log.
@Suite struct KPIExampleTests {
    /// time · case · what · further data
    private static let march = """
        02-01T09:00 f1 assigned
        02-01T09:00 f2 assigned
        02-01T09:00 f3 assigned
        02-01T09:00 f4 assigned
        02-01T09:00 f5 assigned
        02-03T09:00 f0 replied
        02-03T09:00 f1 replied
        02-03T09:00 f2 replied
        02-03T09:00 f3 replied
        02-03T09:00 f4 replied
        02-03T09:00 f5 replied
        02-06T09:00 f0 closed
        02-06T09:00 f1 closed
        02-06T09:00 f2 closed
        02-06T09:00 f3 closed
        02-06T09:00 f4 closed
        02-06T09:00 f5 closed
        02-07T09:00 f0 rated 5 -
        02-07T09:00 f1 rated 1 -
        02-07T09:00 f2 rated 2 -
        02-07T09:00 f3 rated 1 -
        02-07T09:00 f4 rated 2 -
        02-07T09:00 f5 rated 1 -
        03-01T09:00 c1 assigned
        03-01T09:05 c1 co
        03-01T10:00 c2 assigned
        03-02T09:00 c3 assigned
        03-06T09:00 c4 assigned
        03-06T15:00 c1 replied
        03-07T09:00 c6 assigned
        03-07T10:00 c1 coreplied
        03-07T11:00 c1 closed
        03-07T12:00 c1 rated 5 yes
        03-08T09:00 c7 assigned
        03-08T15:00 c7 returning
        03-09T09:00 c8 assigned
        03-09T09:30 c7 returned
        03-09T09:40 c7 elsewhere
        03-09T15:00 c3 replied
        03-09T16:20 c2 replied
        03-10T09:00 c2 closed
        03-10T09:10 c3 closed
        03-10T10:00 c6 replied
        03-10T11:00 c8 merged
        03-11T09:00 c3 rated 1 no
        03-11T20:00 c2 rated 2 yes
        03-13T09:00 c6 closed
        03-27T09:00 c5 assigned
        """

    /// definition · numerator · denominator · printed
    private static let figures: [(definition: String, numerator: Int, denominator: Int, value: String)] = [
        ("reply@1", 4, 5, "80.0"), ("reply@2", 4, 6, "66.7"), ("solve@1", 2, 3, "66.7"), ("solve@2", 3, 4, "75.0"),
        ("satisfaction@1", 2, 4, "50.0"), ("satisfaction@2", 1, 3, "33.3"), ("on-time@1", 3, 5, "60.00"), ("overdue@1", 1, 6, "16.67"),
        ("overdue@2", 2, 5, "40.00"), ("cycle@1", 17, 4, "4.25"), ("return@1", 1, 8, "12.50"),
    ]
    private static let unit = "510104-transport"

    @Test func theEightCasesGiveTheFiguresOfTheExample() async throws {
        let city = try await TestCity(at: "2017-01-31T09:00:00+08:00")
        var serials: [String: String] = [:]
        var count = 0
        for line in ["01-31T09:30 f0 assigned"] + Self.march.split(separator: "\n").map(String.init) {
            let words = line.split(separator: " ").map(String.init)
            count += 1
            try await post(words, count, &serials, city)
        }
        // The engine's ticker: case 4 is overdue at 03-14.
        city.clock.set("2017-03-31T23:00:00+08:00")
        await city.engine.recordOverdueNow()
        #expect(await city.engine.waitForViews(at: city.engine.head, timeoutSeconds: 20))

        let rows = try await kpi(city, ["period": "2017-03", "unit": Self.unit, "compare": "pop"])
        for figure in Self.figures {
            let row = try #require(rows.first { $0["definition"]?.string == figure.definition }, "\(figure.definition) is missing")
            #expect(row["numerator"]?.integer == figure.numerator, "\(figure.definition)")
            #expect(row["denominator"]?.integer == figure.denominator, "\(figure.definition)")
            #expect(row["value"]?.string == figure.value, "\(figure.definition)")
        }
        // +16.67 pp from the unrounded values, not 33.33 − 16.67; printed with the example rulebook's one decimal.
        let satisfaction = try #require(rows.first { $0["definition"]?.string == "satisfaction@2" })
        #expect(satisfaction["change"]?["numerator"]?.integer == 1 && satisfaction["change"]?["denominator"]?.integer == 6)
        #expect(satisfaction["change"]?["pp"]?.string == "+16.7")
        let percentiles = rows.filter { $0["definition"]?.string == "cycle-p@1" }
        #expect(percentiles.first { $0["percentile"]?.integer == 50 }?["value"]?.string == "3")
        #expect(percentiles.first { $0["percentile"]?.integer == 90 }?["value"]?.string == "6")

        // The other bureau has the co-assignment of case 1 only; the district above both counts 7 assignments and 4 closed cases.
        let other = try await kpi(city, ["period": "2017-03", "unit": "510104-police", "definition": "overdue@1,cycle@1,satisfaction@2"])
        #expect(other.first { $0["definition"]?.string == "overdue@1" }?["denominator"]?.integer == 1)
        #expect(other.first { $0["definition"]?.string == "cycle@1" }?["numerator"]?.integer == 4)
        #expect(other.first { $0["definition"]?.string == "satisfaction@2" }?["value"]?.isNull ?? true)
        let district = try await kpi(city, ["period": "2017-03", "unit": "510104", "definition": "overdue@1,satisfaction@1"])
        #expect(district.first { $0["definition"]?.string == "overdue@1" }?["denominator"]?.integer == 7)
        #expect(district.first { $0["definition"]?.string == "satisfaction@1" }?["denominator"]?.integer == 4)

        // Case 8 closed with its parent; case 4 and case 2 are overdue once each.
        let merged = try JSONDocument(try await city.engine.caseDocument(serials["c8"]!, by: TestCity.front).bytes).root
        #expect(merged["status"]?.string == "closed" && merged["mergedInto"]?.string == serials["c6"])
        for name in ["c2", "c4"] {
            let types = try await city.engine.caseEvents(serials[name]!, by: TestCity.front).map(\.type)
            #expect(types.filter { $0 == "appeal.overdue" }.count == 1, "\(name)")
        }
        await city.close()
    }

    private func kpi(_ city: TestCity, _ query: [String: String]) async throws -> [JSONValue] {
        try JSONDocument(try await city.engine.kpi(query, by: TestCity.front).bytes).root["rows"]?.items ?? []
    }

    private func post(_ words: [String], _ count: Int, _ serials: inout [String: String], _ city: TestCity) async throws {
        let time = "2017-\(words[0]):00+08:00"
        let name = words[1]
        if serials[name] == nil {
            let received = await city.post(
                event(
                    "r-\(name)", "appeal.received", at: time,
                    #"{"channel":"mailbox","nature":"help","category":"transport.bus","district":"510104","title":"t"}"#))
            serials[name] = try #require(received.document?["serial"]?.string, "\(name): \(received.text)")
        }
        let (type, data): (String, String) =
            switch words[2] {
            case "assigned": ("assigned", #"{"unit":"\#(Self.unit)"}"#)
            case "co": ("assigned", #"{"unit":"510104-police","role":"co"}"#)
            case "elsewhere": ("assigned", #"{"unit":"510105-transport"}"#)
            case "replied": ("replied", #"{"assignment":1,"kind":"solved","public":"p"}"#)
            case "coreplied": ("replied", #"{"assignment":2,"kind":"solved","public":"p"}"#)
            case "returning": ("return-requested", #"{"assignment":1,"reason":"\#(Self.returnReason)"}"#)
            case "returned": ("return-granted", #"{"assignment":1}"#)
            case "merged": ("merged", #"{"into":"\#(serials["c6"]!)"}"#)
            case "closed": ("closed", #"{"result":"solved"}"#)
            case "rated":
                ("rated", words[4] == "-" ? #"{"handling":\#(words[3])}"# : #"{"handling":\#(words[3]),"solved":"\#(words[4])"}"#)
            default: fatalError("no such act: \(words[2])")
            }
        let result = await city.post(event("e-\(count)", "appeal.\(type)", on: serials[name], at: time, data))
        #expect(result.code == "accepted", "\(words.joined(separator: " ")): \(result.text)")
    }

    private static let returnReason = "not-our-duty"
}

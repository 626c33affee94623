import EngineClient
import EventModel
import Foundation
import Testing

/// What `make run` shows, without its release build: sixteen figures as published, as often as it is run; and another figure if one rating is
/// missing.
@Suite(.serialized, .timeLimit(.minutes(15))) struct DemoTests {
    /// The scale 1:1000.
    struct Report: Decodable {
        struct Figure: Decodable, Equatable {
            var year: Int
            var definition: String
            var label: String
            var value: String
            var equal: Bool
        }
        var ok: Bool
        var accepted: Int
        var duplicate: Int
        var figures: [Figure]

        init(_ output: String) throws { self = try JSONDecoder().decode(Report.self, from: Data(output.utf8)) }
    }

    @Test func sixteenFiguresAsPublishedHoweverOften() async throws {
        try await withDaemon { daemon in
            let first = try await daemon.ctl("simulate", "--scenario", "chengdu-2017", "--scale", "1000")
            #expect(first.status == 0, "\(first.error)")
            #expect(first.output.contains("16 of 16 figures are the published ones"), "\(first.output)")
            #expect(try await satisfaction(daemon) == ["2016": "843/1000", "2017": "867/1000"])
            let head = try await daemon.position()

            let second = try await daemon.ctl("simulate", "--json")
            #expect(second.status == 0, "\(second.error)")
            let report = try JSONDecoder().decode(Report.self, from: Data(second.output.utf8))
            #expect(report.ok && report.accepted == 0 && report.duplicate > 20_000)
            #expect(report.figures.count == 16 && report.figures.allSatisfy(\.equal))
            // The same as in the first run's table.
            let table = first.output.split(separator: "\n")
            for figure in report.figures {
                #expect(table.contains { $0.contains("\(figure.year)  \(figure.label) ") && $0.contains(" \(figure.value)") }, "\(figure)")
            }
            #expect(try await daemon.position() == head)
        }
    }

    @Test func oneRatingLessShows() async throws {
        try await withDaemon { daemon in
            let (ratings, unsatisfied) = try await self.ratings(daemon)
            #expect(ratings >= 2_000)
            let run = try await daemon.ctl("simulate", "--drop-rating", "\(unsatisfied)")
            #expect(run.status == 1, "\(run.error)")
            #expect(!run.output.contains("16 of 16"))
            // The figure itself, and in the next year's line the change on it; who is unsatisfied also said that it wasn't solved.
            let wrong = run.output.split(separator: "\n").filter { $0.contains("≠") }
            #expect(!wrong.isEmpty && wrong.allSatisfy { $0.contains("Satisfied") || $0.contains("Solved") }, "\(run.output)")
            #expect(wrong.contains { $0.contains("84.3%") && $0.contains("84.4%") }, "\(run.output)")
            #expect(run.error.contains("not the published ones"), "\(run.error)")
            // 843 of 1,000 were satisfied in 2016; one of the others is missing.
            #expect(try await satisfaction(daemon) == ["2016": "843/999", "2017": "867/1000"])
        }
    }

    /// How many ratings the scenario has, and which is the first unsatisfied one: a satisfied one less would be rounded away (842/999 = 84.28).
    private func ratings(_ daemon: Daemon) async throws -> (count: Int, firstUnsatisfied: Int) {
        var count = 0
        var found: Int?
        for event in try await Load.chengdu(daemon) {
            let root = try JSONDocument(event).root
            guard root["type"]?.string == "appeal.rated" else { continue }
            count += 1
            if found == nil, let score = root["data"]?["handling"]?.integer, score <= 2 { found = count }
        }
        return (count, try #require(found))
    }

    /// Satisfied of all who rated, by year.
    private func satisfaction(_ daemon: Daemon) async throws -> [String: String] {
        let head = try await daemon.position()
        var fractions: [String: String] = [:]
        for year in ["2016", "2017"] {
            let rows = try await KPIRows.of(daemon, [("period", year), ("definition", "satisfaction@2")], at: head)
            fractions[year] = rows.map { "\($0.numerator)/\($0.denominator)" }.joined(separator: " ")
        }
        return fractions
    }
}

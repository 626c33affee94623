import EngineClient
import EventModel
import Foundation
import Testing

/// Views and index are made from the log: without them the engine gives the same answers, byte for byte.
@Suite(.serialized, .timeLimit(.minutes(15))) struct DeletedFilesTests {
    @Test func answersComeBackFromTheLogAlone() async throws {
        try await withDaemon { daemon in
            let simulated = try await daemon.ctl("simulate")
            try #require(simulated.status == 0, "\(simulated.error)")
            let head = try await daemon.position()
            let before = try await answers(daemon, at: head)
            #expect(before.filter { $0.contains("\"items\":[{") }.count >= 6, "there is too little to compare")

            for folders in [["views"], ["index"], ["views", "index"]] {
                #expect(await daemon.end() == 0)
                for folder in folders {
                    let path = "\(daemon.data)/\(folder)"
                    try #require(FileManager.default.fileExists(atPath: path))
                    try FileManager.default.removeItem(atPath: path)
                }
                try await daemon.start()
                let after = try await answers(daemon, at: head)
                #expect(after.count == before.count)
                for (old, new) in zip(before, after) { #expect(old == new, "without \(folders)") }
                #expect(try await daemon.position() == head)
            }

            // Every id is known still.
            var duplicates = 0
            let known = Array(try await Load.chengdu(daemon).prefix(3_000))
            for try await case .stored(isDuplicate: true, _) in daemon.client.postLines(known) { duplicates += 1 }
            #expect(duplicates == known.count)
            #expect(try await daemon.position() == head)
            try await daemon.expectWholeLog()
        }
    }

    private func answers(_ daemon: Daemon, at head: Position) async throws -> [String] {
        var answers: [String] = []
        let kpis: [[(String, String)]] = [
            [("period", "2017")], [("period", "2017"), ("by", "unit"), ("compare", "yoy")], [("period", "2016-07..2017-06"), ("series", "month")],
            [("period", "2017"), ("by", "district,nature"), ("basis", "cohort")],
            [("period", "2017-Q4"), ("by", "group,channel"), ("compare", "pop")],
            [("period", "2017-W10"), ("by", "category")],
        ]
        for query in kpis { answers.append(try await daemon.answer("/v1/kpi", query, at: head).text) }
        let lists: [(String, [(String, String)])] = [
            ("/v1/feed", [("limit", "40")]), ("/v1/feed", [("stage", "result")]), ("/v1/cases", [("limit", "100")]),
            ("/v1/cases", [("status", "closed"), ("limit", "50")]), ("/v1/cases", [("overdue", "true")]),
            ("/v1/cases", [("dueBefore", "2017-06-30"), ("sort", "due")]),
        ]
        for (path, query) in lists {
            answers += try await pages(daemon, path, query, at: head, most: 4).map { String(decoding: $0, as: UTF8.self) }
        }
        return answers
    }
}

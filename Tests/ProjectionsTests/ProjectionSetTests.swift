import EventModel
import Foundation
import Synchronization
import Testing
import Workflow

@testable import Projections

/// Following, restarts, foreign histories, rebuilds: the answers are the same bytes however the views came to their position.
@Suite struct ProjectionSetTests {
    static let options = ProjectionOptions(mapSizeBytes: testMapSize)

    private func open(_ scratch: Scratch, _ log: FakeLog) throws -> ProjectionSet {
        try ProjectionSet(directory: scratch.path + "/views", source: log, options: Self.options)
    }

    /// Every kind of answer, one after the other.
    private func answers(_ set: ProjectionSet, _ log: FakeLog) throws -> String {
        var text = ""
        for parameters in [
            ["period": "2017", "by": "unit,channel", "compare": "yoy"], ["period": "2017-Q1", "series": "month", "compare": "pop"],
            ["period": "2017-02", "basis": "cohort", "by": "category,district"], ["period": "2017", "by": "source"],
            ["period": "2017", "by": "leader"],
        ] {
            text +=
                String(
                    decoding: try set.departmentKPI.query(KPIQuery(parameters: parameters), rulebook: .test, names: log.name).json(), as: UTF8.self)
                + "\n"
        }
        for sort in CaseQuery.Sort.allCases {
            let page = try set.caseFile.page(CaseQuery(sort: sort, limit: 500), rulebook: .test, names: log.name)
            text +=
                String(decoding: try set.caseFile.json(page, rulebook: .test, names: log.name) { try log.streamName($0)?.rawValue }, as: UTF8.self)
                + "\n"
        }
        for mode in [PublicityPolicy.Mode.facts, .review] {
            let page = try set.publicFeed.page(FeedQuery(limit: 500), policy: PublicityPolicy(mode: mode))
            text += String(decoding: set.publicFeed.json(page, rulebook: .test, names: log.name) { "p\($0.rawValue)" }, as: UTF8.self) + "\n"
        }
        for due in set.deadlines.due(before: local("2019-01-01"), limit: 100_000) { text += "\(due)\n" }
        return text
    }

    @Test func theyFollowTheLog() async throws {
        let scratch = Scratch()
        let log = RandomHistory.make(seed: 6, events: 3_000).log
        log.setHead(0)
        let set = try open(scratch, log)
        for head in [1, 700, 701, 2_900, 3_000] as [UInt64] {
            log.setHead(head)
            set.notify(head: Position(head))
            #expect(await set.wait(for: Position(head), timeoutSeconds: 20))
            #expect(set.position == Position(head))
        }
        #expect(await !set.wait(for: Position(3_001), timeoutSeconds: 0.05))
        let status = set.status()
        #expect(status.map(\.name) == ["case-file", "deadlines", "department-kpi", "public-feed"])
        #expect(status.allSatisfy { $0.lag == 0 && $0.rows > 0 && $0.build == 1 && $0.reason == nil })
        set.stop()
        #expect(set.status().allSatisfy { $0.state == "stopped" })
        #expect(await !set.wait(for: Position(3_002), timeoutSeconds: 5))
    }

    @Test func startedAgainAndBuiltAnewTheAnswersAreTheSameBytes() async throws {
        let scratch = Scratch()
        let log = RandomHistory.make(seed: 7, events: 3_000).log
        log.setHead(1_500)
        var set = try open(scratch, log)
        #expect(await set.wait(for: Position(1_500), timeoutSeconds: 20))
        log.setHead(nil)
        set.notify(head: log.head)
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        let live = try answers(set, log)
        #expect(live.utf8.count > 10_000)
        set.stop()

        set = try open(scratch, log)
        #expect(set.position == log.head, "nothing has to be applied again")
        #expect(try answers(set, log) == live)
        set.stop()

        try FileManager.default.removeItem(atPath: scratch.path + "/views")
        set = try open(scratch, log)
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        #expect(try answers(set, log) == live)
        set.stop()
    }

    @Test(arguments: ProjectionSet.names)
    func aRebuildGivesTheSameBytes(_ name: String) async throws {
        let scratch = Scratch()
        let log = RandomHistory.make(seed: 9, events: 2_500).log
        let set = try open(scratch, log)
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        let before = try answers(set, log)
        let reports = Mutex<[RebuildProgress]>([])
        try await set.rebuild(name) { report in reports.withLock { $0.append(report) } }
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        #expect(try answers(set, log) == before)
        let last = try #require(reports.withLock { $0.last })
        #expect(last.done == 2_500 && last.total == 2_500 && last.remainingSeconds == 0)
        #expect(set.status().first { $0.name == name }?.build == 2)
        #expect(ViewFiles.list("\(scratch.path)/views/\(name)") == ["1-2"])
        #expect(try String(contentsOfFile: scratch.path + "/views/CATALOG", encoding: .utf8).contains(#""\#(name)":"1-2""#))
        await #expect(throws: ViewError.unknownView("topics")) { try await set.rebuild("topics") }
        set.stop()
        await #expect(throws: ViewError.stopped) { try await set.rebuild(name) }
    }

    /// A crash loses what was not committed, and what was is not applied twice.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func killedBetweenCommits(seed: UInt64) throws {
        let log = RandomHistory.make(seed: seed, events: 1_500).log
        let whole = Scratch()
        let pieces = Scratch()
        let expected = try folded(DepartmentKPI.self, log, in: whole).query(
            KPIQuery(period: Period("2017")!, slices: [.unit]), rulebook: .test, names: log.name)
        var random = SeededGenerator(seed: seed)
        var view = try DepartmentKPI(opening: pieces.path, mapSizeBytes: testMapSize, names: log.name)
        while view.checkpoint?.position ?? .start < log.head {
            let committed = min(log.head, Position(view.position.rawValue + UInt64.random(in: 1...200, using: &random)))
            try advance(view, log, to: committed)
            try view.commit(at: log.checkpoint(at: committed))
            try advance(view, log, to: min(log.head, Position(committed.rawValue + UInt64.random(in: 0...100, using: &random))))
            view.close()
            view = try DepartmentKPI(opening: pieces.path, mapSizeBytes: testMapSize, names: log.name)
            #expect(view.checkpoint == (try log.checkpoint(at: committed)))
            #expect(view.position == committed)
            // A reader that starts too early does no harm.
            try view.apply(Array(log.facts.prefix(Int(committed.rawValue)).suffix(50)))
        }
        #expect(try view.query(KPIQuery(period: Period("2017")!, slices: [.unit]), rulebook: .test, names: log.name) == expected)
    }

    @Test func aForeignHistoryIsBuiltAnew() async throws {
        let scratch = Scratch()
        let first = RandomHistory.make(seed: 10, events: 1_000).log
        var set = try open(scratch, first)
        #expect(await set.wait(for: first.head, timeoutSeconds: 20))
        set.stop()
        // The same origin, another leaf there; and a log that ends before.
        let other = RandomHistory.make(seed: 11, events: 1_200).log
        for (log, build) in [(other, 2), (RandomHistory.make(seed: 11, events: 400).log, 3)] {
            set = try open(scratch, log)
            #expect(await set.wait(for: log.head, timeoutSeconds: 20))
            #expect(set.status().allSatisfy { $0.build == build })
            let fresh = Scratch()
            let alone = try open(fresh, log)
            #expect(await alone.wait(for: log.head, timeoutSeconds: 20))
            #expect(try answers(set, log) == answers(alone, log))
            alone.stop()
            set.stop()
        }
    }

    @Test func aFactThatCannotBeParksTheView() async throws {
        let scratch = Scratch()
        let history = RandomHistory.make(seed: 12, events: 500)
        history.appendBroken()
        let log = history.log
        let set = try open(scratch, log)
        #expect(await !set.wait(for: log.head, timeoutSeconds: 20))
        // One parked view is enough for the answer; the others get there too.
        for _ in 0..<2_000 where !set.status().allSatisfy({ $0.state == "parked" }) { try await Task.sleep(for: .milliseconds(10)) }
        for status in set.status() {
            #expect(status.state == "parked")
            #expect(status.reason?.contains("501") == true)
            #expect(status.position < log.head)
        }
        // Other answers go on, and a rebuild tells the same.
        _ = try answers(set, log)
        await #expect(throws: ViewError.self) { try await set.rebuild("case-file") }
        set.stop()
    }

    @Test func damagedFilesAndOtherVersionsAreBuiltAnew() async throws {
        let scratch = Scratch()
        let log = RandomHistory.make(seed: 14, events: 800).log
        var set = try open(scratch, log)
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        let before = try answers(set, log)
        set.stop()
        let views = scratch.path + "/views"
        try Data("no data".utf8).write(to: URL(fileURLWithPath: views + "/case-file/1-1/data.mdb"))
        // Another version of one view, and a directory nobody lists.
        let catalog = try String(contentsOfFile: views + "/CATALOG", encoding: .utf8)
        try Data(catalog.replacingOccurrences(of: #""deadlines":"1-1""#, with: #""deadlines":"0-1""#).utf8).write(
            to: URL(fileURLWithPath: views + "/CATALOG"))
        try FileManager.default.createDirectory(atPath: views + "/public-feed/1-9", withIntermediateDirectories: true)
        set = try open(scratch, log)
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        #expect(try answers(set, log) == before)
        #expect(set.status().map(\.build) == [2, 2, 1, 1])
        #expect(ViewFiles.list(views + "/public-feed") == ["1-1"])
        set.stop()
        // Without a catalog everything is built anew.
        try FileManager.default.removeItem(atPath: views + "/CATALOG")
        set = try open(scratch, log)
        #expect(await set.wait(for: log.head, timeoutSeconds: 20))
        #expect(try answers(set, log) == before)
        set.stop()
    }

    /// Questions while facts are applied: each sees one position, and none of them blocks the runner for good.
    @Test func questionsWhileItApplies() async throws {
        let scratch = Scratch()
        let log = RandomHistory.make(seed: 15, events: 4_000).log
        log.setHead(0)
        let set = try open(scratch, log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var last = Position.start
                    while last < log.facts[3_999].position {
                        let answer = try set.departmentKPI.query(KPIQuery(period: Period("2017")!, slices: [.unit]), rulebook: .test, names: log.name)
                        #expect(answer.position >= last)
                        last = answer.position
                        _ = try set.caseFile.page(CaseQuery(), rulebook: .test, names: log.name)
                        await Task.yield()
                    }
                }
            }
            for head in stride(from: 100, through: 4_000, by: 100) {
                log.setHead(UInt64(head))
                set.notify(head: Position(UInt64(head)))
                try await Task.sleep(for: .milliseconds(2))
            }
            try await group.waitForAll()
        }
        set.stop()
    }
}

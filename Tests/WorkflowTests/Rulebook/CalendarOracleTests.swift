import EventModel
import Foundation
import Testing

@testable import Workflow

/// The calendar that ships against two sources that know nothing of it.
@Suite struct CalendarOracleTests {
    static let python = ProcessInfo.processInfo.environment["APPEAL_ORACLE_PYTHON"]

    /// 4,018 days, 10,000 due days and 10,000 elapsed counts by PyPI's chinesecalendar (Tests/Oracles).
    @Test(
        .enabled(
            if: python != nil,
            "Set APPEAL_ORACLE_PYTHON to the python of a venv with Tests/Oracles/requirements.txt installed to compare with chinesecalendar."))
    func agreesWithChinesecalendar() throws {
        let cn = try RulebookTestFiles.cn.get()
        var counts: [Substring: Int] = [:]
        var differences: [String] = []
        for line in try oracleRows(try #require(Self.python)) {
            let fields = line.split(separator: ",")
            counts[fields[0], default: 0] += 1
            let first = try #require(Day(String(fields[1])))
            let ours: String =
                switch fields[0] {
                case "day": try cn.isWorkingDay(first).get() ? "1" : "0"
                case "due": try cn.adding(workingDays: try #require(Int(fields[2])), to: first).get().description
                default: String(try cn.elapsedWorkingDays(after: first, through: try #require(Day(String(fields[2])))).get())
                }
            if ours != fields[fields.count - 1] { differences.append("\(line): ours \(ours)") }
        }
        #expect(counts == ["day": 4_018, "due": 10_000, "elapsed": 10_000])
        #expect(differences.isEmpty, "\(differences.prefix(20).joined(separator: "\n"))")
    }

    private func oracleRows(_ python: String) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [RulebookTestFiles.root.appendingPathComponent("Tests/Oracles/calendar_oracle.py").path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "calendar_oracle.py failed; its message is above.")
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    struct Holidays: Decodable {
        struct Day: Decodable {
            var date: String
            var isOffDay: Bool
        }
        var days: [Day]
    }

    /// Every day of 2011–2026 by NateScarlet/holiday-cn, of which each file quotes the notices.
    @Test(
        .enabled(
            if: RulebookTestFiles.sharedData != nil,
            "Set APPEAL_SHARED_DATA to the directory with holiday-cn/*.json, or put it at ../shared/data, to compare with holiday-cn."))
    func agreesWithHolidayCN() throws {
        let cn = try RulebookTestFiles.cn.get()
        let directory = try #require(RulebookTestFiles.sharedData).appendingPathComponent("holiday-cn")
        var special: [String: Bool] = [:]
        for year in 2011...2026 {
            let data = try Data(contentsOf: directory.appendingPathComponent("\(year).json"))
            for day in try JSONDecoder().decode(Holidays.self, from: data).days { special[day.date] = !day.isOffDay }
        }
        var day = try #require(Day("2011-01-01"))
        let end = try #require(Day("2027-01-01"))
        var compared = 0
        while day < end {
            #expect(try cn.isWorkingDay(day).get() == special[day.description] ?? !day.isWeekend, "\(day)")
            compared += 1
            day = day.adding(days: 1)
        }
        #expect(compared == 5_844)
    }
}

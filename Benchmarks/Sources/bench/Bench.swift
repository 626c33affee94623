import ArgumentParser
import Foundation

@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the rows of docs/PERFORMANCE.md, each beside its baselines in the same run.",
        discussion:
            "Rows: \(Row.allCases.map(\.rawValue).joined(separator: " ")). Without any, all. On a machine that does other things too the ratios mean little."
    )

    @Argument(help: "Rows to measure.")
    var rows: [Row] = []
    @Option(name: .long, help: "Rounds of each measurement; the median counts.")
    var rounds: Int?
    @Option(name: .long, help: "Seed of the synthetic cases.")
    var seed: UInt64 = 20_170_301
    @Flag(name: .long, help: "One round of few events: shows that everything works, measures nothing.")
    var quick = false
    @Flag(name: .long, help: "Row V1 with 24 M events; takes some ten minutes and 40 GB.")
    var full = false
    @Option(name: .long, help: ArgumentHelp("Also write the results as JSON to this file; - is standard output.", valueName: "file"))
    var json: String?
    @Option(name: .long, help: ArgumentHelp("Where data goes: on the disk to be measured.", valueName: "dir"))
    var directory: String?

    func run() async throws {
        let parent = directory ?? "\(Setting.packageDirectory)/.build-data"
        let signals = CleanUp.onSignals()
        defer {
            CleanUp.all()
            for source in signals { source.cancel() }
        }
        let work = try WorkDirectory(below: parent)
        let setting = Setting(
            seed: seed, rounds: rounds ?? (quick ? 1 : 5), size: quick ? .quick : full ? .full : .standard, work: work)
        var report = Report(
            date: ISO8601DateFormatter().string(from: Date()), machine: try Machine(directory: work.path), seed: seed, rounds: setting.rounds,
            size: "\(setting.size)")
        print("\(report.machine.line)\nseed \(seed), medians of \(setting.rounds), size \(setting.size)\n")
        if report.machine.load > 0.5 { print("note: load \(report.machine.load); something else is running, so the figures are not worth keeping\n") }
        for row in rows.isEmpty ? Row.allCases : rows {
            FileHandle.standardError.write(Data("\(row.rawValue) …\n".utf8))
            report.rows.append(try await row.measure(setting))
        }
        print(report.table)
        if json == "-" { print(report.json) } else if let json { try report.json.write(toFile: json, atomically: true, encoding: .utf8) }
    }
}

enum Row: String, CaseIterable, ExpressibleByArgument {
    case l1 = "L1"
    case l9 = "L9"
    case e1 = "E1"
    case e2 = "E2"
    case v1 = "V1"

    init?(argument: String) { self.init(rawValue: argument.uppercased()) }

    func measure(_ setting: Setting) async throws -> RowResult {
        switch self {
        case .l1: try await RowL1(setting).measure()
        case .l9: try RowL9(setting).measure()
        case .e1: try await RowE1(setting).measure()
        case .e2: try await RowE2(setting).measure()
        case .v1: try await RowV1(setting).measure()
        }
    }
}

/// What all rows are told.
struct Setting: Sendable {
    enum Size: Sendable { case quick, standard, full }

    var seed: UInt64
    var rounds: Int
    var size: Size
    var work: WorkDirectory

    func events(quick: Int, standard: Int) -> Int { size == .quick ? quick : standard }

    /// `Benchmarks/`
    static let packageDirectory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
}

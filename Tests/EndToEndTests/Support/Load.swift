import EngineClient
import EventModel
import Scenarios
import Testing
import Workflow

/// What is imported: the first thousand letters, or where they are absent two years of Chengdu.
struct Load: Sendable {
    var file: SourceFile?

    /// - Parameter folder: where the letters' file is put.
    static func present(_ folder: String) throws -> Load { Load(file: try SourceFile.letters?.cut(rows: 1_000, to: "\(folder)/letters.csv")) }

    var rulebook: String { file?.rulebook ?? "chengdu" }
    var command: [String] { file.map { ["import", "csv", $0.path, "--mapping", $0.mapping] } ?? ["simulate"] }
    var periods: [String] { file == nil ? ["2016", "2017"] : ["2011-01..2020-12", "2019"] }

    func events(_ daemon: Daemon) async throws -> [[UInt8]] {
        if let file { return try file.events() }
        return try await Self.chengdu(daemon)
    }

    /// The demo's events, for a daemon with the rulebook of Chengdu.
    static func chengdu(_ daemon: Daemon) async throws -> [[UInt8]] {
        let answer = try await daemon.client.get("/v1/rulebook").json()
        let parts = (answer["parts"]?.items ?? []).map { RulebookPart(name: $0["name"]?.string ?? "", text: $0["text"]?.string ?? "") }
        let read = RulebookCheck.read(parts, version: answer["version"]?.integer ?? 1)
        return try ChengduYears(rulebook: try #require(read.rulebook)).events().map(\.json)
    }
}

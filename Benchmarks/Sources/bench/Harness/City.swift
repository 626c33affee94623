import Engine
import EventLog
import EventModel
import Foundation
import Logging
import Workflow

/// Data and keys of an engine with the example rulebook adopted, ready to be posted to.
enum City {
    static let rulebookDirectory = "\(Setting.packageDirectory)/../packaging/rulebook/chengdu"
    static let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    static func rulebook() throws -> Rulebook {
        let (rulebook, findings) = RulebookCheck.read(try RulebookFiles.load(directory: rulebookDirectory), version: 1)
        guard let rulebook else { throw BenchError("the rulebook can't be used: \(findings)") }
        return rulebook
    }

    static func configuration(_ directory: String) -> EngineConfiguration {
        EngineConfiguration(dataDirectory: "\(directory)/data", keysDirectory: "\(directory)/keys")
    }

    /// Makes `data` and `keys` and leaves the engine open.
    static func open(_ directory: String) async throws -> Engine {
        try Engine.initialise(configuration(directory), origin: "bench.example/appeals")
        let engine = try Engine(configuration(directory), logger: quiet)
        let admin = Peer(uid: 0, role: .admin, grants: [.operate, .rulebook])
        let files = RulebookPart.join(try RulebookFiles.load(directory: rulebookDirectory)).files
        guard case .adopted = await engine.adoptRulebook(files, by: admin) else {
            throw BenchError("the rulebook was not adopted")
        }
        return engine
    }
}

/// The daemon as built beside the benchmark, on a city of its own.
struct Daemon {
    private let child: Child
    let socket: String
    let log: String

    /// Prepares a city and starts the daemon on it; returns when it answers.
    init(_ work: WorkDirectory, name: String) async throws {
        let directory = try work.fresh(name)
        await (try City.open(directory)).stop()
        socket = "\(work.socketDirectory)/engine.sock"
        log = "\(directory)/data/log"
        let grants = Grant.allCases.map(\.rawValue).joined(separator: ", ")
        try """
        data: \(directory)/data
        keys: \(directory)/keys
        socket: \(socket)
        logLevel: notice
        peers:
          - uid: \(geteuid())
            role: operator
            post: [\(grants)]
            sources: [\(Mix.source)]
            units: ["510100"]
            leaders: [mayor, secretary]
        """.write(toFile: "\(directory)/engine.yaml", atomically: false, encoding: .utf8)
        child = try Child(try Self.program("engine-daemon"), ["--config", "\(directory)/engine.yaml"], log: "\(directory)/daemon.log")
        try await Self.wait(for: socket, child, log: "\(directory)/daemon.log")
    }

    func stop() { child.stop() }

    /// A program built beside this one.
    static func program(_ name: String) throws -> String {
        let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw BenchError("\(path) is missing; build it: make -C Benchmarks build") }
        return path
    }

    /// Until somebody listens on the socket, 20 s at most.
    static func wait(for socket: String, _ child: Child, log: String) async throws {
        for _ in 0..<400 {
            if FileManager.default.fileExists(atPath: socket), (try? LoadGenerator.closedLoop(socket, connections: 1, .init([], type: ""))) != nil {
                return
            }
            guard child.isRunning else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        child.stop()
        throw BenchError("no server at \(socket): \((try? String(contentsOfFile: log, encoding: .utf8))?.suffix(600) ?? "")")
    }
}

import EngineClient
import EventModel
import Foundation
import Testing

/// A real daemon on a directory and a socket of its own.
final class Daemon: Sendable {
    let directory: String
    let client: EngineClient
    // nonisolated(unsafe): one test owns the daemon; the process is replaced only between awaits of that test.
    nonisolated(unsafe) private(set) var process: Process

    var socket: String { client.socketPath }
    var data: String { "\(directory)/data" }

    /// - Parameter rulebook: name of a folder of `packaging/rulebook`, which is adopted.
    fileprivate init(rulebook: String) async throws {
        directory = "/tmp/ae-e2e-\(UInt32.random(in: 0...UInt32.max))"
        client = EngineClient(socketPath: "\(directory)/e.sock", language: "en")
        let made = try await Program.run("engine-ctl", ["init", directory, "--origin", "test.example/appeals", "--socket", client.socketPath])
        try #require(made.status == 0, "\(made.error)")
        process = try Self.launch(directory)
        do {
            try await waitUntilReady()
            let adopted = try await ctl("rulebook", "adopt", "\(Program.root)/packaging/rulebook/\(rulebook)")
            try #require(adopted.status == 0, "\(adopted.error)")
        } catch {
            await remove()
            throw error
        }
    }

    private static func launch(_ directory: String) throws -> Process {
        try Program.start("engine-daemon", ["--config", "\(directory)/engine.yaml"], log: "\(directory)/log")
    }

    private func waitUntilReady() async throws {
        for _ in 0..<2_400 {
            if FileManager.default.fileExists(atPath: socket), let reply = try? await client.send(method: "GET", path: "/readyz"), reply.status == 200
            {
                return
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw TestFailure("the daemon did not start: \(log.suffix(800))")
    }

    func start() async throws {
        process = try Self.launch(directory)
        try await waitUntilReady()
    }

    /// SIGTERM, or another; the exit status.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM) async -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
        return process.terminationStatus
    }

    fileprivate func remove() async {
        await end(SIGKILL)
        try? FileManager.default.removeItem(atPath: directory)
    }

    var log: String { (try? String(contentsOfFile: "\(directory)/log", encoding: .utf8)) ?? "" }

    // MARK: Asking

    /// `engine-ctl` on this daemon's socket.
    func ctl(_ arguments: String...) async throws -> Program.Result {
        try await Program.run("engine-ctl", arguments + ["--socket", socket])
    }

    /// The head's position.
    func position() async throws -> Position { try #require(try await client.get("/v1/status").position) }

    /// The answer when all views have reached `position`.
    func answer(_ path: String, _ query: [(String, String)] = [], at position: Position) async throws -> EngineReply {
        for _ in 0..<30 {
            let reply = try await client.send(method: "GET", path: path, query: query + [("minPosition", position.description)])
            if reply.status != 503 {
                try #require(reply.status == 200, "\(path): \(reply.text)")
                return reply
            }
        }
        throw TestFailure("the views of \(path) don't reach \(position)")
    }

    /// `engine-ctl log verify --deep`, which may run beside the daemon.
    func expectWholeLog(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let verified = try await Program.run("engine-ctl", ["log", "verify", "--data", data, "--deep", "--json"])
        #expect(verified.status == 0, "\(verified.output) \(verified.error)", sourceLocation: sourceLocation)
        let report = try JSONDocument(Array(verified.output.utf8)).root
        #expect(report["ok"]?.boolean == true && report["deep"]?.boolean == true, "\(verified.output)", sourceLocation: sourceLocation)
        #expect(report["notInterpreted"]?.integer == 0, sourceLocation: sourceLocation)
    }
}

/// Runs a test on a daemon of its own. Daemon and directory are gone afterwards, whatever happens.
func withDaemon<Value>(rulebook: String = "chengdu", _ body: (Daemon) async throws -> Value) async throws -> Value {
    let daemon = try await Daemon(rulebook: rulebook)
    do {
        let value = try await body(daemon)
        await daemon.remove()
        return value
    } catch {
        print("the daemon's last lines:\n\(daemon.log.suffix(1_500))")
        await daemon.remove()
        throw error
    }
}

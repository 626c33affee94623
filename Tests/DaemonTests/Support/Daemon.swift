import EngineClient
import EventModel
import Foundation
import Testing

/// A real daemon on a directory and a socket of its own, with the rulebook of Chengdu adopted. `stop` ends it and removes the directory.
final class Daemon: Sendable {
    let directory: String
    let socket: String
    // nonisolated(unsafe): one test owns the daemon; its processes are replaced only between awaits of that test.
    nonisolated(unsafe) private(set) var process: Process
    let client: EngineClient

    /// Starts one.
    ///
    /// - Parameters:
    ///   - peers: YAML of `peers`; by default this user may do everything.
    ///   - extra: more lines of the configuration.
    init(peers: String? = nil, extra: String = "", rulebook: Bool = true) async throws {
        directory = "/tmp/ae-\(UInt32.random(in: 0...UInt32.max))"
        socket = "\(directory)/engine.sock"
        client = EngineClient(socketPath: socket, language: "en")
        let made = try await Program.run(
            "engine-ctl", ["init", directory, "--origin", "test.example/appeals"])
        try #require(made.status == 0, "\(made.error)")
        if peers != nil || !extra.isEmpty {
            var text = try String(contentsOfFile: "\(directory)/engine.yaml", encoding: .utf8)
            if let peers { text = String(text[..<(text.range(of: "peers:")?.lowerBound ?? text.endIndex)]) + peers + "\n" }
            try (text + extra + "\n").write(toFile: "\(directory)/engine.yaml", atomically: true, encoding: .utf8)
        }
        process = try Program.start("engine-daemon", ["--config", "\(directory)/engine.yaml"], log: "\(directory)/log")
        try await waitUntilReady()
        if rulebook {
            let adopted = try await Program.run(
                "engine-ctl", ["rulebook", "adopt", "\(Program.root)/packaging/rulebook/chengdu", "--socket", socket])
            try #require(adopted.status == 0, "\(adopted.error)")
        }
    }

    private func waitUntilReady() async throws {
        for _ in 0..<200 {
            if FileManager.default.fileExists(atPath: socket), (try? await client.send(method: "GET", path: "/readyz")) != nil { return }
            if !process.isRunning { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let log = (try? String(contentsOfFile: "\(directory)/log", encoding: .utf8)) ?? ""
        if process.isRunning { process.terminate() }
        throw TestFailure("the daemon did not start: \(log.suffix(800))")
    }

    func restart() async throws {
        process = try Program.start("engine-daemon", ["--config", "\(directory)/engine.yaml"], log: "\(directory)/log")
        try await waitUntilReady()
    }

    /// SIGTERM, or another; the exit status.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM) async -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        while process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
        return process.terminationStatus
    }

    func stop() async {
        await end()
        try? FileManager.default.removeItem(atPath: directory)
    }

    var log: String { (try? String(contentsOfFile: "\(directory)/log", encoding: .utf8)) ?? "" }
}

/// Runs a test on a daemon, and stops it whatever happens.
func withDaemon(peers: String? = nil, extra: String = "", rulebook: Bool = true, _ body: (Daemon) async throws -> Void) async throws {
    let daemon = try await Daemon(peers: peers, extra: extra, rulebook: rulebook)
    do {
        try await body(daemon)
    } catch {
        await daemon.stop()
        throw error
    }
    await daemon.stop()
}

struct TestFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// The built programs, and others of the system.
enum Program {
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        while url.path != "/", !FileManager.default.fileExists(atPath: url.appendingPathComponent("Package.swift").path) {
            url.deleteLastPathComponent()
        }
        return url.path
    }()

    /// Products lie beside the test bundle.
    static let products: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        var url = URL(fileURLWithPath: own)
        while url.path != "/" {
            url.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: url.appendingPathComponent("engine-daemon").path) { return url.path }
        }
        return root + "/.build/debug"
    }()

    struct Result: Sendable {
        var status: Int32
        var output: String
        var error: String
    }

    private static func process(_ name: String, _ arguments: [String], environment: [String: String]) -> Process {
        let process = Process()
        let isOwn = name.hasPrefix("engine-")
        process.executableURL = URL(fileURLWithPath: isOwn ? "\(products)/\(name)" : "/usr/bin/env")
        process.arguments = isOwn ? arguments : [name] + arguments
        var values = ProcessInfo.processInfo.environment
        values["ENGINE_SOCKET"] = nil
        values["LANG"] = "en_US.UTF-8"
        process.environment = values.merging(environment) { $1 }
        return process
    }

    /// Runs to the end, with `input` on standard input.
    static func run(_ name: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws -> Result {
        let process = process(name, arguments, environment: environment)
        let base = "/tmp/ae-run-\(UInt64.random(in: 0...UInt64.max))"
        let files = (input: base + ".in", output: base + ".out", error: base + ".err")
        defer { for file in [files.input, files.output, files.error] { unlink(file) } }
        _ = FileManager.default.createFile(atPath: files.input, contents: Data(input.utf8))
        for file in [files.output, files.error] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardInput = FileHandle(forReadingAtPath: files.input)
        process.standardOutput = FileHandle(forWritingAtPath: files.output)
        process.standardError = FileHandle(forWritingAtPath: files.error)
        try process.run()
        while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        func text(_ file: String) -> String { String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self) }
        return Result(status: process.terminationStatus, output: text(files.output), error: text(files.error))
    }

    static func start(_ name: String, _ arguments: [String], log: String) throws -> Process {
        let process = process(name, arguments, environment: [:])
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let handle = FileHandle(forWritingAtPath: log)
        handle?.seekToEndOfFile()
        process.standardError = handle
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }
}

/// Events as tests post them.
enum Events {
    static let source = "/example/tests"

    static func event(_ type: String, id: String = unique(), subject: String? = nil, source: String = source, extra: String = "", data: String = "{}")
        -> [UInt8]
    {
        let subject = subject.map { "\"subject\":\"\($0)\"," } ?? ""
        return Array(
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"\(source)\",\"type\":\"\(type)\",\(subject)\(extra)\"data\":\(data)}".utf8)
    }

    static func received(id: String = unique(), title: String = "路灯不亮") -> [UInt8] {
        event("appeal.received", id: id, data: "{\"channel\":\"mailbox\",\"title\":\"\(title)\"}")
    }

    static func unique() -> String { "t-\(UInt64.random(in: 0...UInt64.max))" }

    static func join(_ events: [[UInt8]]) -> [UInt8] { Array(events.map { $0 + [0x0A] }.joined()) }
}

extension EngineClient {
    /// A new case's serial.
    func newCase() async throws -> String {
        let receipt = try await post(event: Events.received()).json()
        return try #require(receipt["serial"]?.string)
    }

    /// The answer to any post, refused or not.
    func raw(_ body: [UInt8], type: String = "application/cloudevents+json", query: [(String, String)] = []) async throws -> EngineReply {
        try await send(method: "POST", path: "/v1/events", query: query, headers: [("Content-Type", type)], body: body)
    }
}

/// One connection, bytes as they are: for what no client would send.
struct RawSocket {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let own = descriptor
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(own, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard result == 0 else { throw TestFailure("connect: \(errno)") }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    /// `false` if the other side has gone or takes nothing for 20 s.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while start < bytes.count {
            let sent = bytes[start...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            start += sent
        }
        return true
    }
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Until the end, or until `stop` says so.
    func read(until stop: ([UInt8]) -> Bool = { _ in false }) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !stop(bytes) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    func close() { Foundation.close(descriptor) }
}

/// Work that blocks, off the cooperative threads.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
    }
}

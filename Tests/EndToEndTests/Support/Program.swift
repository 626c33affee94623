import Foundation

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

    /// `$APPEAL_BIN`, else where the test bundle is.
    static let products: String = {
        if let folder = ProcessInfo.processInfo.environment["APPEAL_BIN"] { return folder }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        // The programs lie beside the test bundle; swift test runs the bundle by a helper of the toolchain's, which names it in its arguments.
        for start in [own] + CommandLine.arguments where start.hasPrefix("/") {
            var url = URL(fileURLWithPath: start)
            while url.path != "/" {
                url.deleteLastPathComponent()
                if FileManager.default.fileExists(atPath: url.appendingPathComponent("engine-daemon").path) { return url.path }
            }
        }
        return root + "/.build/debug"
    }()

    struct Result: Sendable {
        var status: Int32
        var output: String
        var error: String
    }

    private static func process(_ name: String, _ arguments: [String]) -> Process {
        let process = Process()
        let isOwn = name.hasPrefix("engine-")
        process.executableURL = URL(fileURLWithPath: isOwn ? "\(products)/\(name)" : "/usr/bin/env")
        process.arguments = isOwn ? arguments : [name] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["ENGINE_SOCKET"] = nil
        environment["LANG"] = "en_US.UTF-8"
        for name in ["LC_ALL", "LC_MESSAGES"] { environment[name] = nil }
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs to the end.
    static func run(_ name: String, _ arguments: [String]) async throws -> Result {
        let process = process(name, arguments)
        let base = "/tmp/ae-run-\(UInt64.random(in: 0...UInt64.max))"
        let files = (output: base + ".out", error: base + ".err")
        defer { for file in [files.output, files.error] { try? FileManager.default.removeItem(atPath: file) } }
        for file in [files.output, files.error] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: files.output)
        process.standardError = FileHandle(forWritingAtPath: files.error)
        try process.run()
        do {
            while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        } catch {
            process.terminate()
            throw error
        }
        func text(_ file: String) -> String { String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self) }
        return Result(status: process.terminationStatus, output: text(files.output), error: text(files.error))
    }

    /// Starts one that goes on; what it writes to standard error is added to `log`.
    static func start(_ name: String, _ arguments: [String], log: String) throws -> Process {
        let process = process(name, arguments)
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let handle = FileHandle(forWritingAtPath: log)
        try handle?.seekToEnd()
        process.standardError = handle
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }
}

import ArgumentParser
import EngineClient
import EventModel
import Foundation

/// Options of every command that talks to a daemon.
struct Connecting: ParsableArguments {
    static let defaultSocket = "/run/appeal-engine/engine.sock"

    @Option(name: .long, help: ArgumentHelp("The engine's socket (default: $ENGINE_SOCKET, else \(Connecting.defaultSocket)).", valueName: "path"))
    var socket: String?
    @Option(name: .long, help: ArgumentHelp("Language of the engine's messages: zh or en (default: by $LANG).", valueName: "language"))
    var lang: String?
    @Flag(name: .long, help: "Print the engine's JSON as it is.")
    var json = false

    var client: EngineClient {
        let environment = ProcessInfo.processInfo.environment
        return EngineClient(socketPath: socket ?? environment["ENGINE_SOCKET"] ?? Self.defaultSocket, language: isEnglish ? "en" : "zh-CN")
    }

    /// Labels too: English unless $LANG or --lang is Chinese.
    var isEnglish: Bool {
        let environment = ProcessInfo.processInfo.environment
        let text = lang ?? environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? "en"
        return !text.lowercased().hasPrefix("zh")
    }

    func validate() throws {
        if let lang, !lang.lowercased().hasPrefix("zh"), !lang.lowercased().hasPrefix("en") {
            throw ValidationError("--lang is zh or en, not '\(lang)'")
        }
    }

    /// Gets a document; prints it if JSON is wanted, else lets it be shown.
    func show(_ path: String, query: [(String, String)] = [], _ human: (JSONValue, EngineReply) throws -> Void) async throws {
        let reply = try checked(try await client.send(method: "GET", path: path, query: query))
        if json { return Output.line(reply.bytes) }
        try human(try reply.json(), reply)
    }

    /// An answer that isn't a problem. A problem ends the command: as JSON on standard output if that is wanted, else as an error.
    func checked(_ reply: EngineReply) throws -> EngineReply {
        guard reply.status >= 400 else { return reply }
        guard let problem = reply.problem else { throw Failure(Outcome.internal, "The engine answered with status \(reply.status) and no problem.") }
        if json { Output.line(reply.bytes) } else { Receipts.show(problem) }
        throw ExitCode(Failure.code(ofStatus: problem.status, isTransient: problem.isTransient))
    }
}

/// Standard output and standard error, unbuffered, so that both keep their order.
enum Output {
    static func text(_ text: String) { line(Array(text.utf8)) }
    static func line(_ bytes: [UInt8]) { write(bytes + [0x0A], to: STDOUT_FILENO) }
    static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    /// A reader that has gone (`| head`) ends the command without a word, as SIGPIPE would.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { exit(errno == EPIPE ? 141 : Outcome.internal) }
            start += written
        }
    }
}

/// Bytes of a file or of standard input, in pieces, read off the cooperative threads.
struct InputChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    let path: String

    struct Iterator: AsyncIteratorProtocol {
        let path: String
        var handle: FileHandle?

        mutating func next() async throws -> [UInt8]? {
            if handle == nil { handle = try Input.open(path) }
            guard let handle else { return nil }
            return try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(with: Result { try handle.read(upToCount: 65_536).map { Array($0) } })
                }
            }
        }
    }
    func makeAsyncIterator() -> Iterator { Iterator(path: path) }
}

enum Input {
    static func open(_ path: String) throws -> FileHandle {
        if path == "-" { return .standardInput }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Failure(Outcome.usage, "There is no file \(path).", next: "give a file, or - for standard input")
        }
        guard !isDirectory.boolValue, let handle = FileHandle(forReadingAtPath: path) else {
            throw Failure(Outcome.usage, "\(path) can't be read.", next: "check that it is a file and its permissions: ls -l \(path)")
        }
        return handle
    }

    static func all(_ path: String) throws -> [UInt8] { Array(try open(path).readToEnd() ?? Data()) }
}

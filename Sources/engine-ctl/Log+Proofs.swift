import ArgumentParser
import EngineClient
import EventLog
import EventModel
import Foundation

extension Log {
    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the key that checks the log's checkpoints.",
            discussion: "An auditor takes it on paper or from a web site, once: a key that comes with what it checks proves nothing.")
        @OptionGroup var connecting: Connecting

        func run() async throws {
            let reply = try await connecting.client.get("/v1/events/1")
            if connecting.json { return Output.line(reply.bytes) }
            guard let key = try reply.json()["data"]?["key"]?.string else { throw Failure(Outcome.internal, "The first entry names no key.") }
            Output.text(Terminal.plain(key))
        }
    }

    struct Checkpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gets the last signed checkpoint: origin, size, root, signature.",
            discussion: "Kept elsewhere it shows a roll-back or another history later: engine-ctl log proof, docs/reference/proofs.md.")
        @OptionGroup var connecting: Connecting
        @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write it to a file.", valueName: "file"))
        var output: String?

        func run() async throws { try ProofFiles.give(try await connecting.client.get("/v1/log/checkpoint").bytes, to: output) }
    }

    struct Proof: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gets the proof that an entry is in the log, as a C2SP tlog-proof file.",
            discussion: """
                With --json the hashes alone. The file holds entry, path and signed checkpoint; it is checked offline.

                Examples:
                  engine-ctl log proof 90212 -o 90212.tlog-proof
                  engine-ctl log proof 90212 --json --size 100000
                """)
        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("Position of the entry.", valueName: "position"))
        var position: UInt64
        @Option(name: .long, help: ArgumentHelp("Size of the tree (default: the last checkpoint's).", valueName: "n"))
        var size: UInt64?
        @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write it to a file.", valueName: "file"))
        var output: String?

        func run() async throws {
            var query = [("position", String(position))]
            if let size { query.append(("size", String(size))) }
            let reply = try await connecting.client.get(
                "/v1/log/proof/inclusion", query: query, accept: connecting.json ? "application/json" : "text/plain")
            try ProofFiles.give(reply.bytes + (connecting.json ? [0x0A] : []), to: output)
        }
    }
}

/// What commands about proofs share.
enum ProofFiles {
    /// Prints bytes that end with a line feed, or puts them into a file, whole or not at all.
    static func give(_ bytes: [UInt8], to path: String?) throws {
        guard let path, path != "-" else { return Output.line(bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure(Outcome.usage, "\(path) can't be written: \(error.localizedDescription)", next: "choose another file: -o FILE")
        }
    }
}

enum VerifierKeys {
    /// A key as given on the command line.
    static func read(_ text: String) throws -> VerifierKey {
        do throws(NoteError) {
            return try VerifierKey(text)
        } catch {
            throw Failure(Outcome.usage, "--key: \(error).", next: "it looks like city.example/appeals+1a2b3c4d+AW…; engine-ctl log key prints it")
        }
    }
}

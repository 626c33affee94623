import ArgumentParser
import EngineClient
import EventModel
import Foundation

struct Post: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Posts events and prints their receipts.",
        discussion: """
            A receipt means that the event is stored, durably. Posting the same event again is safe: it is answered with its first receipt.

            Examples:
              engine-ctl example appeal.received | engine-ctl post -
              engine-ctl post letter.json
              engine-ctl post --batch events.json --atomic      # an array: all or nothing
              engine-ctl post --ndjson history.ndjson           # one event a line, any number of them
            """)

    @OptionGroup var connecting: Connecting
    @Argument(help: ArgumentHelp("A file with one event, an array (--batch) or lines (--ndjson); - reads standard input.", valueName: "file"))
    var file: String
    @Flag(name: .long, help: "The file holds an array of at most 1,000 events.")
    var batch = false
    @Flag(name: .long, help: "The file holds one event a line.")
    var ndjson = false
    @Flag(name: .long, help: "With --batch: store all events or none.")
    var atomic = false

    func validate() throws {
        if batch, ndjson { throw ValidationError("--batch and --ndjson exclude each other") }
        if atomic, !batch { throw ValidationError("--atomic goes with --batch") }
    }

    func run() async throws {
        if ndjson { return try await postLines() }
        let body = try Input.all(file)
        if batch { return try await postBatch(body) }
        let reply = try connecting.checked(
            try await connecting.client.send(
                method: "POST", path: "/v1/events", headers: [("Content-Type", "application/cloudevents+json")], body: body))
        if connecting.json { Output.line(reply.bytes) } else { Receipts.show(try reply.json()) }
    }

    private func postBatch(_ body: [UInt8]) async throws {
        let reply = try await connecting.client.send(
            method: "POST", path: "/v1/events", query: atomic ? [("atomic", "true")] : [],
            headers: [("Content-Type", "application/cloudevents-batch+json")], body: body)
        _ = try connecting.checked(reply)
        if connecting.json { Output.line(reply.bytes) }
        let root = try reply.json()
        var counts = Receipts.Counts()
        for item in root["items"]?.items ?? [] {
            if let problem = ProblemDetails(item) {
                counts.add(problem)
                if !connecting.json { Receipts.show(problem) }
            } else if !connecting.json {
                Receipts.show(item)
            }
        }
        if let code = counts.exitCode { throw ExitCode(code) }
    }

    private func postLines() async throws {
        if file != "-" { _ = try Input.open(file) }
        var progress = ProgressLine("posted")
        var counts = Receipts.Counts()
        var summary: PostSummary?
        for try await answer in connecting.client.postLines(InputChunks(path: file)) {
            switch answer {
            case .stored(let isDuplicate, let receipt):
                counts.stored(isDuplicate)
                if connecting.json { Output.line(receipt) }
            case .refused(let problem, let bytes):
                counts.add(problem)
                if connecting.json {
                    Output.line(bytes)
                } else {
                    progress.end()
                    Receipts.show(problem, line: counts.total)
                }
            case .summary(let last): summary = last
            }
            progress.update(done: UInt64(counts.total), total: nil)
        }
        progress.end()
        guard let summary else {
            throw Failure(
                Outcome.again, "The stream was cut after \(counts.total) answers; lines after them are not confirmed.",
                next: "post the file again: what is stored is answered as a duplicate")
        }
        if !connecting.json {
            Output.text(
                "\(summary.accepted) accepted, \(summary.duplicate) duplicate, \(summary.refused) refused, \(summary.unknown) unknown in \(ProgressLine.time(progress.seconds))"
            )
        }
        if let code = counts.exitCode { throw ExitCode(code) }
    }
}

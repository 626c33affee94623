import EngineClient
import EventModel
import Foundation
import Testing

/// An import that doesn't mind: the daemon is killed fifty times while it is posted to, and in the end the log is that of an import nobody disturbed.
@Suite(.serialized) struct KillTests {
    static let streamRounds = 45
    static let importRounds = 5
    /// On average.
    static let eventsPerRound = 60

    @Test(.timeLimit(.minutes(20))) func fiftyKillsLoseNothingAndDoubleNothing() async throws {
        try await withDaemon(rulebook: SourceFile.letters?.rulebook ?? "chengdu") { daemon in
            let load = try Load.present(daemon.directory)
            let start = try await daemon.position()
            var history = try History(events: try await load.events(daemon), position: start)
            for _ in 0..<Self.streamRounds {
                try await history.postUntilKilled(daemon, perRound: Self.eventsPerRound)
                try await daemon.start()
                try await history.expectRecovered(daemon)
            }
            #expect(history.acknowledged > 1_000, "the rounds were too short to show anything")
            print("\(history.acknowledged) events acknowledged in \(Self.streamRounds) rounds, \(history.recovered) in the log")

            // engine-ctl goes on by itself through the kills, or says 75: run it again.
            async let command = Program.run("engine-ctl", load.command + ["--socket", daemon.socket])
            for _ in 0..<Self.importRounds {
                try await Task.sleep(for: .milliseconds(Int.random(in: 200...1_200)))
                await daemon.end(SIGKILL)
                try await daemon.start()
            }
            let first = try await command
            #expect(first.status == 0 || first.status == 75, "\(first.output) \(first.error)")
            if first.status != 0 {
                let second = try await Program.run("engine-ctl", load.command + ["--socket", daemon.socket])
                #expect(second.status == 0, "\(second.output) \(second.error)")
            }

            try await history.expectRecovered(daemon)
            #expect(history.recovered == history.events.count)
            let head = try await daemon.position()
            try await history.expectKnown(daemon, each: 7)
            #expect(try await daemon.position() == head)
            try await daemon.expectWholeLog()

            let killed = try await EndState(of: daemon, from: start, load)
            let undisturbed = try await withDaemon(rulebook: load.rulebook) { other in
                let result = try await Program.run("engine-ctl", load.command + ["--socket", other.socket])
                try #require(result.status == 0, "\(result.output) \(result.error)")
                return try await EndState(of: other, from: start, load)
            }
            #expect(killed.head == undisturbed.head)
            #expect(killed.entries.count == undisturbed.entries.count)
            #expect(zip(killed.entries, undisturbed.entries).first { $0 != $1 }.map { "\($0.0)\n\($0.1)" } == nil)
            #expect(killed.figures == undisturbed.figures)
            #expect(killed.cases == undisturbed.cases)
            #expect(killed.documents == undisturbed.documents && killed.documents.count > 50)
        }
    }
}

/// What a client knows: which events it posted, in this order, and which receipts it got.
private struct History {
    let events: [[UInt8]]
    private let keys: [String]
    /// Receipts, without their outcome; `nil`: none yet.
    private var receipts: [String?]
    /// Events before this one have all been acknowledged.
    private(set) var acknowledged = 0
    /// As many events, from the first, are in the log.
    private(set) var recovered = 0
    /// The log has been looked at up to here.
    private var checked: Position
    private var inLog: Set<String> = []

    init(events: [[UInt8]], position: Position) throws {
        self.events = events
        keys = try events.map { event in
            let root = try JSONDocument(event).root
            return "\(root["source"]?.string ?? "") \(root["id"]?.string ?? "")"
        }
        receipts = Array(repeating: nil, count: events.count)
        checked = position
    }

    /// Posts from shortly before the first event without receipt, and kills the daemon: after a number of answers and a moment, or just after a
    /// moment.
    mutating func postUntilKilled(_ daemon: Daemon, perRound: Int) async throws {
        let first = max(0, acknowledged - 25)
        // Forty events on their way at any time, so that commits are many and small.
        let (chunks, feed) = AsyncStream.makeStream(of: [UInt8].self)
        var fed = first
        func feedChunk() {
            guard fed < events.count else { return feed.finish() }
            let end = min(fed + 10, events.count)
            feed.yield(events[fed..<end].reduce(into: []) { $0 += $1 + [0x0A] })
            fed = end
        }
        for _ in 0..<4 { feedChunk() }
        let answersBefore = Int.random(in: 0...2 * perRound)
        // Right after a receipt is the worst moment for an engine that gave it too early.
        let delay = answersBefore == 0 ? Int.random(in: 0...150) : Bool.random() ? 0 : Int.random(in: 1...20)
        let killer = Pistol(process: daemon.process.processIdentifier, milliseconds: delay)
        if answersBefore == 0 { killer.fire() }
        var next = first
        do {
            for try await answer in daemon.client.postLines(chunks) {
                switch answer {
                case .stored(let isDuplicate, let receipt):
                    note(receipt, of: next, isDuplicate: isDuplicate)
                    next += 1
                case .refused(let problem, _):
                    Issue.record("\(keys[next]) was refused: \(problem.code)")
                    next += 1
                case .summary: break
                }
                if next - first == answersBefore { killer.fire() }
                if (next - first).isMultiple(of: 10) { feedChunk() }
            }
        } catch let error as ClientError where error.isTransient {
            // Cut, as intended.
        }
        feed.finish()
        await killer.done()
        await daemon.end(SIGKILL)
    }

    /// A first receipt is kept, a later one has to be the same.
    private mutating func note(_ receipt: [UInt8], of index: Int, isDuplicate: Bool) {
        let text = String(decoding: receipt.drop { $0 != UInt8(ascii: ",") }, as: UTF8.self)
        if let before = receipts[index] {
            #expect(isDuplicate, "\(keys[index]) was acknowledged, and stored again: \(text)")
            #expect(text == before, "\(keys[index]) has another receipt")
        } else {
            // In the log before, then known.
            #expect(isDuplicate == (index < recovered), "\(keys[index]): \(text)")
            receipts[index] = text
        }
        if index == acknowledged { acknowledged += 1 }
    }

    private static func position(_ receipt: String) throws -> UInt64 {
        let value = try JSONDocument("{" + receipt.dropFirst()).root["position"]?.integer
        return UInt64(try #require(value))
    }

    /// After a start: the log goes on with a run of the posted events, in their order, each once and where its receipt says; and holds all that
    /// have one.
    mutating func expectRecovered(_ daemon: Daemon) async throws {
        var last = checked.rawValue
        for entry in try await LogEntry.after(checked, of: daemon) {
            let key = "\(entry.source) \(entry.id)"
            #expect(entry.number == last + 1)
            last = entry.number
            #expect(inLog.insert(key).inserted, "\(key) is in the log twice")
            guard entry.source != "/engine" else { continue }
            try #require(recovered < events.count, "\(key) is one too many")
            try #require(key == keys[recovered], "position \(entry.position) holds \(key), and \(keys[recovered]), posted before it, is missing")
            if let receipt = receipts[recovered] {
                #expect(try Self.position(receipt) == entry.number, "\(key) has moved")
            }
            recovered += 1
        }
        checked = Position(last)
        #expect(try await daemon.position() == checked)
        try #require(recovered >= acknowledged, "\(acknowledged - recovered) acknowledged events are lost, the first is \(keys[recovered])")

        // Events of all rounds before, posted again, and looked up.
        guard acknowledged > 0 else { return }
        let sample = (0..<20).map { _ in Int.random(in: 0..<acknowledged) }
        var answered = 0
        for try await answer in daemon.client.postLines(sample.map { events[$0] }) {
            guard case .stored(let isDuplicate, let receipt) = answer else { continue }
            note(receipt, of: sample[answered], isDuplicate: isDuplicate)
            answered += 1
        }
        #expect(answered == sample.count)
        for index in sample.prefix(3) {
            let position = try Self.position(try #require(receipts[index]))
            let entry = try JSONDecoder().decode(LogEntry.self, from: Data(try await daemon.client.get("/v1/events/\(position)").bytes))
            #expect("\(entry.source) \(entry.id)" == keys[index])
        }
    }

    /// At the end: of all events every n-th again, and every receipt the first.
    mutating func expectKnown(_ daemon: Daemon, each step: Int) async throws {
        let sample = Array(stride(from: 0, to: events.count, by: step))
        var next = 0
        for try await answer in daemon.client.postLines(sample.map { events[$0] }) {
            guard case .stored(let isDuplicate, let receipt) = answer else { continue }
            note(receipt, of: sample[next], isDuplicate: isDuplicate)
            next += 1
        }
        #expect(next == sample.count)
    }
}

/// Kills once, a moment after it was told to.
private final class Pistol: Sendable {
    private let process: Int32
    private let milliseconds: Int
    // nonisolated(unsafe): used by one task, one call after the other.
    nonisolated(unsafe) private var shot: Task<Void, Never>?

    init(process: Int32, milliseconds: Int) {
        self.process = process
        self.milliseconds = milliseconds
    }

    func fire() {
        guard shot == nil else { return }
        if milliseconds == 0 { kill(process, SIGKILL) }
        shot = Task { [process, milliseconds] in
            try? await Task.sleep(for: .milliseconds(milliseconds))
            kill(process, SIGKILL)
        }
    }

    func done() async { await shot?.value }
}

/// What an engine answers in the end; without what differs between any two: recorded times and what hangs on keys.
private struct EndState {
    static let ownWords: Set<String> = ["recordedtime", "recordedAt", "recordedTime", "prev", "sealed", "publicId", "extractionCode"]

    var head: Position
    var entries: [String] = []
    var figures: [String] = []
    var cases: [String] = []
    var documents: [String] = []

    init(of daemon: Daemon, from start: Position, _ load: Load) async throws {
        head = try await daemon.position()
        for try await case .entry(let bytes) in daemon.client.events(after: start) { entries.append(try canonical(bytes, without: Self.ownWords)) }
        for period in load.periods {
            for extra in [[("by", "unit")], [("series", "month")], [("by", "channel"), ("basis", "cohort")], [("compare", "yoy")]] {
                figures.append(try await daemon.answer("/v1/kpi", [("period", period)] + extra, at: head).text)
            }
        }
        for page in try await pages(daemon, "/v1/cases", [("limit", "500")], at: head, most: 8) {
            cases.append(try canonical(page, without: Self.ownWords))
        }
        let items = try await daemon.answer("/v1/cases", [("limit", "60")], at: head).json()["items"]?.items ?? []
        for serial in items.compactMap({ $0["case"]?.string }) {
            documents.append(try canonical(try await daemon.answer("/v1/cases/\(serial)", at: head).bytes, without: Self.ownWords))
        }
    }
}

import EventLog
import EventModel
import Foundation
import LMDB
import Synchronization

/// A directory of a test's own, removed when the value goes.
final class TemporaryDirectory: Sendable {
    let path: String
    private let isOwned: Bool
    init() {
        path = NSTemporaryDirectory() + "log-tests-" + UUID().uuidString
        isOwned = true
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    /// Below another one, which removes it.
    init(at path: String) {
        self.path = path
        isOwned = false
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { if isOwned { try? FileManager.default.removeItem(atPath: path) } }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// 2017-03-01T09:00:00+08:00
let firstClock = Instant(microseconds: 1_488_330_000_000_000)
/// A key record of the right length; what is in it only a keyring can tell.
let someKeyRecord = [UInt8](repeating: 0xAB, count: CaseKeys.recordByteCount)

/// A fact whose entry says all that its header and words hold, so that `derive` can read it back: type number, unit, words, references.
func fact(
    _ id: String, on subject: String, source: String = "/city/dispatch", type: UInt16 = 64, at time: Instant = firstClock, unit: String? = nil,
    assignment: UInt16 = 0, words: [FactWord] = [], setsAccessClass: Bool = false, blobs: [SealedBlob] = [], external: String? = nil,
    extra: (inout JSONWriter) -> Void = { _ in }
) -> Fact {
    let typeName = type == 4 ? "person.erased" : "test.\(type)"
    let envelope = EntryEnvelope(
        id: id, source: source, type: typeName, subject: subject, time: RFC3339.local(time, offsetSeconds: 28_800), actor: "operator/2001")
    let body = envelope.body { data in
        data.member("unit", optional: unit)
        data.member("assignment", Int(assignment))
        data.name("words")
        data.array { list in for word in words { write(word, to: &list) } }
        data.member("class", optional: setsAccessClass ? true : nil)
        data.member("external", optional: external.map { $0.replacing("\u{0}", with: "|") })
        extra(&data)
        guard !blobs.isEmpty else { return }
        data.name("sealed")
        data.array { list in
            for blob in blobs {
                SealedReference(scope: blob.scope, generation: 1, byteCount: blob.bytes.count, sha256: sha256(blob.bytes)).write(to: &list)
            }
        }
    }
    return Fact(
        type: type, flags: setsAccessClass ? .accessClass : [], source: source, id: id, occurredAt: time, unit: unit, assignment: assignment,
        words: words,
        body: body, blobs: blobs, externalReference: external)
}

private func write(_ word: FactWord, to list: inout JSONWriter) {
    switch word {
    case .number(let value): list.value(String(value))
    case .names(let low, let high):
        list.object { names in
            names.member("low", optional: low)
            names.member("high", optional: high)
        }
    case .stream(let name): list.array { $0.value(name?.rawValue ?? "") }
    }
}

/// The inverse of `fact`, as Workflow's function is for real events.
func derive(_ entry: Entry) -> LogVerifier.Derived? {
    let data = entry.data
    guard let type = entry.envelope.type == "person.erased" ? 4 : UInt16(entry.envelope.type.dropFirst(5)) else { return nil }
    let words = data["words"]?.items.map { word -> FactWord in
        switch word.kind {
        case .string: .number(UInt64(word.string!)!)
        case .object: .names(word["low"]?.string, word["high"]?.string)
        default: .stream(word.items[0].string == "" ? nil : StreamName(word.items[0].string!))
        }
    }
    return LogVerifier.Derived(
        type: type, unit: data["unit"]?.string, assignment: UInt16(data["assignment"]?.integer ?? 0),
        setsAccessClass: data["class"]?.boolean ?? false,
        words: words ?? [], externalReference: data["external"]?.string?.replacing("|", with: "\u{0}"))
}

/// A log in a directory of its own, its clock in the test's hand.
final class LogFixture: Sendable {
    let directory: TemporaryDirectory
    let observer = RecordingObserver()
    let clock: ClockInHand
    let log: AppendOnlyLog

    /// Creates a log, or opens the one that is in the directory.
    init(
        _ directory: TemporaryDirectory = TemporaryDirectory(), mapSizeBytes: Int = 256 << 20,
        change: (inout AppendOnlyLog.Options) -> Void = { _ in }
    ) throws {
        self.directory = directory
        let clock = ClockInHand()
        self.clock = clock
        var options = AppendOnlyLog.Options()
        options.mapSizeBytes = mapSizeBytes
        options.indexMapSizeBytes = 64 << 20
        options.clock = { clock.now }
        change(&options)
        if !FileManager.default.fileExists(atPath: directory.path + "/log/data.mdb") {
            let genesis = fact("genesis", on: "@log", source: "/engine", type: 1, extra: { $0.member("origin", "city.example/appeals") })
            try AppendOnlyLog.create(directory: directory.path, origin: "city.example/appeals", genesis: genesis, clock: firstClock, options: options)
        }
        log = try AppendOnlyLog(directory: directory.path, options: options, observer: observer)
    }

    func submit(_ submissions: FixedSubmission...) -> Bool { log.submit(submissions) }

    /// One commit on one stream; a new case gets a key record. What became of it.
    @discardableResult
    func append(_ facts: Fact..., to stream: String, expecting revision: Revision) -> FixedSubmission.Outcome {
        append([section(stream, revision, facts)])
    }
    func append(_ sections: [Commit.Section], checks: [Commit.Check] = []) -> FixedSubmission.Outcome {
        let submission = FixedSubmission(sections, checks: checks)
        return submit(submission) ? submission.wait() : .failed(.stopping)
    }

    var head: Position { log.reader.head.position }
    /// Bytes of all entries and the head: what a refused commit must leave as it is.
    func contents() throws -> [[UInt8]] {
        var entries: [[UInt8]] = [utf8("\(log.reader.head)")]
        _ = try log.reader.facts(after: .start, limit: Int.max, looked: Int.max, where: { _ in true }) { _, entry in entries.append(entry) }
        return entries
    }

    /// Closes, and lets the verifier look.
    func closeAndVerify() throws -> LogVerifier.Report {
        log.close()
        return try verify(directory.path)
    }
}

func verify(_ directory: String, checkIndex: Bool = true) throws -> LogVerifier.Report {
    try LogVerifier(directory: directory, mapSizeBytes: 1 << 30, derive: derive).verify(checkIndex: checkIndex)
}

func section(_ stream: String, _ revision: Revision, _ facts: [Fact]) -> Commit.Section {
    let isNewCase = revision == 0 && !stream.hasPrefix("@")
    return Commit.Section(stream: StreamName(stream), expectedRevision: revision, facts: facts, keyRecord: isNewCase ? someKeyRecord : nil)
}

final class ClockInHand: Sendable {
    private let instant = Mutex(firstClock)
    var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }
}

extension FixedSubmission.Outcome {
    var isDurable: Bool { if case .durable = self { true } else { false } }
    var entries: [Admitted] { if case .durable(let admitted) = self { admitted.flatMap { $0 } } else { [] } }
}

/// The error a call throws, as `LogError`.
func logError(_ body: () throws -> Void) -> LogError? {
    do {
        try body()
        return nil
    } catch { return error as? LogError }
}

/// Changes a closed log (or index) behind its back.
func tamper(_ environmentPath: String, _ table: String, _ body: (inout WriteTransaction, Table) throws -> Void) throws {
    let environment = try Environment(at: environmentPath, mapSizeBytes: 256 << 20)
    defer { environment.close() }
    let table = try environment.table(table)
    try environment.withWrite { transaction throws in try body(&transaction, table) }
}

/// All rows of a table of a closed log, in order.
func rows(_ environmentPath: String, _ table: String) throws -> [(key: [UInt8], value: [UInt8])] {
    let environment = try Environment(at: environmentPath, mapSizeBytes: 256 << 20, readOnly: true)
    defer { environment.close() }
    let table = try environment.table(table, create: false)
    return try environment.withRead { transaction throws in
        var rows: [(key: [UInt8], value: [UInt8])] = []
        var cursor = try transaction.cursor(over: table)
        var found = try cursor.first()
        while found {
            rows.append((cursor.key.bytes(), cursor.value.bytes()))
            found = try cursor.next()
        }
        return rows
    }
}

import Engine
import EventModel
import Foundation
import Logging
import Synchronization
import Workflow

/// A clock that stands until it is set.
final class TestClock: Sendable {
    private let instant: Mutex<Instant>
    init(_ text: String) { instant = Mutex(RFC3339.parse(text)!.instant) }
    var now: Instant { instant.withLock { $0 } }
    func set(_ text: String) { instant.withLock { $0 = RFC3339.parse(text)!.instant } }
    func set(_ instant: Instant) { self.instant.withLock { $0 = instant } }
}

/// A real engine on a directory of its own, with the example rulebook and peers with all grants.
struct TestCity {
    let directory: String
    let clock: TestClock
    private(set) var engine: Engine

    static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The front end of a small city: every grant.
    static let front = Peer(
        uid: 2001, role: .operator, sources: ["/"], grants: Set(Grant.allCases).subtracting([.backfill]), units: ["510100"], leaders: ["510104-head"])
    static let importer = Peer(
        uid: 2002, role: .operator, sources: ["/"], grants: Set(Grant.allCases), units: ["510100"], leaders: ["510104-head"])
    static let admin = Peer(uid: 0, role: .admin, grants: [.operate, .rulebook, .erase, .access])

    init(at time: String = "2017-03-01T00:00:00+08:00", rulebook: String = "chengdu", tickSeconds: Double = 3_600) async throws {
        directory = NSTemporaryDirectory() + "appeal-\(UUID().uuidString)"
        clock = TestClock(time)
        let configuration = Self.configuration(directory, clock, tickSeconds)
        try Engine.initialise(configuration, origin: "test.example/appeals")
        engine = try Engine(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let files = try RulebookFiles.load(directory: "\(Self.packageRoot)/packaging/rulebook/\(rulebook)")
        let result = await engine.adoptRulebook(RulebookPart.join(files).files, by: Self.admin)
        guard case .adopted = result else { throw EngineError(.badRulebook, "\(result)") }
    }

    static func configuration(_ directory: String, _ clock: TestClock, _ tickSeconds: Double = 3_600) -> EngineConfiguration {
        EngineConfiguration(
            dataDirectory: "\(directory)/data", keysDirectory: "\(directory)/keys", mapSizeBytes: 1 << 30, tickSeconds: tickSeconds,
            fixedClock: { clock.now })
    }

    /// Closes the engine and opens it again on the same data.
    mutating func reopen(deleting: [String] = []) async throws {
        await engine.stop()
        for name in deleting { try FileManager.default.removeItem(atPath: "\(directory)/data/\(name)") }
        engine = try Engine(Self.configuration(directory, clock), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func close() async {
        await engine.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Posts with the clock at the event's own time.
    func post(_ json: String, by peer: Peer = front) async -> PostResult {
        if let time = try? JSONDocument(json).root["time"]?.string, let parsed = RFC3339.parse(time) { clock.set(max(clock.now, parsed.instant)) }
        return await engine.postOne(Array(json.utf8), by: peer)
    }
}

extension PostResult {
    var text: String { String(decoding: json(language: .en), as: UTF8.self) }
    /// `accepted`, `duplicate`, or the code of a refusal or problem.
    var code: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .refused(let refusal): refusal.code.rawValue
        case .unavailable(let reason): "\(reason)"
        }
    }
    var document: JSONValue? { try? JSONDocument(json(language: .en)).root }
}

/// One posted event, with the members that every test needs.
func event(_ id: String, _ type: String, on serial: String? = nil, at time: String, source: String = "/chengdu/dispatch", _ data: String) -> String {
    let subject = serial.map { "\"subject\":\"\($0)\"," } ?? ""
    return """
        {"specversion":"1.0","id":"\(id)","source":"\(source)","type":"\(type)",\(subject)"time":"\(time)","datacontenttype":"application/json","data":\(data)}
        """
}

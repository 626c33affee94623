import EngineClient
import EventModel
import Foundation
import Testing

/// `/v1/kpi`, as far as these tests look.
struct KPIRows: Decodable {
    struct Row: Decodable {
        var definition: String
        var month: String?
        var unit: String?
        var numerator: Int
        var denominator: Int
        var received: Int?
    }
    var rows: [Row]

    static func of(_ daemon: Daemon, _ query: [(String, String)], at position: Position) async throws -> [Row] {
        try JSONDecoder().decode(KPIRows.self, from: Data(try await daemon.answer("/v1/kpi", query, at: position).bytes)).rows
    }
}

/// An entry of the log, as far as these tests look.
struct LogEntry: Decodable {
    var position: String
    var id: String
    var source: String
    var type: String

    var number: UInt64 { UInt64(position) ?? 0 }

    /// All entries after a position.
    static func after(_ position: Position, of daemon: Daemon, types: [String] = []) async throws -> [LogEntry] {
        var entries: [LogEntry] = []
        let decoder = JSONDecoder()
        for try await case .entry(let bytes) in daemon.client.events(after: position, types: types) {
            entries.append(try decoder.decode(LogEntry.self, from: Data(bytes)))
        }
        return entries
    }
}

/// The value with members of these names taken out at every depth, in a canonical spelling.
func canonical(_ bytes: [UInt8], without names: Set<String>) throws -> String {
    func stripped(_ value: Any) -> Any {
        if let object = value as? [String: Any] { return object.filter { !names.contains($0.key) }.mapValues(stripped) }
        if let array = value as? [Any] { return array.map(stripped) }
        return value
    }
    let value = stripped(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    let data = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
}

/// The pages of a list, one after the other.
func pages(_ daemon: Daemon, _ path: String, _ query: [(String, String)] = [], at position: Position, most: Int) async throws -> [[UInt8]] {
    var pages: [[UInt8]] = []
    var cursor: [(String, String)] = []
    while pages.count < most {
        let reply = try await daemon.answer(path, query + cursor, at: position)
        pages.append(reply.bytes)
        guard let next = try reply.json()["next"]?.string else { break }
        cursor = [("cursor", next)]
    }
    return pages
}

public import EventModel
import Workflow

/// What became of a file, counted: by rows as they are read, and by events as they are answered.
public struct ImportReport: Sendable, Equatable {
    /// How an event was answered.
    public enum Outcome: Sendable { case accepted, duplicate, refused }

    /// How often something happened, and the first lines of the file where it did.
    public struct Tally: Sendable, Equatable {
        public var count = 0
        public var firstLines: [Int] = []

        mutating func add(line: Int) {
            count += 1
            if firstLines.count < 5 { firstLines.append(line) }
        }
    }

    /// Rows of the file without its header.
    public private(set) var rows = 0
    /// Rows that make events.
    public private(set) var usableRows = 0
    public private(set) var flaggedRows = 0
    public private(set) var refusedRows = 0
    /// By code.
    public private(set) var flags: [String: Tally] = [:]
    /// By code.
    public private(set) var refusals: [String: Tally] = [:]
    /// Events made, by type.
    public private(set) var events: [String: Int] = [:]
    public private(set) var acceptedEvents = 0
    public private(set) var duplicateEvents = 0
    public private(set) var refusedEvents = 0
    /// Refusals by the engine, by code.
    public private(set) var engineRefusals: [String: Int] = [:]
    /// First and last event, and the last time of the file's clock.
    public private(set) var firstInstant: Instant?
    public private(set) var lastInstant: Instant?

    public init() {}

    /// Counts a row as it is read.
    public mutating func add(_ row: ImportRow) {
        rows += 1
        if let refusal = row.refusal {
            refusedRows += 1
            refusals[refusal.code, default: Tally()].add(line: row.lineNumber)
        } else {
            usableRows += 1
        }
        if !row.flags.isEmpty { flaggedRows += 1 }
        for flag in row.flags { flags[flag.code, default: Tally()].add(line: row.lineNumber) }
        for event in row.events {
            if let type = Self.type(of: event) { events[type, default: 0] += 1 }
            firstInstant = firstInstant.map { min($0, event.time) } ?? event.time
        }
        if let last = row.lastInstant { lastInstant = lastInstant.map { max($0, last) } ?? last }
    }

    /// Counts an answer of the engine; `reason` is the problem's code.
    public mutating func count(_ outcome: Outcome, reason: String? = nil) {
        switch outcome {
        case .accepted: acceptedEvents += 1
        case .duplicate: duplicateEvents += 1
        case .refused:
            refusedEvents += 1
            engineRefusals[reason ?? "unknown", default: 0] += 1
        }
    }

    /// `clock.advanced` to the file's last instant: what was due by then becomes overdue (domain rule T8). To be posted last; `nil` without rows.
    public func clockEvent(for mapping: Mapping) -> PostedEvent? {
        guard let lastInstant else { return nil }
        let text = mapping.zone.text(lastInstant)
        var json = JSONWriter()
        json.beginObject()
        json.member("specversion", "1.0")
        json.member("id", "clock:\(text)")
        json.member("source", mapping.source)
        json.member("type", "clock.advanced")
        json.member("time", text)
        json.member("datacontenttype", "application/json")
        json.name("data")
        json.beginObject()
        json.member("source", mapping.source)
        json.member("now", text)
        json.endObject()
        json.endObject()
        return PostedEvent(time: lastInstant, source: mapping.source, subject: nil, json: json.bytes)
    }

    /// The part between `"type":"` and the next quote; types hold no escapes.
    private static func type(of event: PostedEvent) -> String? {
        let text = String(decoding: event.json.prefix(1_024), as: UTF8.self)
        guard let start = text.firstRange(of: "\"type\":\"")?.upperBound, let end = text[start...].firstIndex(of: "\"") else { return nil }
        return String(text[start..<end])
    }
}

import Crypto
import EventLog
import EventModel
import Workflow

/// The facts that carry a rulebook into the log: its parts, then the manifest.
enum RulebookFacts {
    static func facts(_ parts: [RulebookPart], version: Int, peer: Peer, now: Instant, zone: Zone) -> [Fact] {
        let time = zone.text(now, fraction: true)
        func fact<Payload: EventPayload>(_ payload: Payload, id: String) -> Fact {
            SystemFact.make(payload, id: "\(version)/\(id)", source: "/engine/rulebook", stream: .rulebook, time: time, now: now, actor: peer.actor)
        }
        var facts = parts.enumerated().map { index, part in
            fact(RulebookPartRecorded(part: part, index: index + 1, of: parts.count), id: part.name)
        }
        let manifest = parts.map { RulebookAdopted.Part(name: $0.name, sha256: TextCoding.hex(SHA256.hash(data: Array($0.text.utf8)))) }
        facts.append(fact(RulebookAdopted(version: version, parts: manifest), id: "adopted"))
        return facts
    }
}

/// Reads the rulebook in force back out of the log.
enum RulebookHistory {
    /// The empty rulebook of a log that has adopted none: nothing is assigned, every code is unknown.
    static let none = AdoptedRulebook(
        rulebook: Rulebook(version: 0, city: "0", zone: .shanghai, calendar: WorkCalendar(id: "none", years: [:]), units: UnitTree([])), revision: 0,
        parts: [], position: .start)

    static func latest(_ reader: LogReader) throws -> AdoptedRulebook {
        let entries = try reader.entries(of: .rulebook)
        guard let last = entries.lastIndex(where: { $0.envelope.type == EventType.rulebookAdopted.name }) else { return none }
        let manifest = entries[last]
        let count = manifest.data["parts"]?.count ?? 0
        guard last >= count, let version = manifest.data["version"]?.integer else {
            throw EngineError(.badRulebook, "the rulebook adopted at position \(manifest.head.position) lacks parts")
        }
        let parts = entries[last - count..<last].map { RulebookPart(name: $0.data["name"]?.string ?? "", text: $0.data["text"]?.string ?? "") }
        let (rulebook, findings) = RulebookCheck.read(parts, version: version)
        guard let rulebook else {
            throw EngineError(
                .badRulebook,
                "the rulebook adopted at position \(manifest.head.position) can't be read by this program: \(findings.first.map { "\($0)" } ?? "")")
        }
        return AdoptedRulebook(rulebook: rulebook, revision: manifest.head.revision, parts: parts, position: manifest.head.position)
    }
}

/// How far sources' clocks have been advanced (T8), from `@operations`.
enum SourceClocks {
    static func read(_ reader: LogReader) throws -> [String: Instant] {
        var clocks: [String: Instant] = [:]
        for entry in try reader.entries(of: .operations) where entry.envelope.type == EventType.clockAdvanced.name {
            guard let source = entry.data["source"]?.string else { continue }
            let now = entry.data["now"]?.string.flatMap(RFC3339.parse)?.instant
            let instant = entry.data["live"]?.boolean == true ? WriterStage.live : now
            if let instant { clocks[source] = max(clocks[source] ?? instant, instant) }
        }
        return clocks
    }
}

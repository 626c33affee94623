import EventModel

extension ImportReport {
    /// For people, one fact a line.
    public var text: String {
        var lines = ["rows \(rows): usable \(usableRows), flagged \(flaggedRows), refused \(refusedRows)"]
        for (code, tally) in refusals.sorted(by: Self.byCount) { lines.append("  refused  \(code): \(Self.describe(tally))") }
        for (code, tally) in flags.sorted(by: Self.byCount) { lines.append("  flagged  \(code): \(Self.describe(tally))") }
        lines.append(
            "events \(events.values.reduce(0, +)): " + events.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        if acceptedEvents + duplicateEvents + refusedEvents > 0 {
            lines.append("posted: accepted \(acceptedEvents), duplicate \(duplicateEvents), refused \(refusedEvents)")
            for (code, count) in engineRefusals.sorted(by: { $0.key < $1.key }) { lines.append("  refused  \(code): \(count)") }
        }
        if let firstInstant, let lastInstant { lines.append("from \(RFC3339.utc(firstInstant)) to \(RFC3339.utc(lastInstant))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For machines, one object.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("rows", rows)
        json.member("usable", usableRows)
        json.member("flagged", flaggedRows)
        json.member("refused", refusedRows)
        Self.write(refusals, as: "refusals", &json)
        Self.write(flags, as: "flags", &json)
        Self.write(events, as: "events", &json)
        json.name("posted")
        json.beginObject()
        json.member("accepted", acceptedEvents)
        json.member("duplicate", duplicateEvents)
        json.member("refused", refusedEvents)
        json.endObject()
        Self.write(engineRefusals, as: "engineRefusals", &json)
        json.member("first", optional: firstInstant.map(RFC3339.utc))
        json.member("last", optional: lastInstant.map(RFC3339.utc))
        json.endObject()
        return json.bytes
    }

    private static func byCount(_ left: (key: String, value: Tally), _ right: (key: String, value: Tally)) -> Bool {
        (right.value.count, left.key) < (left.value.count, right.key)
    }

    private static func describe(_ tally: Tally) -> String {
        "\(tally.count) (line \(tally.firstLines.map(String.init).joined(separator: ", "))\(tally.count > tally.firstLines.count ? ", …" : ""))"
    }

    private static func write(_ tallies: [String: Tally], as name: String, _ json: inout JSONWriter) {
        json.name(name)
        json.beginObject()
        for (code, tally) in tallies.sorted(by: { $0.key < $1.key }) {
            json.name(code)
            json.beginObject()
            json.member("count", tally.count)
            json.name("firstLines")
            json.beginArray()
            for line in tally.firstLines { json.value(line) }
            json.endArray()
            json.endObject()
        }
        json.endObject()
    }

    private static func write(_ counts: [String: Int], as name: String, _ json: inout JSONWriter) {
        json.name(name)
        json.beginObject()
        for (code, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(code, count) }
        json.endObject()
    }
}

import EventModel
import Workflow

/// Makes the events of one row.
struct RowBuilder {
    let mapping: Mapping
    /// Column name to index.
    let columns: [String: Int]
    let times: RowTimes
    private let cells: [String]
    private(set) var flags: [ImportRow.Flag] = []
    private(set) var lastInstant: Instant?

    init(mapping: Mapping, columns: [String: Int], fields: [String]) {
        self.mapping = mapping
        self.columns = columns
        times = RowTimes(mapping: mapping)
        cells = fields.map(Cleaning.text)
    }

    func cell(_ column: String) -> String { columns[column].map { cells[$0] } ?? "" }

    /// The row's id, as it stands in event ids.
    func identifier() throws(ImportRow.RowRefusal) -> String {
        let id = Cleaning.identifier(cell(mapping.idColumn))
        guard !id.isEmpty else { throw refusal("missing-value", mapping.idColumn, "the row has no id") }
        guard id.utf8.count <= 100 else { throw refusal("id-too-long", mapping.idColumn, "the row's id is too long for an event id") }
        return id
    }

    func subject() throws(ImportRow.RowRefusal) -> String {
        let serial = Cleaning.serial(cell(mapping.subject.column))
        guard !serial.isEmpty else { throw refusal("missing-value", mapping.subject.column, "the row has no serial") }
        let subject = mapping.subject.prefix + serial
        guard subject.utf8.count <= 64 else { throw refusal("serial-too-long", mapping.subject.column, "the serial is longer than 64 characters") }
        return subject
    }

    mutating func events(id: String, subject: String) throws(ImportRow.RowRefusal) -> [PostedEvent] {
        var events: [PostedEvent] = []
        // The first of the steps with the latest time so far.
        var previous: (step: String, time: Instant)?
        for event in mapping.events where event.conditions.allSatisfy(holds) {
            let written = cell(event.timeColumn)
            guard !written.isEmpty else { throw refusal("missing-time", event.timeColumn, "\(event.kind.type.name) has no time") }
            let reading = try times.read(written, column: event.timeColumn, after: previous?.time)
            if let flag = reading.flag { self.flag(flag, event.timeColumn) }
            note(reading.instant)
            if let previous, reading.instant < previous.time { flag("\(event.kind.step)-before-\(previous.step)", event.timeColumn) }
            if previous.map({ $0.time < reading.instant }) ?? true { previous = (event.kind.step, reading.instant) }
            let data = try data(of: event, at: reading.instant)
            events.append(envelope(event.kind, id: id, subject: subject, time: reading.instant, data: data))
        }
        return events
    }

    /// The mapping's own checks, and the further times of the file's clock. Their times may be missing or unreadable: that is a flag, too.
    mutating func check() {
        for column in mapping.clockColumns where !cell(column).isEmpty {
            if let reading = try? times.read(cell(column), column: column) { note(reading.instant) } else { flag("unreadable-time", column) }
        }
        for check in mapping.checks {
            switch check.test {
            case .missing: if cell(check.column).isEmpty { flag(check.flag, check.column) }
            case .before(let other):
                guard let time = try? times.read(cell(check.column), column: check.column).instant,
                    let reference = try? times.read(cell(other), column: other).instant
                else { continue }
                if time < reference { flag(check.flag, check.column) }
            }
        }
    }

    // MARK: Parts

    private func holds(_ condition: Mapping.Condition) -> Bool {
        let value = cell(condition.column)
        switch condition.test {
        case .present(let wanted): return value.isEmpty != wanted
        case .among(let values): return values.contains(value)
        }
    }

    private mutating func data(of event: Mapping.Event, at time: Instant) throws(ImportRow.RowRefusal) -> [UInt8] {
        var values: [(name: String, kind: ImportedEvent.Kind, text: String)] = []
        for (name, value) in event.members {
            guard let kind = event.kind.members.first(where: { $0.name == name })?.kind else { continue }
            guard let text = try self.text(value, name, kind, of: event.kind) else { continue }
            values.append((name, kind, text))
        }
        for group in event.kind.least where !group.contains(where: { name in values.contains { $0.name == name } }) {
            let column = event.members.first { group.contains($0.name) }?.value.column ?? ""
            throw refusal("missing-value", column, "\(event.kind.type.name) has no \(group.joined(separator: " or "))")
        }
        let limits = try limits(of: event, at: time)
        var json = JSONWriter()
        json.beginObject()
        if event.kind.namesAssignment { json.member("assignment", 1) }
        write(values, &json)
        if !limits.isEmpty {
            json.name("limits")
            json.beginArray()
            for limit in limits {
                json.beginObject()
                json.member("kind", limit.kind)
                json.member(limit.name, limit.text)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
        return json.bytes
    }

    /// Members with a point are written into the object they name; those of one object stand together.
    private func write(_ values: [(name: String, kind: ImportedEvent.Kind, text: String)], _ json: inout JSONWriter) {
        var open: Substring?
        for (name, kind, text) in values {
            let parts = name.split(separator: ".")
            let object = parts.count > 1 ? parts[0] : nil
            if open != object {
                if open != nil { json.endObject() }
                if let object {
                    json.name(String(object))
                    json.beginObject()
                }
                open = object
            }
            json.name(String(parts[parts.count - 1]))
            switch kind {
            case .code, .text, .choice, .printable: json.value(text)
            case .boolean: json.value(text == "true")
            case .integer: json.value(Int(text) ?? 0)
            case .listed:
                json.beginArray()
                json.value(text)
                json.endArray()
            }
        }
        if open != nil { json.endObject() }
    }

    /// A member's value; `nil` leaves it out.
    private mutating func text(
        _ value: Mapping.Value, _ name: String, _ kind: ImportedEvent.Kind, of event: ImportedEvent
    ) throws(ImportRow.RowRefusal) -> String? {
        guard let column = value.column else { return value.fallback }
        var text = cell(column)
        if text.isEmpty { return value.fallback }
        if let separator = value.before, let end = text.firstRange(of: separator) { text = Cleaning.text(String(text[..<end.lowerBound])) }
        if let table = value.table {
            if let mapped = table[text] {
                text = mapped
            } else if let fallback = value.fallback {
                flag("unmapped-value", column)
                return fallback
            } else {
                throw refusal("unmapped-value", column, "\(event.type.name).\(name): the table doesn't have the value")
            }
        }
        if value.isSlug { text = Cleaning.slug(text) }
        if text.isEmpty { return value.fallback }
        let limit: Int? =
            switch kind {
            case .text(let bytes), .listed(let bytes): bytes
            default: nil
            }
        if let limit, text.utf8.count > limit {
            flag("text-cut", column)
            text = Cleaning.cut(text, bytes: limit)
        }
        if let problem = Rows.problem(of: text, as: kind) {
            throw refusal("bad-value", column, "\(event.type.name).\(name): the value \(problem)")
        }
        return text
    }

    private mutating func limits(of event: Mapping.Event, at time: Instant) throws(ImportRow.RowRefusal) -> [(
        kind: String, name: String, text: String
    )] {
        var limits: [(kind: String, name: String, text: String)] = []
        for limit in event.limits {
            switch limit.length {
            case .within(let text): limits.append((limit.kind, "within", text))
            case .due(let column):
                guard !cell(column).isEmpty else { continue }
                let due = try times.read(cell(column), column: column, after: nil)
                if let flag = due.flag { self.flag(flag, column) }
                if due.instant <= time { flag("due-not-after-\(event.kind.step)", column) }
                limits.append((limit.kind, "due", mapping.zone.text(due.instant)))
            }
        }
        return limits
    }

    private func envelope(_ kind: ImportedEvent, id: String, subject: String, time: Instant, data: [UInt8]) -> PostedEvent {
        var json = JSONWriter(capacity: 256 + data.count)
        json.beginObject()
        json.member("specversion", "1.0")
        json.member("id", "\(id):\(kind.step)")
        json.member("source", mapping.source)
        json.member("type", kind.type.name)
        json.member("subject", subject)
        json.member("time", mapping.zone.text(time))
        json.member("datacontenttype", "application/json")
        json.member("data", raw: data)
        json.endObject()
        return PostedEvent(time: time, source: mapping.source, subject: subject, json: json.bytes)
    }

    private mutating func flag(_ code: String, _ column: String) {
        let flag = ImportRow.Flag(code: code, column: column)
        if !flags.contains(flag) { flags.append(flag) }
    }

    private mutating func note(_ instant: Instant) { lastInstant = lastInstant.map { max($0, instant) } ?? instant }

    private func refusal(_ code: String, _ column: String, _ detail: String) -> ImportRow.RowRefusal {
        ImportRow.RowRefusal(code: code, column: column, detail: detail)
    }
}

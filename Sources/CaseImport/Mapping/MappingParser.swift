import Workflow
import Yams

/// Reads a mapping file and collects what is wrong with it.
struct MappingParser {
    private(set) var errors: [MappingError] = []
    private var tables: [String: [String: String]] = [:]

    mutating func read(_ yaml: String) -> Mapping? {
        let root: Node
        do {
            guard let node = try Yams.compose(yaml: yaml) else { return fail(1, "the file is empty") }
            root = node
        } catch let error as YamlError {
            return fail(Self.line(of: error), "this isn't YAML: \(Self.firstLine(error))")
        } catch {
            return fail(1, "this isn't YAML")
        }
        let keys = ["mapping", "name", "source", "timeZone", "file", "row", "subject", "times", "tables", "checks", "clock", "events"]
        guard let fields = fields(root, "the mapping", keys) else { return nil }
        if let version = fields["mapping"], text(version) != "1" { fail(line(version), "mapping: this version reads format 1") }
        if let node = fields["tables"] { readTables(node) }
        let name = required("name", fields, root).flatMap { text($0) }
        let source = required("source", fields, root).flatMap { readSource($0) }
        let zone = required("timeZone", fields, root).flatMap { readZone($0) }
        let delimiter = fields["file"].map { readFile($0) } ?? UInt8(ascii: ",")
        let id = required("row", fields, root).flatMap { readRow($0) }
        let subject = required("subject", fields, root).flatMap { readSubject($0) }
        let times = required("times", fields, root).flatMap { readTimes($0) }
        let checks = fields["checks"].map { list($0, "checks").compactMap { readCheck($0) } } ?? []
        let clock = fields["clock"].map { list($0, "clock").compactMap { text($0) } } ?? []
        let events = required("events", fields, root).map { readEvents($0) }
        guard let name, let source, let zone, let id, let subject, let times, let events else { return nil }
        return Mapping(
            name: name, source: source, zone: zone, delimiter: delimiter, idColumn: id, subject: subject, times: times, checks: checks,
            clockColumns: clock, events: events)
    }

    // MARK: Sections

    private mutating func readTables(_ node: Node) {
        guard let mapping = node.mapping else {
            fail(line(node), "tables must be a mapping of names to tables")
            return
        }
        for (key, value) in mapping {
            guard let name = text(key), let entries = value.mapping else {
                fail(line(value), "a table maps values of the file to values of events")
                continue
            }
            var table: [String: String] = [:]
            for (from, to) in entries { if let from = text(from), let to = text(to) { table[from] = to } }
            tables[name] = table
        }
    }

    private mutating func readSource(_ node: Node) -> String? {
        guard let source = text(node) else { return nil }
        guard source.utf8.count <= 256, !source.isEmpty, source.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return fail(line(node), "source must be printable ASCII of at most 256 bytes")
        }
        return source
    }

    private mutating func readZone(_ node: Node) -> Zone? {
        guard let name = text(node) else { return nil }
        guard let zone = Zone(name: name) else { return fail(line(node), "timeZone: ‘\(name)’ isn't an IANA zone such as America/New_York") }
        return zone
    }

    private mutating func readFile(_ node: Node) -> UInt8 {
        guard let fields = fields(node, "file", ["encoding", "delimiter"]) else { return UInt8(ascii: ",") }
        if let encoding = fields["encoding"], let name = text(encoding), name.lowercased() != "utf-8" {
            fail(line(encoding), "encoding: only utf-8 is read; convert the file first (iconv -f \(name) -t utf-8)")
        }
        guard let delimiter = fields["delimiter"], let text = text(delimiter) else { return UInt8(ascii: ",") }
        if text == "tab" || text == "\t" { return 0x09 }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte > 0x20, byte < 0x7F, byte != 0x22 else {
            fail(line(delimiter), "delimiter must be one ASCII character or the word tab")
            return UInt8(ascii: ",")
        }
        return byte
    }

    private mutating func readRow(_ node: Node) -> String? {
        guard let fields = fields(node, "row", ["id"]) else { return nil }
        return required("id", fields, node).flatMap { text($0) }
    }

    private mutating func readSubject(_ node: Node) -> Mapping.Subject? {
        guard let fields = fields(node, "subject", ["column", "prefix"]), let column = required("column", fields, node).flatMap({ text($0) }) else {
            return nil
        }
        let prefix = fields["prefix"].flatMap { text($0) } ?? ""
        guard prefix == Cleaning.serial(prefix), prefix.utf8.count <= 32 else {
            return fail(line(node), "subject: a prefix has at most 32 of the characters A–Z a–z 0–9 . _ -")
        }
        return Mapping.Subject(prefix: prefix, column: column)
    }

    private mutating func readTimes(_ node: Node) -> Mapping.Times? {
        guard let fields = fields(node, "times", ["formats", "dateOnly"]), let formatsNode = required("formats", fields, node) else { return nil }
        var formats: [TimeFormat] = []
        for item in list(formatsNode, "formats") {
            guard let pattern = text(item) else { continue }
            do { formats.append(try TimeFormat(pattern)) } catch { fail(line(item), "format ‘\(pattern)’: \(error.message)") }
        }
        if formats.isEmpty { fail(line(formatsNode), "formats must name at least one") }
        let dateOnly = fields["dateOnly"].flatMap { choice($0, "dateOnly", Mapping.Times.DateOnly.allCases.map(\.rawValue)) }
        return Mapping.Times(formats: formats, dateOnly: dateOnly.flatMap(Mapping.Times.DateOnly.init) ?? .refuse)
    }

    private mutating func readCheck(_ node: Node) -> Mapping.Check? {
        guard let fields = fields(node, "a check", ["flag", "column", "present", "notBefore"]),
            let flag = required("flag", fields, node).flatMap({ text($0) }), let column = required("column", fields, node).flatMap({ text($0) })
        else { return nil }
        guard flag == Cleaning.slug(flag), !flag.isEmpty else { return fail(line(node), "flag: ‘\(flag)’ must be lower-case words with hyphens") }
        switch (fields["present"], fields["notBefore"]) {
        case (let present?, nil):
            guard boolean(present, "present") == true else { return fail(line(present), "present must be true here") }
            return Mapping.Check(flag: flag, column: column, test: .missing)
        case (nil, let other?): return text(other).map { Mapping.Check(flag: flag, column: column, test: .before($0)) }
        default: return fail(line(node), "a check has either present or notBefore")
        }
    }

    // MARK: Events

    private mutating func readEvents(_ node: Node) -> [Mapping.Event] {
        guard let mapping = node.mapping else {
            fail(line(node), "events must be a mapping of event types")
            return []
        }
        var events: [Mapping.Event] = []
        for (key, value) in mapping {
            guard let type = text(key) else { continue }
            guard let kind = ImportedEvent(type: type) else {
                fail(line(key), "‘\(type)’ can't be imported; there are \(ImportedEvent.allCases.map(\.type.name).joined(separator: ", "))")
                continue
            }
            if let event = readEvent(value, kind) { events.append(event) }
        }
        if let received = events.first(where: { $0.kind == .received }) {
            if !received.conditions.isEmpty { fail(line(node), "appeal.received has no when: every row is a case") }
        } else if errors.isEmpty {
            fail(line(node), "events must have appeal.received: it opens the case")
        }
        let order = ImportedEvent.allCases
        return events.sorted { (order.firstIndex(of: $0.kind) ?? 0) < (order.firstIndex(of: $1.kind) ?? 0) }
    }

    private mutating func readEvent(_ node: Node, _ kind: ImportedEvent) -> Mapping.Event? {
        let keys = ["when", "time", "data"] + (kind == .assigned ? ["limits"] : [])
        guard let fields = fields(node, kind.type.name, keys) else { return nil }
        let time = required("time", fields, node).flatMap { text($0) }
        let conditions = fields["when"].map { readConditions($0) } ?? []
        let limits = fields["limits"].map { list($0, "limits").compactMap { readLimit($0) } } ?? []
        var values: [String: Mapping.Value] = [:]
        if let data = fields["data"] {
            guard let mapping = data.mapping else { return fail(line(data), "data must be a mapping of members") }
            for (key, value) in mapping {
                guard let name = text(key) else { continue }
                guard let member = kind.members.first(where: { $0.name == name }) else {
                    let names = kind.members.map(\.name).joined(separator: ", ")
                    fail(line(key), "\(kind.type.name) has no member ‘\(name)’\(names.isEmpty ? "" : "; there are \(names)")")
                    continue
                }
                values[name] = readValue(value, member.name, member.kind)
            }
        }
        for group in kind.least where !group.contains(where: { values[$0] != nil }) && errors.isEmpty {
            fail(line(node), "\(kind.type.name) needs \(group.joined(separator: " or "))")
        }
        guard let time else { return nil }
        let members = kind.members.compactMap { member in values[member.name].map { (name: member.name, value: $0) } }
        return Mapping.Event(kind: kind, conditions: conditions, timeColumn: time, members: members, limits: limits)
    }

    private mutating func readConditions(_ node: Node) -> [Mapping.Condition] {
        (node.sequence.map(Array.init) ?? [node]).compactMap { readCondition($0) }
    }

    private mutating func readCondition(_ node: Node) -> Mapping.Condition? {
        guard let fields = fields(node, "when", ["column", "present", "in"]), let column = required("column", fields, node).flatMap({ text($0) })
        else { return nil }
        switch (fields["present"], fields["in"]) {
        case (let present?, nil): return boolean(present, "present").map { Mapping.Condition(column: column, test: .present($0)) }
        case (nil, let among?):
            return Mapping.Condition(column: column, test: .among(Set(list(among, "in").compactMap { text($0) })))
        default: return fail(line(node), "when has a column and either present or in")
        }
    }

    private mutating func readLimit(_ node: Node) -> Mapping.Limit? {
        guard let fields = fields(node, "a limit", ["kind", "due", "within"]),
            let kind = required("kind", fields, node).flatMap({ choice($0, "kind", ["sign", "contact", "reply", "return"]) })
        else { return nil }
        switch (fields["due"], fields["within"]) {
        case (let due?, nil): return text(due).map { Mapping.Limit(kind: kind, length: .due(column: $0)) }
        case (nil, let within?):
            guard let text = text(within) else { return nil }
            guard Within(text) != nil else { return fail(line(within), "within: ‘\(text)’ isn't a limit such as 5wd, 24h, 30min, 60d") }
            return Mapping.Limit(kind: kind, length: .within(text))
        default: return fail(line(node), "a limit has either due (a column) or within")
        }
    }

    private mutating func readValue(_ node: Node, _ name: String, _ kind: ImportedEvent.Kind) -> Mapping.Value? {
        guard let fields = fields(node, name, ["value", "column", "before", "table", "slug", "default"]) else { return nil }
        if let constant = fields["value"] {
            guard fields.count == 1 else { return fail(line(node), "\(name): value stands alone") }
            guard let text = text(constant) else { return nil }
            check(text, kind, name, at: constant)
            return Mapping.Value(fallback: text)
        }
        guard let column = fields["column"].flatMap({ text($0) }) else { return fail(line(node), "\(name) needs a column or a value") }
        var value = Mapping.Value(column: column)
        value.before = fields["before"].flatMap { text($0) }
        if let slug = fields["slug"] { value.isSlug = boolean(slug, "slug") ?? false }
        if let fallback = fields["default"], let text = text(fallback) {
            check(text, kind, name, at: fallback)
            value.fallback = text
        }
        if let node = fields["table"], let table = text(node) {
            value.table = tables[table]
            if value.table == nil { fail(line(node), "\(name): there is no table ‘\(table)’") }
            for entry in (value.table ?? [:]).sorted(by: { $0.key < $1.key }) where !value.isSlug { check(entry.value, kind, name, at: node) }
        }
        return value
    }

    /// A value written in the mapping has to be one the member takes.
    private mutating func check(_ text: String, _ kind: ImportedEvent.Kind, _ name: String, at node: Node) {
        if let problem = Rows.problem(of: text, as: kind) { fail(line(node), "\(name): ‘\(text)’ \(problem)") }
    }

    // MARK: YAML

    @discardableResult
    private mutating func fail<Value>(_ line: Int, _ message: String) -> Value? {
        errors.append(MappingError(line: line, message: message))
        return nil
    }
    private mutating func fail(_ line: Int, _ message: String) { errors.append(MappingError(line: line, message: message)) }

    /// The members of a mapping; unknown keys are errors.
    private mutating func fields(_ node: Node, _ what: String, _ keys: [String]) -> [String: Node]? {
        guard let mapping = node.mapping else { return fail(line(node), "\(what) must be a mapping with \(keys.joined(separator: ", "))") }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else { continue }
            if keys.contains(name) {
                fields[name] = value
            } else {
                fail(line(key), "\(what) has no ‘\(name)’; there are \(keys.joined(separator: ", "))")
            }
        }
        return fields
    }

    private mutating func required(_ name: String, _ fields: [String: Node], _ parent: Node) -> Node? {
        fields[name] ?? fail(line(parent), "‘\(name)’ is missing")
    }

    private mutating func text(_ node: Node) -> String? {
        node.scalar?.string ?? fail(line(node), "a single value is expected here")
    }

    private mutating func boolean(_ node: Node, _ name: String) -> Bool? {
        switch node.scalar?.string {
        case "true": true
        case "false": false
        default: fail(line(node), "\(name) must be true or false")
        }
    }

    private mutating func choice(_ node: Node, _ name: String, _ words: [String]) -> String? {
        guard let text = text(node) else { return nil }
        guard words.contains(text) else { return fail(line(node), "\(name): ‘\(text)’ isn't one of \(words.joined(separator: ", "))") }
        return text
    }

    private mutating func list(_ node: Node, _ name: String) -> [Node] {
        guard let sequence = node.sequence else {
            fail(line(node), "\(name) must be a list")
            return []
        }
        return Array(sequence)
    }

    private func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }

    private static func firstLine(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "the key \(keys.map { "\($0)" }.joined(separator: ", ")) stands twice"
        default: "\(error)".split(separator: "\n").first.map(String.init) ?? ""
        }
    }
}

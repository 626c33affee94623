import EventModel

/// Reads one posted event in structured mode (api.md): the checks of form, which need nothing but the bytes.
public enum ClaimReader {
    /// Bytes of an event as posted, at most.
    public static let maxEventBytes = 262_144
    /// Bytes of the open members of `data`, as an entry holds them, at most.
    public static let maxOpenBytes = 32_768
    /// Names kept in `ignored`; further ones are not listed.
    public static let maxIgnored = 32

    private static let noData = (try? JSONDocument("{}"))!.root
    private static let attributes: Set<String> = [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data", "expectedrevision", "actingfor", "causationid",
        "correlationid", "traceparent", "tracestate",
    ]

    /// The claim, or the first check that failed: size · JSON · attributes · type · schema. O(bytes).
    public static func read(_ bytes: [UInt8]) -> Result<Claim, Refusal> {
        if bytes.count > maxEventBytes { return refuse(.eventTooLarge, "", [String(bytes.count), String(maxEventBytes)]) }
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes)
        } catch {
            return refuse(.malformedJSON, "", [error.code.rawValue, String(error.offset)])
        }
        return read(document)
    }

    private static func read(_ document: JSONDocument) -> Result<Claim, Refusal> {
        let root = document.root
        guard root.kind == .object else { return refuse(.notAnEvent, "") }
        if root["data_base64"] != nil { return refuse(.notAnEvent, "/data_base64") }
        for name in ["specversion", "id", "source", "type"] where root[name] == nil { return refuse(.attributeMissing, "/\(name)", [name]) }
        guard root["specversion"]?.string == "1.0" else { return malformed("specversion") }
        guard let id = root["id"]?.string, Syntax.isPrintable(id, limit: 128) else { return malformed("id") }
        guard let source = root["source"]?.string, Syntax.isPrintable(source, limit: 256) else { return malformed("source") }
        guard let typeName = root["type"]?.string else { return malformed("type") }
        if let content = root["datacontenttype"] {
            guard let content = content.string else { return malformed("datacontenttype") }
            guard isJSON(content) else { return refuse(.mediaTypeUnsupported, "/datacontenttype") }
        }
        guard let time = time(root["time"]) else { return malformed("time") }
        guard let revision = number(root["expectedrevision"]) else { return malformed("expectedrevision") }
        guard let subject = text(root["subject"], Syntax.isSerial) else { return malformed("subject") }
        guard let actingFor = text(root["actingfor"], { Syntax.isPrintable($0, limit: 128) }) else { return malformed("actingfor") }
        guard let causation = text(root["causationid"], { Syntax.isPrintable($0, limit: 128) }) else { return malformed("causationid") }
        guard let correlation = text(root["correlationid"], { Syntax.isPrintable($0, limit: 128) }) else { return malformed("correlationid") }
        if let data = root["data"], data.kind != .object { return refuse(.notAnEvent, "/data") }

        guard let type = EventType(name: typeName) else { return refuse(.typeUnknown, "/type") }
        if EventRegistry.isEngineOnly(type) { return refuse(.engineOnly, "/type", [type.name]) }
        guard let schema = EventRegistry.schema(of: type), schema.isPosted else { return refuse(.typeNotAvailable, "/type", [type.name]) }
        if schema.level == .system {
            if subject.value != nil { return refuse(.subjectNotExpected, "/subject", [type.name]) }
        } else if subject.value == nil, type != .appealReceived {
            return refuse(.subjectMissing, "/subject")
        }

        let data = root["data"] ?? noData
        let findings = SchemaReader.findings(in: data, schema)
        if let first = findings.first {
            return .failure(Refusal(first.code, at: first.pointer, [first.pointer], errors: findings))
        }
        let open = openBytes(data, schema)
        if open > maxOpenBytes { return refuse(.openMembersTooLarge, "/data", [String(open), String(maxOpenBytes)]) }

        return .success(
            Claim(
                id: id, source: source, type: type, subject: subject.value, time: time.value, expectedRevision: revision.value,
                actingFor: actingFor.value, causationID: causation.value, correlationID: correlation.value, ignored: ignored(root),
                document: document, data: data, schema: schema))
    }

    private static func refuse(_ code: RefusalCode, _ pointer: String, _ parameters: [String] = []) -> Result<Claim, Refusal> {
        .failure(Refusal(code, at: pointer, parameters))
    }

    private static func malformed(_ name: String) -> Result<Claim, Refusal> { refuse(.attributeMalformed, "/\(name)", [name]) }

    /// Something that may be absent: `nil` is only the malformed.
    private struct Found<Value> { var value: Value? }

    private static func text(_ value: JSONValue?, _ isRight: (String) -> Bool) -> Found<String>? {
        guard let value else { return Found(value: nil) }
        guard let text = value.string, isRight(text) else { return nil }
        return Found(value: text)
    }

    private static func time(_ value: JSONValue?) -> Found<EventTime>? {
        guard let value else { return Found(value: nil) }
        guard let time = EventTime(value) else { return nil }
        return Found(value: time)
    }

    private static func number(_ value: JSONValue?) -> Found<Int>? {
        guard let value else { return Found(value: nil) }
        // CloudEvents integers are 32 bits; bridges write them as strings.
        guard let number = value.integer ?? value.string.flatMap(decimal), (0...Int(Int32.max)).contains(number) else { return nil }
        return Found(value: number)
    }

    private static func decimal(_ text: String) -> Int? {
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func isJSON(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }
        return name.lowercased().filter { $0 != " " } == "application/json"
    }

    private static func openBytes(_ data: JSONValue, _ schema: EventSchema) -> Int {
        // What isn't sealed can't be longer than all of it.
        if data.text.count <= maxOpenBytes { return data.text.count }
        var writer = JSONWriter()
        SchemaWriter(part: .open).object(data, schema.members, into: &writer)
        return writer.bytes.count
    }

    private static func ignored(_ root: JSONValue) -> [String] {
        var names: [String] = []
        for (name, _) in root.members where !attributes.contains(name) {
            if names.count == maxIgnored { break }
            names.append(SchemaReader.escaped(name))
        }
        return names
    }
}

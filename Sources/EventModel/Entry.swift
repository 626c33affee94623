/// What the Applier writes in front of a fact's body. Together they are the entry: one line of JSON, a valid CloudEvents 1.0 event,
/// stored and hashed verbatim.
public struct EntryHead: Equatable, Sendable {
    public static let version = 1
    /// Bytes of an entry, at most (the limit of a C2SP entry bundle).
    public static let maxEntryBytes = 65_535

    public var position: Position
    public var revision: Revision
    /// Leaf hash of the stream's previous entry, 32 zero bytes at revision 1.
    public var previousLeaf: [UInt8]
    public var recordedAt: Instant
    /// Position of the commit's first entry, if it has several.
    public var commit: Position?

    public init(position: Position, revision: Revision, previousLeaf: [UInt8], recordedAt: Instant, commit: Position? = nil) {
        self.position = position
        self.revision = revision
        self.previousLeaf = previousLeaf
        self.recordedAt = recordedAt
        self.commit = commit
    }

    /// The whole entry: this head, a comma, the body.
    public func entry(body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192 + body.count)
        bytes.append(contentsOf: "{\"specversion\":\"1.0\",\"v\":1,\"position\":\"".utf8)
        bytes.append(contentsOf: String(position.rawValue).utf8)
        bytes.append(contentsOf: "\",\"revision\":".utf8)
        bytes.append(contentsOf: String(revision).utf8)
        bytes.append(contentsOf: ",\"prev\":\"".utf8)
        bytes.append(contentsOf: TextCoding.base64(previousLeaf).utf8)
        bytes.append(contentsOf: "\",\"recordedtime\":\"".utf8)
        bytes.append(contentsOf: RFC3339.utc(recordedAt).utf8)
        bytes.append(UInt8(ascii: "\""))
        if let commit {
            bytes.append(contentsOf: ",\"commit\":\"".utf8)
            bytes.append(contentsOf: String(commit.rawValue).utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: body)
        return bytes
    }
}

/// The members of a body before `data`, in their order.
public struct EntryEnvelope: Equatable, Sendable {
    public var id: String
    public var source: String
    public var type: String
    public var subject: String
    /// RFC 3339, as posted; where the post had none, the commit's clock with six digits.
    public var time: String
    /// `role/uid` of the peer.
    public var actor: String
    public var actingFor: String?
    public var causationID: String?
    public var correlationID: String?

    public init(
        id: String, source: String, type: String, subject: String, time: String, actor: String, actingFor: String? = nil,
        causationID: String? = nil, correlationID: String? = nil
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.actor = actor
        self.actingFor = actingFor
        self.causationID = causationID
        self.correlationID = correlationID
    }

    /// The body: this envelope, then `data` as the closure writes its members.
    public func body(data: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { entry in
            entry.member("id", id)
            entry.member("source", source)
            entry.member("type", type)
            entry.member("subject", subject)
            entry.member("time", time)
            entry.member("actor", actor)
            entry.member("actingfor", optional: actingFor)
            entry.member("causationid", optional: causationID)
            entry.member("correlationid", optional: correlationID)
            entry.member("data", object: data)
        }
        return Array(writer.bytes.dropFirst())
    }
}

/// An entry read back: the scanned line and the members every reader needs.
public struct Entry: Sendable {
    public let document: JSONDocument
    public var head: EntryHead
    public var envelope: EntryEnvelope
    public var data: JSONValue

    /// Throws `JSONScanError` if the bytes are no strict JSON; `nil` if they are no entry of this version.
    public init?(_ bytes: [UInt8]) throws(JSONScanError) {
        document = try JSONDocument(bytes)
        let root = document.root
        guard root["specversion"]?.string == "1.0", root["v"]?.integer == EntryHead.version,
            let position = root["position"]?.string.flatMap(Position.init(decimal:)),
            let revision = root["revision"]?.integer.flatMap(Revision.init(exactly:)),
            let previous = root["prev"]?.string.flatMap(TextCoding.bytes(base64:)), previous.count == 32,
            let recorded = root["recordedtime"]?.string.flatMap(RFC3339.parse),
            let id = root["id"]?.string, let source = root["source"]?.string, let type = root["type"]?.string, let subject = root["subject"]?.string,
            let time = root["time"]?.string, let actor = root["actor"]?.string, let data = root["data"], data.kind == .object
        else { return nil }
        head = EntryHead(
            position: position, revision: revision, previousLeaf: previous, recordedAt: recorded.instant,
            commit: root["commit"]?.string.flatMap(Position.init(decimal:)))
        envelope = EntryEnvelope(
            id: id, source: source, type: type, subject: subject, time: time, actor: actor, actingFor: root["actingfor"]?.string,
            causationID: root["causationid"]?.string, correlationID: root["correlationid"]?.string)
        self.data = data
    }

    public var occurredAt: Instant { RFC3339.parse(envelope.time)?.instant ?? head.recordedAt }

    /// The items of `data.sealed`.
    public var sealed: [SealedReference] { data["sealed"]?.items.compactMap { SealedReference($0) } ?? [] }
}

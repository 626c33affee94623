public import EventModel

/// 日志创建: the first entry of a log, so that a copied file can't pose as another.
public struct LogCreated: EventPayload {
    public var origin: String
    /// The checkpoint key as a C2SP verifier key.
    public var key: String
    public var format: Int

    public static let schema = EventSchema(
        .logCreated, .system, grants: [],
        [.decided("origin", .printable(256)), .decided("key", .printable(512)), .decided("format", .integer(1...65_535))])

    public init(origin: String, key: String, format: Int = 1) {
        self.origin = origin
        self.key = key
        self.format = format
    }

    public init?(_ data: JSONValue) {
        guard let origin = data["origin"]?.string, let key = data["key"]?.string, let format = data["format"]?.integer else { return nil }
        self.init(origin: origin, key: key, format: format)
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("origin", origin)
        data.member("key", key)
        data.member("format", format)
    }

    public var words: [FactWord] { [.number(UInt64(format))] }
}

/// 规则分卷: one part of a rulebook's text, as `RulebookPart.split` cuts it.
public struct RulebookPartRecorded: EventPayload {
    public var part: RulebookPart
    /// Among the parts of the adoption, from 1.
    public var index: Int
    public var of: Int

    public static let schema = EventSchema(
        .rulebookPart, .system, grants: [],
        [
            .decided("name", .printable(256)), .decided("index", .integer(1...65_535)), .decided("of", .integer(1...65_535)),
            .decided("text", .text(RulebookPart.maxTextBytes)),
        ])

    public init(part: RulebookPart, index: Int, of: Int) {
        self.part = part
        self.index = index
        self.of = of
    }

    public init?(_ data: JSONValue) {
        guard let name = data["name"]?.string, let index = data["index"]?.integer, let of = data["of"]?.integer, let text = data["text"]?.string
        else { return nil }
        self.init(part: RulebookPart(name: name, text: text), index: index, of: of)
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("name", part.name)
        data.member("index", index)
        data.member("of", of)
        data.member("text", part.text)
    }

    public var words: [FactWord] { [.number(UInt64(index & 0xFFFF) | UInt64(of & 0xFFFF) << 16 | UInt64(part.text.utf8.count) << 32)] }
}

/// 规则采用: the parts before it are the rules from here on.
public struct RulebookAdopted: EventPayload {
    public struct Part: Sendable, Equatable {
        public var name: String
        /// Of the file's whole text, in hex.
        public var sha256: String
        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }
    public var version: Int
    public var parts: [Part]

    public static let schema = EventSchema(
        .rulebookAdopted, .system, grants: [],
        [
            .decided("version", .integer(1...1_000_000)),
            .decided("parts", .array(.object([.decided("name", .printable(256)), .decided("sha256", .printable(64))]), count: 1...1_000)),
        ])

    public init(version: Int, parts: [Part]) {
        self.version = version
        self.parts = parts
    }

    public init?(_ data: JSONValue) {
        guard let version = data["version"]?.integer, let items = data["parts"]?.items else { return nil }
        self.version = version
        parts = items.compactMap { item in
            guard let name = item["name"]?.string, let hash = item["sha256"]?.string else { return nil }
            return Part(name: name, sha256: hash)
        }
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("version", version)
        data.member(
            "parts",
            array: { array in
                for part in parts {
                    array.object { item in
                        item.member("name", part.name)
                        item.member("sha256", part.sha256)
                    }
                }
            })
    }

    public var words: [FactWord] { [.number(UInt64(version)), .number(UInt64(parts.count))] }
}

/// 源时钟: how far an importer's source has come, or that it runs with the wall clock from now on (domain rule T8).
public struct ClockAdvanced: EventPayload {
    /// A source, or a prefix that ends in `/`.
    public var clockSource: String
    public var now: EventTime?

    public var isLive: Bool { now == nil }

    public static let schema = EventSchema(
        .clockAdvanced, .system, grants: [.backfill], leastOneOf: [["now", "live"]],
        [.least("source", .printable(256)), .open("now", .time), .open("live", .boolean)])

    public init?(_ data: JSONValue) {
        guard let source = data["source"]?.string else { return nil }
        clockSource = source
        now = EventTime(data["now"])
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("source", clockSource)
        if let now { data.member("now", now.text) } else { data.member("live", true) }
    }

    public var words: [FactWord] { [.number(isLive ? 1 : 0), .instant(now?.instant), .names(clockSource, nil)] }

    /// Whether the clock is that of a source.
    public func covers(source: String) -> Bool { Self.clock(of: clockSource, covers: source) }

    /// `/baltimore/` covers `/baltimore/311`; `/baltimore` covers only itself.
    public static func clock(of prefix: String, covers source: String) -> Bool {
        prefix == source || (prefix.utf8.last == UInt8(ascii: "/") && source.utf8.starts(with: prefix.utf8))
    }
}

public import EventModel
public import Workflow

/// What `GET /v1/feed` asks.
public struct FeedQuery: Equatable, Sendable {
    public var stage: PublicStage?
    public var cursor: String?
    /// 1…500
    public var limit: Int

    public init(stage: PublicStage? = nil, cursor: String? = nil, limit: Int = 50) {
        self.stage = stage
        self.cursor = cursor
        self.limit = limit
    }

    /// Reads the parameters of a request: `stage cursor limit`.
    public init(parameters: [String: String]) throws(QueryError) {
        self.init()
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "cursor": cursor = value
            case "stage":
                guard let read = PublicStage(name: value) else { throw .badParameter(name, PublicStage.allCases.map(\.name).joined(separator: ", ")) }
                stage = read
            case "limit":
                guard let read = Int(value), (1...500).contains(read) else { throw .badLimit }
                limit = read
            default: throw .badParameter(name, "unknown parameter")
            }
        }
    }
}

/// A page of the feed, newest first.
public struct FeedPage: Equatable, Sendable {
    public var items: [PublicItem]
    public var next: String?
    public var position: Position
}

extension PublicFeed {
    /// A page of public items under a policy, newest first by the event that made each version; every item is there once, with its last version.
    ///
    /// An item that gets a new version while one pages on moves to the front and isn't shown again further back. Throws `.foreignCursor`,
    /// `.badLimit`. O(limit + versions passed over).
    public func page(_ query: FeedQuery, policy: PublicityPolicy) throws(QueryError) -> FeedPage {
        guard (1...500).contains(query.limit) else { throw .badLimit }
        let fingerprint = ListCursor.fingerprint(["feed/1", query.stage?.name ?? "", policy.mode.rawValue])
        var before = UInt64.max
        if let text = query.cursor {
            guard let cursor = ListCursor(text), cursor.fingerprint == fingerprint, cursor.key > 0 else { throw .foreignCursor }
            before = UInt64(cursor.key)
        }
        return lock.read {
            let order = policy.mode == .facts ? rows.factsOrder : rows.reviewedOrder
            var items: [PublicItem] = []
            var next: String?
            var index = Self.place(of: before, in: order) - 1
            while index >= 0 {
                if let item = item(order[index], policy.mode), query.stage == nil || item.stage == query.stage {
                    if items.count == query.limit {
                        next = ListCursor(fingerprint: fingerprint, key: Int64(items[items.count - 1].position.rawValue), row: 0).text
                        break
                    }
                    items.append(item)
                }
                index -= 1
            }
            return FeedPage(items: items, next: next, position: rows.applied)
        }
    }

    /// The public items of one case, by stage: what the portal shows under a public id. O(1).
    public func items(of stream: StreamNumber, policy: PublicityPolicy) -> [PublicItem] {
        lock.read {
            guard stream.isCase, Int(stream.rawValue - StreamNumber.firstCase.rawValue) < rows.cases.count else { return [] }
            let first = Int(stream.rawValue - StreamNumber.firstCase.rawValue) * 3
            return (first..<first + 3).compactMap { index in
                let stamp = policy.mode == .facts ? rows.items[index].facts : rows.items[index].reviewed
                return item(FeedRows.Entry(position: stamp.position, item: index), policy.mode)
            }
        }
    }

    /// The page as JSON: `{"items":[…],"next":"…"}`. `publicId` gives the public id of a case; items without one are left out.
    public func json(_ page: FeedPage, rulebook: Rulebook, names: (NameID) -> String?, publicId: (StreamNumber) throws -> String?) rethrows -> [UInt8]
    {
        var writer = JSONWriter()
        try writer.object { root in
            try root.member(
                "items",
                array: { list in
                    for item in page.items {
                        if let id = try publicId(item.stream) { item.write(to: &list, publicId: id, zone: rulebook.zone, names: names) }
                    }
                })
            root.member("next", optional: page.next)
        }
        return writer.bytes
    }

    /// The item an entry stands for; `nil` if it is superseded, or of a class of which nothing is shown.
    private func item(_ entry: FeedRows.Entry, _ mode: PublicityPolicy.Mode) -> PublicItem? {
        let stamp = mode == .facts ? rows.items[entry.item].facts : rows.items[entry.item].reviewed
        guard stamp.state != 0, stamp.position == entry.position, let stage = PublicStage(rawValue: UInt8(entry.item % 3 + 1)) else { return nil }
        let row = rows.cases[entry.item / 3]
        guard row.flags & FeedCase.whistleblower == 0 else { return nil }
        var content = PublicItem.Content.open
        switch rows.publicClass(entry.item / 3, stage) {
        case .stateSecret, .whistleblower: return nil
        case .privacy: content = .withheld(basis: "privacy")
        case .tradeSecret: content = .withheld(basis: "trade-secret")
        case .unset: if row.codes.appellantKind == 2 { content = .withheld(basis: "trade-secret") }
        case .open: break
        }
        if stamp.state == FeedStamp.withdrawn { content = .withdrawn }
        let score = row.handling != 0 ? row.handling : row.reply
        return PublicItem(
            stream: StreamNumber(caseIndex: entry.item / 3), stage: stage, version: Int(stamp.version), position: Position(stamp.position),
            publishedAt: Instant(microseconds: stamp.at), content: content, isExternal: row.codes.group == 1, nature: row.codes.nature,
            category: row.codes.category, district: row.codes.district, unit: stamp.unit, receivedAt: Instant(microseconds: row.receivedAt),
            due: stamp.due == .none ? nil : Instant(microseconds: stamp.due),
            repliedAt: stamp.repliedAt == .none ? nil : Instant(microseconds: stamp.repliedAt), status: FeedRows.statusWords[Int(stamp.status)],
            score: stage == .result && score != 0 ? Int(score) : nil)
    }

    /// Number of the first entry at or after a position.
    private static func place(of position: UInt64, in order: [FeedRows.Entry]) -> Int {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if order[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension PublicItem {
    /// As one object of the feed; a stub has neither codes nor words.
    public func write(to writer: inout JSONWriter, publicId: String, zone: Zone, names: (NameID) -> String?) {
        writer.object { item in
            item.member("publicId", publicId)
            item.member("stage", stage.name)
            item.member("version", version)
            item.member("publishedAt", zone.text(publishedAt))
            switch content {
            case .withdrawn: item.member("withdrawn", true)
            case .withheld(let basis): item.member("withheld", basis)
            case .open:
                item.member("group", isExternal ? "external" : "core")
                item.member("nature", optional: names(nature))
                item.member("category", optional: names(category))
                item.member("district", optional: names(district))
                item.member("unit", optional: names(unit))
                item.member("receivedDay", zone.day(of: receivedAt).description)
                item.member("dueDay", optional: due.map { zone.day(of: Instant(microseconds: $0.microseconds - 1)).description })
                item.member("repliedDay", optional: repliedAt.map { zone.day(of: $0).description })
                item.member("status", status)
                item.member("rating", optional: ratingWord)
            }
        }
    }
}

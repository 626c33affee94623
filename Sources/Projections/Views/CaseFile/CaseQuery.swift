public import EventModel
public import Workflow

/// What a work queue asks for (`GET /v1/cases`). All conditions given must hold.
public struct CaseQuery: Equatable, Sendable {
    public enum Sort: String, CaseIterable, Sendable {
        /// Last received first.
        case newest = "-received"
        /// First received first.
        case oldest = "received"
        /// The next reply due first; cases with none are left out.
        case due = "due"
    }

    /// Cases led by this unit or one below it, or in hand at one of them (co-units too).
    public var unit: String?
    public var mailbox: String?
    public var status: CaseStatus?
    /// Next reply due (exclusive end) at or before this instant.
    public var dueBefore: Instant?
    public var overdue: Bool?
    /// This category or one below it (`transport` has `transport.bus`).
    public var category: String?
    public var sort: Sort
    public var cursor: String?
    /// 1…500
    public var limit: Int
    /// Cases of the whistle-blower class are left out unless set.
    public var includesWhistleblower: Bool

    public init(
        unit: String? = nil, mailbox: String? = nil, status: CaseStatus? = nil, dueBefore: Instant? = nil, overdue: Bool? = nil,
        category: String? = nil, sort: Sort = .newest, cursor: String? = nil, limit: Int = 50, includesWhistleblower: Bool = false
    ) {
        self.unit = unit
        self.mailbox = mailbox
        self.status = status
        self.dueBefore = dueBefore
        self.overdue = overdue
        self.category = category
        self.sort = sort
        self.cursor = cursor
        self.limit = limit
        self.includesWhistleblower = includesWhistleblower
    }

    /// Reads the parameters of a request: `unit mailbox status dueBefore overdue category sort cursor limit`. `dueBefore` is an RFC 3339 time or a
    /// date, then its end. Throws `.badParameter` for any other name or value.
    public init(parameters: [String: String], zone: Zone) throws(QueryError) {
        self.init()
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "unit": unit = value
            case "mailbox": mailbox = value
            case "category": category = value
            case "cursor": cursor = value
            case "status":
                guard let read = CaseStatus(name: value) else { throw .badParameter(name, CaseStatus.allCases.map(\.name).joined(separator: ", ")) }
                status = read
            case "dueBefore":
                if let day = Day(value) {
                    dueBefore = zone.start(of: day.adding(days: 1))
                } else if let time = RFC3339.parse(value) {
                    dueBefore = time.instant
                } else {
                    throw .badParameter(name, "yyyy-mm-dd or an RFC 3339 time")
                }
            case "overdue":
                guard value == "true" || value == "false" else { throw .badParameter(name, "true or false") }
                overdue = value == "true"
            case "sort":
                guard let read = Sort(rawValue: value) else { throw .badParameter(name, Sort.allCases.map(\.rawValue).joined(separator: ", ")) }
                sort = read
            case "limit":
                guard let read = Int(value), (1...500).contains(read) else { throw .badLimit }
                limit = read
            default: throw .badParameter(name, "unknown parameter")
            }
        }
    }

    /// Of everything but cursor and limit: a cursor of another query is refused.
    var fingerprint: UInt64 {
        ListCursor.fingerprint([
            "cases/1", unit ?? "", mailbox ?? "", status?.name ?? "", dueBefore.map { String($0.microseconds) } ?? "", overdue.map(String.init) ?? "",
            category ?? "", sort.rawValue, String(includesWhistleblower),
        ])
    }
}

/// A page of a work queue.
public struct CasePage: Equatable, Sendable {
    public var items: [CaseSummary]
    /// For the next page; `nil` at the end.
    public var next: String?
    /// What the page reflects.
    public var position: Position
}

extension CaseFile {
    /// A page of the cases that match, in the query's order.
    ///
    /// `allowed` is the caller's own right to see a case; what it refuses is absent. Throws `.foreignCursor`, `.badLimit`. A case keeps its place
    /// while the list moves: the next page starts after the last sort key. O(cases).
    public func page(
        _ query: CaseQuery, rulebook: Rulebook, names: @escaping (NameID) -> String?, where allowed: (CaseSummary) -> Bool = { _ in true }
    ) throws(QueryError) -> CasePage {
        guard (1...500).contains(query.limit) else { throw .badLimit }
        var after: ListCursor?
        if let text = query.cursor {
            guard let cursor = ListCursor(text), cursor.fingerprint == query.fingerprint else { throw .foreignCursor }
            after = cursor
        }
        return lock.read {
            var filter = CaseFilter(query, rulebook: rulebook, names: names)
            var best = BoundedSelection(limit: query.limit + 1)
            let cases = rows.cases.rows
            // Later rows are mostly received later: from the end that is wanted, the first page is full at once.
            for place in 0..<cases.count {
                let index = query.sort == .newest ? cases.count - 1 - place : place
                let row = cases[index]
                let key = Self.sortKey(row, query.sort)
                guard let entry = key.map({ BoundedSelection.Place(key: $0, row: UInt64(index)) }) else { continue }
                if let after, !(BoundedSelection.Place(key: after.key, row: after.row) < entry) { continue }
                guard best.wants(entry), filter.matches(row, rows.assignments), allowed(CaseSummary(row, index: index)) else { continue }
                best.add(entry)
            }
            let places = best.sorted
            let shown = places.prefix(query.limit)
            var next: String?
            if places.count > query.limit, let last = shown.last {
                next = ListCursor(fingerprint: query.fingerprint, key: last.key, row: last.row).text
            }
            return CasePage(
                items: shown.map { CaseSummary(rows.cases[Int($0.row)], index: Int($0.row)) }, next: next, position: rows.applied)
        }
    }

    /// The page as JSON: `{"items":[…],"next":"…"}`. `serial` gives the case's serial number.
    public func json(_ page: CasePage, rulebook: Rulebook, names: (NameID) -> String?, serial: (StreamNumber) throws -> String?) rethrows -> [UInt8] {
        var writer = JSONWriter()
        try writer.object { root in
            try root.member(
                "items",
                array: { list in
                    for item in page.items { try item.write(to: &list, zone: rulebook.zone, names: names, serial: serial) }
                })
            root.member("next", optional: page.next)
        }
        return writer.bytes
    }

    private static func sortKey(_ row: CaseFileRow, _ sort: CaseQuery.Sort) -> Int64? {
        switch sort {
        case .newest: -row.receivedAt
        case .oldest: row.receivedAt
        case .due: row.nextDue == .none ? nil : row.nextDue
        }
    }
}

extension CaseSummary {
    /// As one object of a list.
    public func write(
        to writer: inout JSONWriter, zone: Zone, names: (NameID) -> String?, serial: (StreamNumber) throws -> String?
    ) rethrows {
        let serialText = try serial(stream)
        let parentText = try mergedInto.flatMap { try serial($0) }
        writer.object { item in
            item.member("case", optional: serialText)
            item.member("status", status.name)
            item.member("result", optional: resultName)
            item.member("round", round)
            item.member("channel", optional: names(channel))
            item.member("group", isExternal ? "external" : "core")
            item.member("mailbox", optional: names(mailbox))
            item.member("nature", optional: names(nature))
            item.member("category", optional: names(category))
            item.member("district", optional: names(district))
            item.member("unit", optional: names(leadUnit))
            item.member("accessClass", isWhistleblower ? "whistleblower" : "normal")
            item.member("receivedAt", zone.text(receivedAt))
            item.member("acceptedAt", optional: acceptedAt.map { zone.text($0) })
            item.member("closedAt", optional: closedAt.map { zone.text($0) })
            if let nextDue {
                item.member("dueDay", zone.day(of: Instant(microseconds: nextDue.microseconds - 1)).description)
                item.member("due", zone.text(nextDue))
            }
            item.member("overdue", isOverdue)
            item.member("mergedInto", optional: parentText)
            item.member("archived", optional: isArchived ? true : nil)
            item.member("revision", Int(revision))
            item.member("position", lastPosition.rawValue)
        }
    }
}

/// The conditions of a query on name ids, each name looked at once.
private struct CaseFilter {
    private let query: CaseQuery
    private let rulebook: Rulebook
    private let names: (NameID) -> String?
    private var units: [NameID: Bool] = [:]
    private var mailboxes: [NameID: Bool] = [:]
    private var categories: [NameID: Bool] = [:]

    init(_ query: CaseQuery, rulebook: Rulebook, names: @escaping (NameID) -> String?) {
        self.query = query
        self.rulebook = rulebook
        self.names = names
    }

    mutating func matches(_ row: CaseFileRow, _ assignments: AssignmentBook) -> Bool {
        if row.codes.accessClass == 1, !query.includesWhistleblower { return false }
        if let status = query.status, row.status != status.rawValue { return false }
        if let overdue = query.overdue, (row.flags & CaseFileRow.overdue != 0) != overdue { return false }
        if let before = query.dueBefore, row.nextDue == .none || row.nextDue > before.microseconds { return false }
        if let mailbox = query.mailbox, !isMailbox(row.codes.mailbox, mailbox) { return false }
        if let category = query.category, !isCategory(row.codes.category, category) { return false }
        guard let unit = query.unit else { return true }
        if isUnit(row.leadUnit, unit) { return true }
        var index = row.lastAssignment
        while index >= 0 {
            let assignment = assignments[Int(index)]
            if assignment.isLive, isUnit(assignment.unit, unit) { return true }
            index = assignment.previous
        }
        return false
    }

    private mutating func isUnit(_ id: NameID, _ wanted: String) -> Bool {
        if let known = units[id] { return known }
        let result = names(id).map { $0 == wanted || rulebook.units.isWithin($0, wanted) } ?? false
        units[id] = result
        return result
    }
    private mutating func isMailbox(_ id: NameID, _ wanted: String) -> Bool {
        if let known = mailboxes[id] { return known }
        let result = names(id) == wanted
        mailboxes[id] = result
        return result
    }
    private mutating func isCategory(_ id: NameID, _ wanted: String) -> Bool {
        if let known = categories[id] { return known }
        let result = names(id).map { $0 == wanted || $0.hasPrefix(wanted + ".") } ?? false
        categories[id] = result
        return result
    }
}

/// The least `limit` places of a stream of them. O(log limit) for one that stays, O(1) for one that doesn't.
struct BoundedSelection {
    struct Place: Comparable {
        var key: Int64
        var row: UInt64
        static func < (left: Place, right: Place) -> Bool { left.key != right.key ? left.key < right.key : left.row < right.row }
    }

    private let limit: Int
    /// A heap with the greatest place first.
    private var heap: [Place] = []

    init(limit: Int) { self.limit = limit }

    func wants(_ place: Place) -> Bool { heap.count < limit || place < heap[0] }

    mutating func add(_ place: Place) {
        if heap.count < limit {
            heap.append(place)
            var child = heap.count - 1
            while child > 0, heap[(child - 1) / 2] < heap[child] {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
            return
        }
        heap[0] = place
        var parent = 0
        while true {
            var greatest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[greatest] < heap[child] { greatest = child }
            if greatest == parent { return }
            heap.swapAt(parent, greatest)
            parent = greatest
        }
    }

    var sorted: [Place] { heap.sorted() }
}

import EventModel
import Testing

@testable import Workflow

@Suite struct EventReferenceTests {
    @Test func pageIsMadeFromTheTables() throws { try ReferenceFile.expect("events.md", is: Self.page()) }

    @Test func everyTypeHasOneTable() {
        let types = EventRegistry.schemas.map { $0.type }
        #expect(Set(types).count == types.count)
        #expect(types == types.sorted { $0.rawValue < $1.rawValue })
    }

    /// What is posted in clear is a code, a number or a time: text is always sealed.
    @Test func noFreeTextIsOpen() {
        func check(_ members: [SchemaMember], _ place: String) {
            for member in members where member.mark == .claim {
                switch member.kind {
                case .text: Issue.record("\(place).\(member.name) is free text in clear")
                case .object(let inner): check(inner, "\(place).\(member.name)")
                case .array(.object(let inner), _): check(inner, "\(place).\(member.name)")
                case .array(.text, _): Issue.record("\(place).\(member.name) is free text in clear")
                default: continue
                }
            }
        }
        for schema in EventRegistry.schemas { check(schema.members, schema.type.name) }
    }

    static func page() -> String {
        var page = """
            # Events (事件)

            Every type this version takes or makes, from the tables in `Sources/Workflow/Events`; a test holds this page against them (`APPEAL_RECORD=1` writes it anew).
            Level: C the case, A an assignment of it, S the system. Marks: *open* posted and kept in the entry · *sealed* posted, encrypted beside the log under the key
            of its scope · *decided* (†) set by the engine, refused when posted. **Bold**: the least to send. *Filled*: left out, the engine writes what it took.
            *Counted*: the entry keeps the length of the sealed list under the same name. Members of `data` stand in an entry in the order of the tables, the decided
            ones last, then `sealed`. Unknown members are refused. JSON Schemas of what is posted: `events/<type>.schema.json`. `outOfOrder` † is on every event that is earlier than another of its case.

            | No. | Type | 中文 | Level | Grant |
            |---|---|---|---|---|

            """
        for schema in EventRegistry.schemas {
            page +=
                "| \(schema.type.rawValue) | `\(schema.type.name)` | \(schema.type.chineseName) | \(schema.level.rawValue) | \(grants(schema)) |\n"
        }
        for schema in EventRegistry.schemas {
            page += "\n## \(schema.type.name) \(schema.type.chineseName)\n\nGrant: \(grants(schema))."
            for group in schema.leastOneOf { page += " At least one of \(group.map { "`\($0)`" }.joined(separator: ", "))." }
            for condition in schema.requiredWhen { page += " `\(condition.member)` is required when `\(condition.when)` is `\(condition.equals)`." }
            page += "\n"
            let rows = rows(schema.members.filter { $0.name != "outOfOrder" }, "")
            page += rows.isEmpty ? "\nNo members.\n" : "\n| Member | Value | Mark |\n|---|---|---|\n" + rows
        }
        return page
    }

    private static func grants(_ schema: EventSchema) -> String {
        schema.grants.isEmpty ? "none: the engine's own" : schema.grants.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }

    private static func rows(_ members: [SchemaMember], _ prefix: String, sealed: Scope? = nil) -> String {
        var text = ""
        for member in members {
            let name = "`\(prefix)\(member.name)`"
            text +=
                "| \(member.isRequired ? "**\(name)**" : name)\(member.mark == .decided ? " †" : "") | \(member.kind.description) | \(mark(member, sealed)) |\n"
            var scope = sealed
            if case .sealed(let own) = member.mark { scope = own }
            switch member.kind {
            case .object(let inner): text += rows(inner, "\(prefix)\(member.name).", sealed: scope)
            case .array(.object(let inner), _): text += rows(inner, "\(prefix)\(member.name)[].", sealed: scope)
            default: continue
            }
        }
        return text
    }

    private static func mark(_ member: SchemaMember, _ sealed: Scope?) -> String {
        var words: [String] = []
        switch member.mark {
        case .claim: words.append(sealed.map { "sealed (\($0.name))" } ?? "open")
        case .sealed(let scope): words.append("sealed (\(scope.name))")
        case .decided: words.append("decided")
        }
        if member.isFilled { words.append("filled") }
        if member.isCounted { words.append("counted") }
        return words.joined(separator: ", ")
    }
}

import EventModel
import Foundation
import Testing

@testable import Workflow

/// JSON Schemas (draft 2020-12) of `data` of every type that is posted, made from the tables.
@Suite struct EventSchemaFileTests {
    private static var posted: [EventSchema] { EventRegistry.schemas.filter { $0.isPosted } }

    @Test(arguments: posted.map { $0.type })
    func fileIsMadeFromTheTable(type: EventType) throws {
        let schema = try #require(EventRegistry.schema(of: type))
        try ReferenceFile.expect("events/\(type.name).schema.json", is: try Self.text(schema))
    }

    /// One file a posted type, one section a type of the registry on the page, and nothing left of types that are gone.
    @Test func sets() throws {
        let folder = ReferenceFile.folder.appending(path: "events")
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        #expect(files == Set(Self.posted.map { "\($0.type.name).schema.json" }))
        let page = try String(contentsOf: ReferenceFile.folder.appending(path: "events.md"), encoding: .utf8)
        let sections = page.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3).prefix { $0 != " " }) }
        #expect(sections == EventRegistry.schemas.map { $0.type.name })
        let refusals = try String(contentsOf: ReferenceFile.folder.appending(path: "refusals.md"), encoding: .utf8)
        for code in RefusalCode.allCases { #expect(refusals.contains("| \(code.number) | `\(code.rawValue)` |")) }
    }

    // MARK: The schema of a table

    static func text(_ schema: EventSchema) throws -> String {
        var root = object(schema.members.filter { $0.mark != .decided })
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        root["title"] = "\(schema.type.name) \(schema.type.chineseName)"
        root["description"] = "data as posted; grant \(schema.grants.map { $0.rawValue }.joined(separator: ", "))"
        var conditions: [[String: Any]] = schema.leastOneOf.map { group in ["anyOf": group.map { ["required": [$0]] }] }
        for condition in schema.requiredWhen {
            conditions.append([
                "if": ["properties": [condition.when: ["const": condition.equals]], "required": [condition.when]],
                "then": ["required": [condition.member]],
            ])
        }
        if !conditions.isEmpty { root["allOf"] = conditions }
        let data = try JSONSerialization.data(withJSONObject: root, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func object(_ members: [SchemaMember]) -> [String: Any] {
        var result: [String: Any] = [
            "type": "object", "additionalProperties": false,
            "properties": Dictionary(uniqueKeysWithValues: members.map { ($0.name, described($0)) }),
        ]
        let required = members.filter { $0.isRequired }.map { $0.name }
        if !required.isEmpty { result["required"] = required }
        return result
    }

    private static func described(_ member: SchemaMember) -> [String: Any] {
        var result = value(member.kind)
        switch member.mark {
        case .sealed(let scope): result["x-sealed"] = scope.name
        case .claim: if member.isFilled { result["x-filled"] = true }
        case .decided: break
        }
        return result
    }

    private static func string(_ pattern: String? = nil, limit: Int? = nil) -> [String: Any] {
        var result: [String: Any] = ["type": "string"]
        if let pattern { result["pattern"] = pattern }
        if let limit { result["maxLength"] = limit }
        return result
    }

    private static func value(_ kind: MemberKind) -> [String: Any] {
        switch kind {
        case .code, .unit, .mailbox, .leader: return string(#"^[A-Za-z0-9._:\-\u3400-\u4DBF\u4E00-\u9FFF]+$"#, limit: 64)
        case .list(let list):
            var result = value(.code)
            result["x-codes"] = list.rawValue
            return result
        case .profile: return string(#"^[^@]+(@[0-9]{1,6})?$"#, limit: 71)
        case .choice(let words): return ["enum": words]
        case .boolean: return ["type": "boolean"]
        case .integer(let range): return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .day: return string("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        case .time: return ["type": "string", "format": "date-time"]
        case .within: return string("^[0-9]{1,4}(min|h|wd|d)$")
        case .serial: return string("^[A-Za-z0-9._-]+$", limit: 64)
        case .printable(let limit): return string("^[!-~]+$", limit: limit)
        // Limits are bytes of UTF-8; characters can't be more.
        case .text(let limit): return ["type": "string", "minLength": 1, "maxLength": limit, "x-maxBytes": limit]
        case .uscc: return string("^[0-9A-HJ-NPQRTUWXY]{18}$")
        case .array(let item, let count):
            return ["type": "array", "items": value(item), "minItems": count.lowerBound, "maxItems": count.upperBound]
        case .object(let members): return object(members)
        case .corrections:
            let items: [[String: Any]] = Correction.members.map { member in
                [
                    "type": "object", "additionalProperties": false, "required": ["member", "value"],
                    "properties": ["member": ["const": member.name], "value": described(member)],
                ]
            }
            return ["type": "array", "items": ["oneOf": items], "minItems": 1, "maxItems": Correction.maxCount]
        }
    }
}

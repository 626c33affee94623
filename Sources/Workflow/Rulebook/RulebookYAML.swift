internal import Yams

/// A node of a rulebook file together with where it stands.
struct RulebookNode {
    let node: Node
    let part: String
    /// Line of the key it belongs to, or of itself in a list.
    let line: Int

    /// `nil` if it isn't a scalar.
    var scalar: String? { node.scalar?.string }
    var isMapping: Bool { node.mapping != nil }
    var isList: Bool { node.sequence != nil }
    /// Nothing was written behind the key.
    var isEmpty: Bool { node.scalar.map { $0.string.isEmpty && $0.style != .singleQuoted && $0.style != .doubleQuoted } ?? false }
}

/// Reads nodes as the types they should have and notes a finding where they haven't.
///
/// All scalars are taken as the text that stands there (no YAML 1.1 guessing): `0101` is a day, `510104` a code, `no` a word.
struct RulebookYAML {
    var findings: [Finding] = []

    typealias Member = (key: String, value: RulebookNode)

    /// The members of a file's top mapping; `[]` after a syntax error or for an empty file.
    mutating func members(ofFile text: String, part: String) -> [Member] {
        do {
            guard let node = try Yams.compose(yaml: text, .basic) else { return [] }
            return members(RulebookNode(node: node, part: part, line: node.mark?.line ?? 1), what: "a rulebook file")
        } catch {
            report(error, part: part)
            return []
        }
    }

    /// Keys and values of a mapping in their order; an empty value is an empty mapping.
    mutating func members(_ value: RulebookNode, what: String) -> [Member] {
        if value.isEmpty { return [] }
        guard let mapping = value.node.mapping else {
            wrongType(value, what: what, wanted: "a mapping (key: value)")
            return []
        }
        var members: [Member] = []
        for (key, child) in mapping {
            let line = key.mark?.line ?? value.line
            guard let name = key.scalar?.string else {
                note(.wrongType, RulebookNode(node: key, part: value.part, line: line), "A key of \(what) has to be a word.")
                continue
            }
            members.append((name, RulebookNode(node: child, part: value.part, line: line)))
        }
        return members
    }

    /// The members of a mapping with a fixed set of keys, by key.
    mutating func fields(_ value: RulebookNode, what: String, keys: [String]) -> [String: RulebookNode] {
        var fields: [String: RulebookNode] = [:]
        for (key, child) in members(value, what: what) {
            if keys.contains(key) {
                fields[key] = child
            } else {
                unknownKey(key, child, what: what, keys: keys)
            }
        }
        return fields
    }

    mutating func text(_ value: RulebookNode, what: String) -> String? {
        guard let text = value.scalar, !text.isEmpty else {
            wrongType(value, what: what, wanted: "a word or text")
            return nil
        }
        return text
    }

    mutating func list(_ value: RulebookNode, what: String) -> [RulebookNode] {
        if value.isEmpty { return [] }
        guard let sequence = value.node.sequence else {
            wrongType(value, what: what, wanted: "a list ([a, b] or lines with -)")
            return []
        }
        return sequence.map { RulebookNode(node: $0, part: value.part, line: $0.mark?.line ?? value.line) }
    }

    mutating func integer(_ value: RulebookNode, what: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(value, what: what) else { return nil }
        guard let number = Int(text) else {
            wrongType(value, what: what, wanted: "a whole number")
            return nil
        }
        guard range.contains(number) else {
            note(.badValue, value, "\(number) as \(what) is out of range; write \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return number
    }

    mutating func choice(_ value: RulebookNode, what: String, of choices: [String]) -> String? {
        guard let text = text(value, what: what) else { return nil }
        guard choices.contains(text) else {
            note(.badValue, value, "“\(text)” can't be \(what); write one of \(choices.joined(separator: ", ")).")
            return nil
        }
        return text
    }

    /// A code, `[A-Za-z0-9._-]`, 1 to `limit` characters.
    mutating func code(_ value: RulebookNode, what: String, limit: Int = 64) -> String? {
        guard let text = text(value, what: what) else { return nil }
        return isCode(text, value, what: what, limit: limit) ? text : nil
    }

    mutating func isCode(_ text: String, _ place: RulebookNode, what: String, limit: Int = 64) -> Bool {
        let count = text.utf8.count
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if allowed, (1...limit).contains(count) { return true }
        note(.badCode, place, "“\(text)” as \(what) isn't a code; use 1 to \(limit) of the characters A-Z a-z 0-9 . _ -")
        return false
    }

    mutating func within(_ value: RulebookNode, what: String) -> Within? {
        guard let text = text(value, what: what) else { return nil }
        guard let within = Within(text) else {
            note(.badWithin, value, "“\(text)” as \(what) isn't a length of time; write 1 to 9999 and min, h, wd or d, such as 5wd.")
            return nil
        }
        return within
    }

    /// `[中文, English]`, or one text for both.
    mutating func label(_ value: RulebookNode, what: String) -> Label? {
        if let text = value.scalar, !text.isEmpty { return Label(zh: text, en: text) }
        if let texts = value.node.sequence?.map({ $0.scalar?.string ?? "" }), texts.count == 2, !texts.contains("") {
            return Label(zh: texts[0], en: texts[1])
        }
        wrongType(value, what: what, wanted: "a label: [中文, English], or one text for both")
        return nil
    }

    // MARK: Findings

    mutating func note(_ code: FindingCode, _ place: RulebookNode, severity: Finding.Severity = .error, _ message: String) {
        note(code, part: place.part, line: place.line, severity: severity, message)
    }

    mutating func note(_ code: FindingCode, part: String, line: Int, severity: Finding.Severity = .error, _ message: String) {
        findings.append(Finding(severity: severity, part: part, line: line, code: code, message: message))
    }

    mutating func unknownKey(_ key: String, _ value: RulebookNode, what: String, keys: [String]) {
        note(.unknownKey, value, "“\(key)” is no key of \(what); the keys are \(keys.joined(separator: ", ")).")
    }

    private mutating func wrongType(_ value: RulebookNode, what: String, wanted: String) {
        let found = value.isEmpty ? "nothing" : value.isMapping ? "a mapping" : value.isList ? "a list" : "a single value"
        note(.wrongType, value, "There is \(found) as \(what); write \(wanted).")
    }

    private mutating func report(_ error: any Error, part: String) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            note(.badYAML, part: part, line: mark.line, "This isn't YAML: \(problem). Check indentation, colons, brackets and quotes here.")
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.joined(separator: ", ")
            note(
                .duplicate, part: part, line: context.mark.line, "In the same mapping more than once: \(names). Remove or rename all but one of each."
            )
        case YamlError.reader(let problem, _, _, _):
            note(.badYAML, part: part, line: 1, "The file can't be read as text: \(problem). Save it as UTF-8 without control characters.")
        default:
            note(.badYAML, part: part, line: 1, "This isn't YAML: \(error).")
        }
    }
}

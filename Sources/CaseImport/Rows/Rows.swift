/// Rules for single values.
enum Rows {
    /// What is wrong with a value for a member; `nil` if nothing is. Texts that are too long are cut, so they aren't wrong.
    static func problem(of text: String, as kind: ImportedEvent.Kind) -> String? {
        switch kind {
        case .text, .listed: nil
        case .code: isCode(text) ? nil : "isn't a code: 1 to 64 letters, digits and . _ - :"
        case .choice(let words): words.contains(text) ? nil : "isn't one of \(words.joined(separator: ", "))"
        case .boolean: text == "true" || text == "false" ? nil : "isn't true or false"
        case .integer(let range):
            Int(text).map { range.contains($0) } == true ? nil : "isn't a number from \(range.lowerBound) to \(range.upperBound)"
        case .printable(let limit):
            !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                ? nil : "isn't printable ASCII of at most \(limit) bytes"
        }
    }

    /// As the engine spells codes (domain.md §7): ASCII letters, digits, `. _ - :` and CJK ideographs.
    private static func isCode(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F, 0x3400...0x4DBF, 0x4E00...0x9FFF: true
            default: false
            }
        }
    }
}

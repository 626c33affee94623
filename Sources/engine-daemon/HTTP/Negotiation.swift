import Workflow

/// The media type of a header field, without parameters, in lower case.
struct MediaType: Equatable, Sendable {
    var name: String
    var charset: String?

    /// `nil` if the field is missing or no media type.
    init?(_ field: String?) {
        guard let field else { return nil }
        var parts = field.split(separator: ";").map { $0.trimmed.lowercased() }
        guard !parts.isEmpty else { return nil }
        name = parts.removeFirst()
        guard name.split(separator: "/", omittingEmptySubsequences: false).count == 2 else { return nil }
        for part in parts where part.hasPrefix("charset=") {
            charset = part.dropFirst(8).filter { $0 != "\"" }
        }
    }

    var isUTF8: Bool { charset == nil || charset == "utf-8" || charset == "us-ascii" }
}

/// What a client would rather have, by its `q` values.
enum Negotiation {
    /// zh unless English is wanted more (RFC 9110 §12.5.4).
    static func language(_ field: String?) -> Language {
        var best: (language: Language, quality: Double) = (.zh, 0)
        for (range, quality) in ranges(field) {
            let language: Language? = range.hasPrefix("zh") || range == "*" ? .zh : range.hasPrefix("en") ? .en : nil
            if let language, quality > best.quality { best = (language, quality) }
        }
        return best.language
    }

    /// The wanted one of the offered types; the first if the field says nothing that fits.
    static func mediaType(_ field: String?, offered: [String]) -> String {
        var best: (type: String, quality: Double) = (offered[0], 0)
        for (range, quality) in ranges(field) {
            if let type = offered.first(where: { $0 == range }), quality > best.quality { best = (type, quality) }
        }
        return best.type
    }

    private static func ranges(_ field: String?) -> [(range: String, quality: Double)] {
        (field ?? "").split(separator: ",").prefix(32).map { item in
            let parts = item.split(separator: ";").map { $0.trimmed.lowercased() }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (parts.first ?? "", quality)
        }
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    var trimmed: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

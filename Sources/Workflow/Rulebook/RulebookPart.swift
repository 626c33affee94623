/// A piece of a rulebook's text, as one `rulebook.part` fact carries it.
///
/// A file that fits is one part of its own name; a larger one is cut at line ends into `name#1`, `name#2` …, and `join` undoes it.
public struct RulebookPart: Sendable, Equatable {
    /// Bytes of UTF-8 in one part, at most: the fact with it stays below the size of an entry even if every byte needs an escape of two.
    public static let maxTextBytes = 24 * 1_024

    /// File name, with `#` and the number of the piece if there are several.
    public var name: String
    public var text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Cuts files into parts of at most `limit` bytes. The order stays; the texts of a file's parts joined are its text, byte for byte.
    ///
    /// A line longer than the limit is cut between two characters.
    public static func split(_ files: [(name: String, text: String)], limit: Int = maxTextBytes) -> [RulebookPart] {
        files.flatMap { file -> [RulebookPart] in
            let bytes = Array(file.text.utf8)
            guard bytes.count > limit else { return [RulebookPart(name: file.name, text: file.text)] }
            var pieces: [String] = []
            var start = 0
            while start < bytes.count {
                var end = min(start + limit, bytes.count)
                if end < bytes.count {
                    if let line = bytes[start..<end].lastIndex(of: UInt8(ascii: "\n")) {
                        end = line + 1
                    } else {
                        while end > start + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
                    }
                }
                pieces.append(String(decoding: bytes[start..<end], as: UTF8.self))
                start = end
            }
            return pieces.enumerated().map { RulebookPart(name: "\(file.name)#\($0.offset + 1)", text: $0.element) }
        }
    }

    /// The files the parts were cut from, in the order of their first parts; pieces may come in any order.
    /// A missing or doubled piece leaves that file out and is named in `broken`.
    public static func join(_ parts: [RulebookPart]) -> (files: [(name: String, text: String)], broken: [String]) {
        var order: [String] = []
        var pieces: [String: [Int: String]] = [:]
        var doubled: Set<String> = []
        for part in parts {
            let (name, number) = part.place
            if pieces[name] == nil { order.append(name) }
            if pieces[name, default: [:]].updateValue(part.text, forKey: number) != nil { doubled.insert(name) }
        }
        var files: [(name: String, text: String)] = []
        var broken: [String] = []
        for name in order {
            let texts = pieces[name] ?? [:]
            let numbers = texts.keys.sorted()
            if doubled.contains(name) || (numbers != [0] && numbers != Array(1...numbers.count)) {
                broken.append(name)
            } else {
                files.append((name, numbers.map { texts[$0] ?? "" }.joined()))
            }
        }
        return (files, broken)
    }

    /// File name and number of the piece; 0 for a file that is one part.
    private var place: (name: String, number: Int) {
        guard let mark = name.lastIndex(of: "#"), let number = Int(name[name.index(after: mark)...]), number > 0 else { return (name, 0) }
        return (String(name[..<mark]), number)
    }
}

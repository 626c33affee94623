import Foundation

/// A Swift file as the rules see it.
struct SourceFile: Sendable {
    let target: String
    /// Path from the package root.
    let name: String
    let lines: [String]
    /// Lines with their comments and the insides of their string literals blanked, numbered from 1; blank ones are left out.
    let code: [(number: Int, line: String)]

    init(target: String, name: String, text: String) {
        self.target = target
        self.name = name
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = Self.blanked(lines)
    }

    /// Read once: the rules go over them many times.
    static let sources = read("Sources")
    static let tests = read("Tests")
    private static func read(_ folder: String) -> [SourceFile] { (try? all(folder)) ?? [] }

    /// All Swift files below a folder of the package root, which is found from this file's own path.
    static func all(_ folder: String, file: String = #filePath) throws -> [SourceFile] {
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let base = root.appendingPathComponent(folder)
        var files: [SourceFile] = []
        for target in try FileManager.default.contentsOfDirectory(atPath: base.path).sorted() {
            let directory = base.appendingPathComponent(target).resolvingSymlinksInPath()
            for path in FileManager.default.enumerator(atPath: directory.path)?.compactMap({ $0 as? String }).sorted() ?? []
            where path.hasSuffix(".swift") {
                let text = try String(contentsOf: directory.appendingPathComponent(path), encoding: .utf8)
                files.append(SourceFile(target: target, name: "\(folder)/\(target)/\(path)", text: text))
            }
        }
        return files
    }

    /// `name:line: what` for each line of code the rule faults.
    func faults(_ rule: (String) -> String?) -> [String] { code.compactMap { number, line in rule(line).map { "\(name):\(number): \($0)" } } }
    /// The same for every line, comments and literals too.
    func faultsOfLines(_ rule: (String) -> String?) -> [String] {
        lines.enumerated().compactMap { number, line in rule(line).map { "\(name):\(number + 1): \($0)" } }
    }

    /// The modules it imports.
    var imports: [(number: Int, module: String)] {
        code.compactMap { number, line in
            let words = line.split(separator: " ").map(String.init)
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy({ $0.hasPrefix("@") || ["public", "internal", "private", "fileprivate", "package"].contains($0) })
            else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let module = kinds.contains(words[place + 1]) && place + 2 < words.count ? words[place + 2] : words[place + 1]
            return (number, String(module.prefix { $0 != "." }))
        }
    }

    /// Functions and initialisers, from the line that names them to the brace that closes them.
    var functions: [(start: Int, lines: Int)] {
        var result: [(start: Int, lines: Int)] = []
        /// The depth outside the function, and whether its body has begun.
        var open: [(start: Int, depth: Int, hasBody: Bool)] = []
        var depth = 0
        for (number, line) in code {
            if line.hasWord("func") || Self.isInitialiser(line) { open.append((number, depth, false)) }
            for character in line {
                if character == "{" {
                    depth += 1
                    if let last = open.indices.last, !open[last].hasBody, depth == open[last].depth + 1 { open[last].hasBody = true }
                } else if character == "}" {
                    depth -= 1
                    if let last = open.last, last.hasBody, depth == last.depth {
                        result.append((last.start, number - last.start + 1))
                        open.removeLast()
                    } else if let last = open.last, !last.hasBody, depth < last.depth {
                        open.removeLast()  // a requirement of a protocol: no body
                    }
                }
            }
            // A requirement of a protocol, or a declaration on one line: nothing to measure.
            if let last = open.last, !last.hasBody, line.hasWord("func"), !line.contains("{"), line.contains(")"), last.start == number,
                lines.count > number, lines[number].trimmed.isEmpty || lines[number].trimmed.hasPrefix("/") || lines[number].hasWord("func")
            {
                open.removeLast()
            }
        }
        return result.sorted { $0.start < $1.start }
    }

    private static func isInitialiser(_ line: String) -> Bool {
        line.contains("init") && line.trimmed.wholeMatch(of: #/((public|private|internal|convenience|@inlinable) )*init[?]?[(<].*/#) != nil
    }

    private static func blanked(_ lines: [String]) -> [(number: Int, line: String)] {
        var result: [(number: Int, line: String)] = []
        var isInText = false
        for (index, line) in lines.enumerated() {
            let quotes = line.components(separatedBy: "\"\"\"").count - 1
            if isInText || quotes > 0 {
                let code = quotes > 0 && !isInText ? line.components(separatedBy: "\"\"\"")[0] : ""
                if quotes % 2 == 1 { isInText.toggle() }
                if !code.trimmed.isEmpty { result.append((index + 1, code)) }
                continue
            }
            let code = withoutTextAndComment(line)
            if !code.trimmed.isEmpty { result.append((index + 1, code)) }
        }
        return result
    }

    private static func withoutTextAndComment(_ line: String) -> String {
        var result = ""
        var isInString = false
        var previous: Character = " "
        for character in line {
            if isInString {
                if character == "\"" && previous != "\\" {
                    isInString = false
                    result.append(character)
                }
            } else if character == "/" && previous == "/" {
                result.removeLast()
                return result
            } else {
                if character == "\"" { isInString = true }
                result.append(character)
            }
            previous = previous == "\\" && character == "\\" ? " " : character
        }
        return result
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespaces) }

    /// Whether it holds a word, as identifiers go.
    func hasWord(_ word: String) -> Bool {
        var rest = self[...]
        while let range = rest.range(of: word) {
            let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
            let after = range.upperBound < endIndex ? self[range.upperBound] : " "
            if !(before.isLetter || before.isNumber || before == "_" || after.isLetter || after.isNumber || after == "_") { return true }
            rest = self[range.upperBound...]
        }
        return false
    }
}

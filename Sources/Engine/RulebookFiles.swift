import Foundation
public import Workflow

/// Reads rulebook files from disk into parts: the only I/O of a rulebook, which is otherwise a value.
///
/// A rulebook is a directory of `*.yaml` files, taken in the order of their names. Files named under `include` (relative to the file that
/// says so) follow, each once; so one calendar can serve several rulebooks. A part is called like its file, without the directory.
public enum RulebookFiles {
    /// Bytes of all files together, at most: 2,732 mailboxes take about a tenth of it.
    public static let maxTotalBytes = 4 * 1_024 * 1_024

    /// The parts of the rulebook in a directory, ready for `RulebookCheck.read` and for adoption.
    ///
    /// - Throws: `RulebookFilesError` if there is no such directory or no `*.yaml` in it, a file can't be read or isn't UTF-8, two files have the
    ///   same name, or all together exceed `maxTotalBytes`.
    public static func load(directory: String) throws(RulebookFilesError) -> [RulebookPart] { try load(paths: [directory]) }

    /// The parts of single files, and of what they include. Paths that are directories stand for the `*.yaml` files in them.
    ///
    /// - Throws: as `load(directory:)`.
    public static func load(paths: [String]) throws(RulebookFilesError) -> [RulebookPart] {
        var waiting = try expand(paths)
        var files: [(name: String, text: String)] = []
        var pathOfName: [String: String] = [:]
        var total = 0
        var next = 0
        while next < waiting.count {
            let url = URL(fileURLWithPath: waiting[next]).standardizedFileURL.resolvingSymlinksInPath()
            next += 1
            let name = url.lastPathComponent
            if let other = pathOfName[name] {
                if other == url.path { continue }
                throw RulebookFilesError(path: url.path, problem: "has the same name as \(other); rename one of them")
            }
            pathOfName[name] = url.path
            let text = try text(of: url)
            total += text.utf8.count
            guard total <= maxTotalBytes else {
                throw RulebookFilesError(path: url.path, problem: "takes the rulebook over \(maxTotalBytes) bytes; leave something out")
            }
            files.append((name, text))
            let directory = url.deletingLastPathComponent()
            waiting += RulebookCheck.includes(in: text).map { directory.appendingPathComponent($0).path }
        }
        return RulebookPart.split(files)
    }

    private static func expand(_ paths: [String]) throws(RulebookFilesError) -> [String] {
        var expanded: [String] = []
        for path in paths {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                expanded.append(path)
                continue
            }
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
            } catch {
                throw RulebookFilesError(path: path, problem: "can't be listed; check its permissions (\(error.localizedDescription))")
            }
            guard !names.isEmpty else { throw RulebookFilesError(path: path, problem: "holds no *.yaml files; give the directory of a rulebook") }
            expanded += names.map { path + "/" + $0 }
        }
        return expanded
    }

    private static func text(of url: URL) throws(RulebookFilesError) -> String {
        let bytes: Data
        do {
            let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
            guard size <= maxTotalBytes else { throw RulebookFilesError(path: url.path, problem: "is larger than \(maxTotalBytes) bytes; split it") }
            bytes = try Data(contentsOf: url)
        } catch let error as RulebookFilesError {
            throw error
        } catch {
            throw RulebookFilesError(
                path: url.path, problem: "can't be read; check that it exists and its permissions (\(error.localizedDescription))")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RulebookFilesError(path: url.path, problem: "isn't UTF-8; save it as UTF-8")
        }
        return text
    }
}

/// A rulebook file that can't be taken, and what to do.
public struct RulebookFilesError: Error, Equatable, CustomStringConvertible {
    public var path: String
    public var problem: String
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }
    public var description: String { "\(path) \(problem)" }
}

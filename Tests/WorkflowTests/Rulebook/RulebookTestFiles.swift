import Foundation
import Testing

@testable import Workflow

/// Where the tests of the rulebook find the files of the repository, and the shared test data if it is there.
enum RulebookTestFiles {
    /// The directory with Package.swift, also if the tests are reached through a link.
    static let root: URL = {
        var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }()

    /// `$APPEAL_SHARED_DATA`, else `../shared/data` beside the repository; `nil` if there is neither.
    static let sharedData: URL? = {
        let given = ProcessInfo.processInfo.environment["APPEAL_SHARED_DATA"].map { URL(fileURLWithPath: $0) }
        let url = given ?? root.deletingLastPathComponent().appendingPathComponent("shared/data")
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }()

    static func text(_ path: String) throws -> String { try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) }

    /// The files of an example rulebook and what they include, as parts.
    static func parts(of example: String) throws -> [RulebookPart] {
        let directory = root.appendingPathComponent("packaging/rulebook/\(example)")
        var files: [(name: String, text: String)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path).filter({ $0.hasSuffix(".yaml") }).sorted() {
            let text = try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
            files.append((name, text))
            for include in RulebookCheck.includes(in: text) {
                let url = directory.appendingPathComponent(include)
                files.append((url.lastPathComponent, try String(contentsOf: url, encoding: .utf8)))
            }
        }
        return RulebookPart.split(files)
    }

    /// An example rulebook, which has to be without errors.
    static func rulebook(_ example: String) throws -> Rulebook {
        let (rulebook, findings) = RulebookCheck.read(try parts(of: example), version: 1)
        return try #require(rulebook, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    /// The calendar `cn` that ships.
    static let cn: Result<WorkCalendar, any Error> = Result { try rulebook("letters").calendar }
}

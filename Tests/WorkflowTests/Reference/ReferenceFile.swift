import Foundation
import Testing

/// A page under docs/reference that is made from the code: compared by default, written with `APPEAL_RECORD=1`, and then the run fails on purpose.
enum ReferenceFile {
    /// docs/reference
    static var folder: URL {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "docs/reference")
    }

    static func expect(_ name: String, is text: String, from file: String = #filePath) throws {
        var root = URL(filePath: file)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let page = root.appending(path: "docs/reference/\(name)")
        if ProcessInfo.processInfo.environment["APPEAL_RECORD"] == "1" {
            try text.write(to: page, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name): run again without APPEAL_RECORD")
            return
        }
        let stored = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        let lines = stored.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, pair) in zip(lines, wanted).enumerated() where pair.0 != pair.1 {
            Issue.record("docs/reference/\(name):\(index + 1) is not what the code says; APPEAL_RECORD=1 writes it anew")
            return
        }
        #expect(lines.count == wanted.count, "docs/reference/\(name) ends otherwise; APPEAL_RECORD=1 writes it anew")
    }

    /// The text of a source file of these tests.
    static func source(_ path: String, from file: String = #filePath) throws -> String {
        var root = URL(filePath: file)
        for _ in 0..<2 { root.deleteLastPathComponent() }
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}

import Foundation
import Testing

/// The README's tour, typed line by line into a shell: what it prints is what the page says.
@Suite struct TourTests {
    struct Step: Sendable {
        var command: String
        /// Expected output; `…` stands for anything, also over lines. Empty: anything goes.
        var expected: String
    }

    @Test func everyLineOfTheTourDoesWhatThePageSays() async throws {
        let page = try String(contentsOfFile: "\(Program.root)/README.md", encoding: .utf8)
        let steps = Self.steps(of: page)
        try #require(steps.count >= 15)
        try await withDaemon { daemon in
            let simulated = try await daemon.ctl("simulate")
            try #require(simulated.status == 0, "\(simulated.error)")
            let folder = "\(daemon.directory)/tour"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var script =
                "cd '\(folder)'; export ENGINE_SOCKET='\(daemon.socket)' DATA='\(daemon.data)' PATH='\(Program.products)':$PATH LANG=C.UTF-8\n"
            for (index, step) in steps.enumerated() { script += "\(step.command)\nprintf '\\n@@\(index)@@\\n'\n" }
            var rest = try await Program.run("bash", ["-c", script])
            for (index, step) in steps.enumerated() {
                let parts = rest.output.components(separatedBy: "\n@@\(index)@@\n")
                try #require(parts.count == 2, "\(step.command): the shell ended: \(rest.error)")
                #expect(Self.matches(parts[0], step.expected), "$ \(step.command)\n\(parts[0])\nexpected:\n\(step.expected)\n\(rest.error)")
                rest.output = parts[1]
            }
        }
    }

    @Test(arguments: [
        ("abc", "a…", true), ("abc", "…c", true), ("abc", "ab", false), ("a\nb", "a…b", true), ("abc", "b…", false), ("a.c", "a.c", true),
        ("abc", "a.c", false),
        ("x", "", true),
    ])
    func anEllipsisStandsForAnythingElseNothingDoes(text: String, expected: String, isMatch: Bool) {
        #expect(Self.matches(text, expected) == isMatch)
    }

    /// The lines after `$ ` of the page's console blocks; a here-document belongs to its command, all else to the output.
    static func steps(of page: String) -> [Step] {
        var steps: [Step] = []
        var isInside = false
        var isHere = false
        for line in page.components(separatedBy: "\n") {
            if !isInside {
                isInside = line == "```console"
            } else if isHere {
                steps[steps.count - 1].command += "\n" + line
                isHere = line != "END"
            } else if line == "```" {
                isInside = false
            } else if line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2)), expected: ""))
                isHere = line.contains("<<'END'")
            } else if !steps.isEmpty {
                steps[steps.count - 1].expected += (steps[steps.count - 1].expected.isEmpty ? "" : "\n") + line
            }
        }
        return steps
    }

    static func matches(_ text: String, _ expected: String) -> Bool {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let expected = expected.trimmingCharacters(in: .whitespacesAndNewlines)
        if expected.isEmpty { return true }
        let pattern = expected.components(separatedBy: "…").map(NSRegularExpression.escapedPattern(for:)).joined(separator: "[\\s\\S]*?")
        return text.range(of: "^\(pattern)$", options: .regularExpression) != nil
    }
}

import Foundation
import Testing

/// What a reader may rely on everywhere in Sources: who imports whom, where raw memory is touched, how long a function gets.
@Suite struct ArchitectureTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The targets of this package that a target may import.
    static let allowed: [String: Set<String>] = [
        "CLMDB": [], "LMDB": ["CLMDB"], "EventModel": [], "EventLog": ["EventModel", "LMDB"], "Workflow": ["EventModel"],
        "Projections": ["Workflow", "EventLog", "EventModel", "LMDB"], "Engine": ["Workflow", "Projections", "EventLog", "EventModel", "LMDB"],
        "Scenarios": ["Workflow", "EventModel"], "CaseImport": ["Workflow", "EventModel"], "EngineClient": ["EventModel"],
        "engine-daemon": ["Engine", "EventLog", "EventModel", "Projections", "Workflow"],
        "engine-ctl": ["Engine", "EngineClient", "EventLog", "EventModel", "Projections", "Workflow", "Scenarios", "CaseImport"],
    ]
    /// Free of Foundation, which would come with every program that embeds them.
    static let withoutFoundation: Set<String> = ["CLMDB", "LMDB", "EventModel"]
    /// Call what the system gives as pointers only: socket addresses, users and groups.
    static let systemCalls: Set<String> = [
        "Sources/EngineClient/ClientError.swift", "Sources/engine-daemon/Socket/PeerCredentials.swift",
        "Sources/engine-daemon/Socket/SocketPath.swift",
    ]
    static let maxColumns = 150
    static let maxFunctionLines = 80

    @Test func everyTargetIsKnown() {
        let files = SourceFile.sources
        #expect(files.count > 30, "only \(files.count) files were found: the package root is wrong")
        #expect(Set(files.map(\.target)).isSubset(of: Self.allowed.keys))
    }

    @Test func importsGoOneWay() {
        expectNone(
            SourceFile.sources.flatMap { file in
                file.imports.compactMap { number, module in
                    if Self.allowed[module] != nil, !(Self.allowed[file.target] ?? []).contains(module) {
                        return "\(file.name):\(number): imports \(module)"
                    }
                    let isFoundation = module.hasPrefix("Foundation")
                    return isFoundation && Self.withoutFoundation.contains(file.target) ? "\(file.name):\(number): imports \(module)" : nil
                }
            })
    }

    @Test func rawMemoryIsTouchedInOnePlace() {
        let files = SourceFile.sources.filter { $0.target != "LMDB" && $0.target != "CLMDB" && !Self.systemCalls.contains($0.name) }
        // `nonisolated(unsafe)` is about threads, not memory: the next test's.
        expectNone(
            files.flatMap { file in
                file.faults { line in
                    let code = line.replacingOccurrences(of: "nonisolated(unsafe)", with: "")
                    return code.hasWord("unsafe") || code.contains("Unmanaged") || code.contains("UnsafeMutable") ? line.trimmed : nil
                }
            })
    }

    /// What a compiler and a reviewer must take on trust says why, in the line above.
    @Test func uncheckedIsExplained() {
        expectNone(
            SourceFile.sources.flatMap { file in
                file.code.compactMap { number, line in
                    guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") else { return nil }
                    var above = number - 2
                    while above >= 0, file.lines[above].trimmed.hasPrefix("@") { above -= 1 }
                    return above >= 0 && file.lines[above].trimmed.hasPrefix("//") ? nil : "\(file.name):\(number): \(line.trimmed)"
                }
            })
    }

    @Test func nothingIsLeftForLater() {
        let marks = ["TO" + "DO", "FIX" + "ME"]
        expectNone(
            (SourceFile.sources + SourceFile.tests).flatMap { file in
                file.faultsOfLines { line in
                    marks.contains { line.hasWord($0) } || line.contains("// XX" + "X") || line.contains("fatalError(\"" + "unimplemented")
                        ? line.trimmed : nil
                }
            })
    }

    /// A line may run over where a long literal does, which no break would make easier to read; so do the rows of the tests' tables.
    @Test func linesFitThePage() {
        expectNone((SourceFile.sources + SourceFile.tests).flatMap { file in file.faultsOfLines { $0.contains("\t") ? "a tab" : nil } })
        expectNone(
            SourceFile.sources.flatMap { file in
                file.faultsOfLines { line in
                    guard line.utf8.count > Self.maxColumns, line.count > Self.maxColumns, !line.contains("#\"") else { return nil }
                    let isLong = line.firstMatch(of: #/"[^"]{50,}"|^ *(: )?"/#) == nil
                    return isLong ? "\(line.count) columns" : nil
                }
            })
    }

    /// The life of an event names the file at each step: a file that moves takes the page along.
    @Test func theArchitecturePageNamesFilesThatAreThere() throws {
        let page = try String(contentsOfFile: "\(Self.root)/docs/ARCHITECTURE.md", encoding: .utf8)
        let named = page.matches(of: #/`([A-Za-z-]+\/[A-Za-z+\/.-]*[A-Za-z])`/#).map { String($0.output.1) }
        #expect(named.count > 15)
        expectNone(
            named.filter { name in ["Sources/\(name)", name].allSatisfy { !FileManager.default.fileExists(atPath: "\(Self.root)/\($0)") } })
    }

    @Test func functionsFitTheScreen() {
        expectNone(
            SourceFile.sources.flatMap { file in
                file.functions.filter { $0.lines > Self.maxFunctionLines }.map { "\(file.name):\($0.start): \($0.lines) lines" }
            })
    }

    @Test func librariesDoNotPrint() {
        let files = SourceFile.sources.filter { !$0.target.hasPrefix("engine-") }
        expectNone(files.flatMap { file in file.faults { $0.contains("print(") && $0.hasWord("print") ? $0.trimmed : nil } })
    }

    /// Paths of the machine something was written on mean nothing on another.
    @Test func noPathsOfAMachine() {
        let places = ["/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/", "/ro" + "ot/", "C:" + "\\"]
        expectNone(
            (SourceFile.sources + SourceFile.tests).flatMap { file in
                file.faultsOfLines { line in places.first { line.contains($0) } }
            })
    }

    private func expectNone(_ faults: [String]) {
        #expect(faults.isEmpty, "\(faults.count) places:\n\(faults.joined(separator: "\n"))")
    }

    // MARK: The rules bite

    @Test func theRulesFindWhatTheyLookFor() {
        let bad = SourceFile(
            target: "EventModel", name: "bad",
            text: """
                public import Foundation
                @testable import struct EventLog.Position
                let text = "unsafe in a string, func in a string { "  // unsafe in a comment
                func long() {
                    if true { let unsafeName = 1 }
                    unsafe call()
                }
                init() {
                }
                """)
        #expect(bad.imports.map(\.module) == ["Foundation", "EventLog"])
        #expect(bad.code.filter { $0.line.hasWord("unsafe") }.map(\.number) == [6])
        #expect(bad.functions.map { [$0.start, $0.lines] } == [[4, 4], [8, 2]])
        #expect("a TOD".hasWord("TOD") && !"a TODAY".hasWord("TOD"))
    }
}

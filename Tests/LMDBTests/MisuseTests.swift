import Foundation
import Testing

/// The compiler refuses what would break LMDB's rules: each file of `Misuse/` says in its first line what the compiler must answer.
@Suite struct MisuseTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Misuse")
    static let compiler = findCompiler()

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".swift.txt") }.sorted()

    @Test func theCasesAreThere() {
        #expect(Self.names.count >= 20)
        #expect(Self.names.contains("positive-control.swift.txt"))
    }

    @Test(.enabled(if: compiler != nil, "SKIPPED: no swiftc on PATH, so the misuse files were not compiled"), arguments: names)
    func compilerAnswers(_ name: String) throws {
        let source = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let firstLine = source.prefix { $0 != "\n" }
        let marker = "// expect: "
        try #require(firstLine.hasPrefix(marker))
        let expected = String(firstLine.dropFirst(marker.count))
        let (isAccepted, output) = try Self.compile(source)
        if expected == "compiles" {
            #expect(isAccepted, "\(output)")
        } else {
            #expect(!isAccepted)
            #expect(output.contains("error: ") && output.contains(expected), "\(output)")
        }
    }

    /// Lifetime and ownership errors come from passes after type checking, so this emits SIL; `-typecheck` would accept most of the files.
    private static func compile(_ source: String) throws -> (isAccepted: Bool, output: String) {
        let directory = TemporaryDirectory()
        let file = directory.path + "/case.swift"
        try source.write(toFile: file, atomically: false, encoding: .utf8)
        let process = Process()
        process.executableURL = compiler
        process.arguments =
            [
                "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-enable-upcoming-feature", "NonisolatedNonsendingByDefault", "-I",
                try modules(), "-I", clmdb(), "-module-cache-path",
                NSTemporaryDirectory() + "lmdb-misuse-module-cache", file,
            ] + (source.contains("\n// with: Lifetimes\n") ? ["-enable-experimental-feature", "Lifetimes"] : [])
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus == 0, String(decoding: data, as: UTF8.self))
    }

    /// The built modules lie beside the test binary.
    private static func modules() throws -> String {
        let binary = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let directory = binary.deletingLastPathComponent().appending(path: "Modules")
        try #require(
            FileManager.default.fileExists(atPath: directory.appending(path: "LMDB.swiftmodule").path), "no built LMDB module at \(directory.path)")
        return directory.path
    }

    private static func clmdb() -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/CLMDB").standardizedFileURL.path
    }

    private static func findCompiler() -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)).appending(path: "swiftc") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

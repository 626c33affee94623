import Foundation
import Testing

@testable import CaseImport

@Suite struct CSVReaderTests {
    private func read(_ text: String, delimiter: Character = ",") -> [CSVReader.Record] {
        Array(CSVReader(Array(text.utf8), delimiter: delimiter.asciiValue ?? 0))
    }
    private func row(_ line: Int, _ fields: [String], _ problem: CSVReader.Problem? = nil) -> CSVReader.Record {
        CSVReader.Record(line: line, fields: fields, problem: problem)
    }

    @Test func lineEndsAndByteOrderMark() {
        for end in ["\n", "\r\n", "\r"] {
            #expect(read("\u{FEFF}a,b\(end)1,2\(end)") == [row(1, ["a", "b"]), row(2, ["1", "2"])])
            #expect(read("a,b\(end)1,2") == [row(1, ["a", "b"]), row(2, ["1", "2"])])
        }
        #expect(read("") == [])
    }

    @Test func quotedFields() {
        #expect(read("a,b\n\"x\ny\",\"q\"\"r, s\"\n3,4\n") == [row(1, ["a", "b"]), row(2, ["x\ny", "q\"r, s"]), row(4, ["3", "4"])])
        #expect(read("\"\",\"\"\"\"\n") == [row(1, ["", "\""])])
        #expect(read("\"a\r\nb\",c\r\n1,2") == [row(1, ["a\r\nb", "c"]), row(3, ["1", "2"])])
        #expect(read("5\" pipe,b\n") == [row(1, ["5\" pipe", "b"])])
        #expect(read("市,\"长\t信\"\n") == [row(1, ["市", "长\t信"])])
    }

    @Test func blankLinesAndEmptyFields() {
        #expect(read("a,b\n\n,\n\n1,2\n") == [row(1, ["a", "b"]), row(3, ["", ""]), row(5, ["1", "2"])])
        #expect(read("a\n\n1\n") == [row(1, ["a"]), row(2, [""]), row(3, ["1"])])
        #expect(read("a\tb\n1\t2,3\n", delimiter: "\t") == [row(1, ["a", "b"]), row(2, ["1", "2,3"])])
        #expect(read("a,b\n1,") == [row(1, ["a", "b"]), row(2, ["1"] + (read("1,")[0].fields.dropFirst()))])
    }

    @Test func problemsOfOneRecordLeaveTheOthers() {
        #expect(read("a,b\n\"x\"y,2\n3,4\n") == [row(1, ["a", "b"]), row(2, ["x", "2"], .textAfterQuote), row(3, ["3", "4"])])
        #expect(read("a,b\n1,\"open\n3,4\n").last == row(2, ["1", "open\n3,4\n"], .openQuote))
        let bytes = Array("a,b\n1,".utf8) + [0xFF, 0xFE] + Array("\n3,4\n".utf8)
        #expect(Array(CSVReader(bytes)) == [row(1, ["a", "b"]), row(2, ["1", ""], .notUTF8), row(3, ["3", "4"])])
    }

    /// Whatever is written as RFC 4180 says is read back, and no bytes make the reader trap.
    @Test func roundTripAndNoise() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = ["a", "\"", ",", "\n", "\r", "\r\n", "信", "\t", " ", ""]
        for _ in 0..<2_000 {
            let table = (0..<3).map { _ in (0..<3).map { _ in (0..<4).map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined() } }
            let text = table.map { $0.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",") }
                .joined(separator: "\n")
            let fields = read(text).map(\.fields)
            #expect(fields == table, "\(text.debugDescription)")
            let noise = (0..<40).map { _ in [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0xE4].randomElement(using: &generator) ?? 0x61 } as [UInt8]
            #expect(Array(CSVReader(noise)).count <= 41)
        }
    }

    @Test func packedFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "case-import-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = String(repeating: "a,信\n", count: 200_000)
        let plain = folder.appending(path: "a.csv")
        try text.write(to: plain, atomically: true, encoding: .utf8)
        #expect(try CSVFile.read(path: plain.path) == Array(text.utf8))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-k", plain.path]
        try process.run()
        process.waitUntilExit()
        #expect(try CSVFile.read(path: plain.path + ".gz") == Array(text.utf8))
        let damaged = folder.appending(path: "damaged.gz")
        try Data(contentsOf: URL(filePath: plain.path + ".gz")).prefix(200).write(to: damaged)
        #expect(throws: CSVFileError(path: damaged.path, problem: "is damaged: gzip can't unpack it")) { try CSVFile.read(path: damaged.path) }
        #expect(throws: CSVFileError.self) { try CSVFile.read(path: folder.appending(path: "none").path) }
    }
}

import EventLog
import EventModel
import Foundation
import Testing

/// The bytes of a small log, all of them. They are format version 1: a change here is a new format, not a new recording.
///
/// `APPEAL_RECORD=1 swift test --filter GoldenTests` writes the file anew, and fails.
@Suite struct GoldenTests {
    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/log-v1.txt")

    /// One of each: several sections, names, two deadlines' words, blobs, a key record, a reference, an access class, a stream word, a late clock.
    static func write(_ fixture: LogFixture) {
        func blob(_ scope: Scope, _ first: UInt8) -> SealedBlob { SealedBlob(scope: scope, bytes: (0..<40).map { first &+ UInt8($0) }) }
        let (one, two) = ("510104-20170301-000001", "510104-20170301-000002")
        let due = DeadlineWord(kind: .reply, due: firstClock.adding(seconds: 432_000)).word
        let commits: [(Int64, [Commit.Section])] = [
            (
                1,
                [
                    section(
                        one, 0,
                        [
                            fact(
                                "m-1", on: one, source: "/city/mailbox", at: firstClock.adding(seconds: -60),
                                words: [
                                    .number(0x0102_0304_0506_0708), .names("mailbox", "510104-head"), .names("help", nil), .names(nil, "510104"),
                                ],
                                setsAccessClass: true, blobs: [blob(.person, 10), blob(.text, 100)], external: "12345\u{0}E-1")
                        ])
                ]
            ),
            (
                2,
                [
                    section(one, 1, [fact("d-1", on: one, type: 73, unit: "510104-transport", assignment: 1, words: [.number(1), .number(due)])]),
                    section(two, 0, [fact("d-2", on: two), fact("d-3", on: two, type: 99, words: [.number(1), .stream(StreamName(one))])]),
                ]
            ),
            (
                -100,
                [
                    section(
                        "@operations", 0,
                        [fact("o-1", on: "@operations", type: 126, words: [.instant(Instant(microseconds: -1)), .names("/city/mailbox", nil)])])
                ]
            ),
            (3, [section(two, 2, [fact("p-1", on: two, type: 115, words: [.number(3)], blobs: [blob(.public, 200)])])]),
        ]
        for (seconds, sections) in commits {
            fixture.clock.now = firstClock.adding(seconds: seconds)
            let outcome = fixture.append(sections)
            precondition(outcome.isDurable, "\(outcome)")
        }
    }

    @Test func theFilesAreThoseOfVersion1() throws {
        let fixture = try LogFixture()
        Self.write(fixture)
        #expect(try fixture.closeAndVerify().finding == nil)
        var lines: [String] = []
        for table in ["entries", "nodes", "sealed", "casekeys", "names", "checkpoints", "meta"] {
            for row in try rows(fixture.directory.path + "/log", table) {
                lines.append("\(table) \(TextCoding.hex(row.key)) \(TextCoding.hex(row.value))")
            }
        }
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["APPEAL_RECORD"] == "1" {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(Self.file.lastPathComponent); look at the difference, then run again without APPEAL_RECORD")
            return
        }
        let golden = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(golden.count == lines.count)
        for (expected, line) in zip(golden, lines) { #expect(line == expected) }
    }
}

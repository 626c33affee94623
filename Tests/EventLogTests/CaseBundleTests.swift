import EventModel
import Foundation
import Testing

@testable import EventLog

/// A case's bundle is checked with nothing but the key; whatever is changed, left out or put in is named.
@Suite struct CaseBundleTests {
    /// A log in which the case B-1 has `count` events among others; its bundle, and the key.
    static func bundle(_ count: Int, in directory: String) throws -> (key: VerifierKey, city: PublishedFixture) {
        let city = try PublishedFixture()
        for revision in 0..<count {
            precondition(city.fixture.append(fact("b-\(revision)", on: "B-1"), to: "B-1", expecting: Revision(revision)).isDurable)
            city.grow(3)
        }
        let signed = try city.publisher.publish()
        let reader = city.fixture.log.reader
        let entries = try reader.entries(of: StreamName("B-1")).map { entry in
            let position = entry.head.position
            return (position, entry.document.bytes, try reader.inclusionProof(of: position, size: signed.checkpoint.size))
        }
        try CaseBundle.write(serial: "B-1", entries: entries, note: signed.note, to: directory)
        city.fixture.log.close()
        return (try city.key, city)
    }

    @Test func aBundleIsWhole() throws {
        let target = TemporaryDirectory()
        let (key, city) = try Self.bundle(12, in: target.path)
        let report = try CaseBundle.verify(directory: target.path, key: key)
        #expect(report.serial == "B-1" && report.events == 12 && report.checkpoint.size == 49 && report.notInterpreted == 0)
        let other = try PublishedFixture()
        other.fixture.log.close()
        let error = #expect(throws: NoteError.self) { try CaseBundle.verify(directory: target.path, key: try other.key) }
        #expect(error?.description.hasPrefix("checkpoint: it is not signed") == true)
        #expect(throws: NoteError.self, "a bundle is never written over another") {
            try CaseBundle.write(serial: "B-1", entries: [], note: [], to: target.path)
        }
        _ = city
    }

    @Test func anythingChangedIsFound() throws {
        let target = TemporaryDirectory()
        let (key, city) = try Self.bundle(6, in: target.path)
        var generator = SeededGenerator(seed: 31)
        let files = try FileManager.default.contentsOfDirectory(atPath: target.path + "/events").sorted().map { "events/\($0)" } + ["checkpoint"]
        for round in 0..<300 {
            let url = URL(fileURLWithPath: "\(target.path)/\(files.randomElement(using: &generator)!)")
            let whole = try Data(contentsOf: url)
            try Data(ProofOracleTests.flipped(Array(whole), &generator)).write(to: url)
            #expect(throws: NoteError.self, "round \(round): \(url.lastPathComponent)") { try CaseBundle.verify(directory: target.path, key: key) }
            try whole.write(to: url)
        }
        _ = try CaseBundle.verify(directory: target.path, key: key)
        _ = city
    }

    @Test func anEventLeftOutOrMovedIsFound() throws {
        let target = TemporaryDirectory()
        let (key, city) = try Self.bundle(5, in: target.path)
        let events = target.path + "/events/"
        func move(_ from: Int, _ to: Int) throws {
            try FileManager.default.moveItem(atPath: events + "0000\(from).tlog-proof", toPath: events + "0000\(to).tlog-proof")
        }
        func fault() -> String? {
            do {
                _ = try CaseBundle.verify(directory: target.path, key: key)
                return nil
            } catch { return "\(error)" }
        }
        try move(3, 9)
        #expect(fault()?.contains("stands where 00003") == true)
        try move(4, 3)
        try move(5, 4)
        try FileManager.default.removeItem(atPath: events + "00009.tlog-proof")
        #expect(fault()?.contains("revision 4, not 3") == true)
        // The end can be cut off: what a bundle alone can't show, as its instructions say.
        try FileManager.default.removeItem(atPath: events + "00003.tlog-proof")
        try FileManager.default.removeItem(atPath: events + "00004.tlog-proof")
        #expect(fault() == nil)
        try FileManager.default.removeItem(atPath: target.path + "/events")
        #expect(fault()?.contains("no files") == true)
        _ = city
    }
}

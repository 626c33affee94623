import EventModel
import Foundation
import Testing

@testable import EventLog

/// Checkpoints, proofs and tiles of a log of some thousand entries, judged by two programs of other people (Tests/Oracles/proof_oracle.py):
/// both accept what is ours, and reject it as soon as anything in it is changed.
@Suite struct ProofOracleTests {
    /// A Python that has both; `nil`: the tests are skipped.
    static let python: String? = ProcessInfo.processInfo.environment["APPEAL_ORACLE_PYTHON"].flatMap { path in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-c", "import aics_tlog, proofbundle"]
        process.standardError = FileHandle.nullDevice
        guard FileManager.default.isExecutableFile(atPath: path), (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? path : nil
    }

    /// One thing to judge. A change of any part must be noticed.
    struct Inclusion {
        var entry: [UInt8]
        var index: UInt64
        var size: UInt64
        var path: [[UInt8]]
        var root: [UInt8]

        var question: String {
            json { question in
                question.member("kind", "inclusion")
                question.member("entry", TextCoding.base64(entry))
                question.member("index", index)
                question.member("size", size)
                question.member("path", path.map(TextCoding.base64))
                question.member("root", TextCoding.base64(root))
            }
        }
        var ours: Bool { MerkleVerification.isIncluded(leaf: MerkleHash.leaf(entry), index: index, size: size, path: path, root: root) }

        /// `nil` where the change makes the same statement.
        func mutated(_ generator: inout SeededGenerator) -> Inclusion? {
            var other = self
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: other.entry = ProofOracleTests.flipped(entry, &generator)
            case 1: other.index = UInt64.random(in: 0..<size, using: &generator)
            case 2: other.root = ProofOracleTests.flipped(root, &generator)
            case 3: other.size = size ^ (1 << UInt64.random(in: 0..<12, using: &generator))
            default: other.path = ProofOracleTests.changed(path, &generator)
            }
            // A size that has the same path and shape of tree above the leaf proves the same place.
            if other.size != size, other.ours { return nil }
            return other.index == index && other.entry == entry && other.root == root && other.size == size && other.path == path ? nil : other
        }
    }

    struct Consistency {
        var old: UInt64
        var new: UInt64
        var path: [[UInt8]]
        var oldRoot: [UInt8]
        var newRoot: [UInt8]

        var question: String {
            json { question in
                question.member("kind", "consistency")
                question.member("old", old)
                question.member("new", new)
                question.member("path", path.map(TextCoding.base64))
                question.member("oldRoot", TextCoding.base64(oldRoot))
                question.member("newRoot", TextCoding.base64(newRoot))
            }
        }
        var ours: Bool { MerkleVerification.isConsistent(old: old, new: new, proof: path, oldRoot: oldRoot, newRoot: newRoot) }

        func mutated(_ generator: inout SeededGenerator) -> Consistency? {
            var other = self
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: other.oldRoot = ProofOracleTests.flipped(oldRoot, &generator)
            case 1: other.newRoot = ProofOracleTests.flipped(newRoot, &generator)
            case 2: (other.oldRoot, other.newRoot) = (newRoot, oldRoot)
            case 3: other.old = UInt64.random(in: 1..<new, using: &generator)
            case 4: other.new = new ^ (1 << UInt64.random(in: 0..<12, using: &generator))
            default: other.path = ProofOracleTests.changed(path, &generator)
            }
            if other.old != old || other.new != new, other.ours || other.new < other.old { return nil }
            let isSame = other.old == old && other.new == new && other.path == path && other.oldRoot == oldRoot && other.newRoot == newRoot
            return isSame ? nil : other
        }
    }

    @Test(.enabled(if: python != nil, "APPEAL_ORACLE_PYTHON has not both of Tests/Oracles/requirements-proof.txt: make oracles"))
    func bothAcceptOursAndRejectWhatIsChanged() throws {
        let seed: UInt64 = 20_261_124
        var generator = SeededGenerator(seed: seed)
        let city = try PublishedFixture()
        MixedLog.write(city.fixture, count: 3_000, seed: seed)
        let signed = try city.publisher.publish()
        let reader = city.fixture.log.reader
        var good: [String] = []
        var bad: [String] = []
        let size = signed.checkpoint.size
        for round in 0..<150 {
            let within = round < 50 ? size : UInt64.random(in: 2...size, using: &generator)
            let position = Position(UInt64.random(in: 1...within, using: &generator))
            let one = Inclusion(
                entry: try #require(try reader.fact(at: position)).entry, index: position.rawValue - 1, size: within,
                path: try reader.inclusionProof(of: position, size: within), root: try reader.root(size: within))
            #expect(one.ours)
            good.append(one.question)
            for _ in 0..<4 {
                guard let other = one.mutated(&generator) else { continue }
                #expect(!other.ours, "seed \(seed), round \(round)")
                bad.append(other.question)
            }
            let old = UInt64.random(in: 1..<within, using: &generator)
            let two = Consistency(
                old: old, new: within, path: try reader.consistencyProof(old: old, new: within), oldRoot: try reader.root(size: old),
                newRoot: try reader.root(size: within))
            #expect(two.ours)
            good.append(two.question)
            for _ in 0..<4 {
                guard let other = two.mutated(&generator) else { continue }
                #expect(!other.ours, "seed \(seed), round \(round)")
                bad.append(other.question)
            }
        }
        try notes(signed, city, reader, &generator, &good, &bad)
        city.fixture.log.close()
        #expect(bad.count >= 1_000)
        let verdicts = try Self.ask(good + bad)
        try #require(verdicts.count == good.count + bad.count)
        for (question, verdict) in zip(good, verdicts) { #expect(verdict == "1 1", "seed \(seed): \(question)") }
        for (question, verdict) in zip(bad, verdicts.dropFirst(good.count)) { #expect(verdict == "0 0", "seed \(seed): \(question)") }
    }

    /// Checkpoints and proof files, whole and with a byte changed.
    private func notes(
        _ signed: SignedCheckpoint, _ city: PublishedFixture, _ reader: LogReader, _ generator: inout SeededGenerator, _ good: inout [String],
        _ bad: inout [String]
    ) throws {
        let key = city.publisher.verifierKey
        func checkpoint(_ note: [UInt8]) -> String {
            json { question in
                question.member("kind", "checkpoint")
                question.member("key", key)
                question.member("origin", signed.checkpoint.origin)
                question.member("note", TextCoding.base64(note))
            }
        }
        func proof(_ file: [UInt8], _ entry: [UInt8]) -> String {
            json { question in
                question.member("kind", "proof")
                question.member("key", key)
                question.member("origin", signed.checkpoint.origin)
                question.member("file", TextCoding.base64(file))
                question.member("entry", TextCoding.base64(entry))
            }
        }
        good.append(checkpoint(signed.note))
        for _ in 0..<150 { bad.append(checkpoint(Self.flipped(signed.note, &generator))) }
        for _ in 0..<20 {
            let position = Position(UInt64.random(in: 1...signed.checkpoint.size, using: &generator))
            let entry = try #require(try reader.fact(at: position)).entry
            let file = TLogProof(
                entry: entry, index: position.rawValue - 1, path: try reader.inclusionProof(of: position, size: signed.checkpoint.size),
                note: signed.note)
            #expect(try file.verify(entry: entry, key: city.key) == signed.checkpoint)
            good.append(proof(file.bytes, entry))
            bad.append(proof(file.bytes, Self.flipped(entry, &generator)))
            // `extra` is not authenticated: what is changed is behind it.
            let bare = TLogProof(entry: nil, index: file.index, path: file.path, note: file.note)
            good.append(proof(bare.bytes, entry))
            for _ in 0..<5 { bad.append(proof(Self.flipped(bare.bytes, &generator), entry)) }
            var other = bare
            other.path = Self.changed(bare.path, &generator)
            bad.append(proof(other.bytes, entry))
        }
    }

    @Test(.enabled(if: python != nil, "APPEAL_ORACLE_PYTHON has not both of Tests/Oracles/requirements-proof.txt: make oracles"))
    func tilesAreReadByAnother() throws {
        let city = try PublishedFixture()
        MixedLog.write(city.fixture, count: 1_400, seed: 5)
        let signed = try city.publisher.publish().checkpoint
        city.fixture.log.close()
        let target = TemporaryDirectory()
        let report = try TileExport(directory: city.data, mapSizeBytes: 1 << 30).write(to: target.path + "/whole")
        let tiles = Int((signed.size + 255) / 256)
        #expect(report == TileExport.Report(size: signed.size, hashTiles: tiles + 1, bundles: tiles))
        func question(_ name: String) -> String {
            json { question in
                question.member("kind", "tiles")
                question.member("directory", "\(target.path)/\(name)")
                question.member("size", signed.size)
                question.member("root", TextCoding.base64(signed.root))
            }
        }
        var generator = SeededGenerator(seed: 8)
        let files = ["tile/0/002", "tile/1/000.p/\(signed.size / 256)", "tile/entries/003", "tile/entries/000"]
        for (number, file) in files.enumerated() {
            try FileManager.default.copyItem(atPath: target.path + "/whole", toPath: "\(target.path)/\(number)")
            let url = URL(fileURLWithPath: "\(target.path)/\(number)/\(file)")
            try Data(Self.flipped(Array(try Data(contentsOf: url)), &generator)).write(to: url)
        }
        #expect(try Self.ask(["whole", "0", "1", "2", "3"].map(question)) == ["1 -", "0 -", "0 -", "0 -", "0 -"])
    }

    @Test func tilePaths() {
        #expect(TileExport.path(0, width: 256) == "000" && TileExport.path(1_234_067, width: 256) == "x001/x234/067")
        #expect(TileExport.path(273, width: 112) == "273.p/112" && TileExport.path(1_000, width: 1) == "x001/000.p/1")
    }

    // MARK: Changes

    static func flipped(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        return bytes
    }

    /// A flipped bit, one dropped, one doubled, two swapped, or one more.
    static func changed(_ path: [[UInt8]], _ generator: inout SeededGenerator) -> [[UInt8]] {
        var path = path
        guard let place = path.indices.randomElement(using: &generator) else { return [MerkleHash.emptyRoot] }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: path[place] = flipped(path[place], &generator)
        case 1: path.remove(at: place)
        case 2: path.insert(path[place], at: place)
        case 3 where path.count > 1: path.swapAt(place, place == 0 ? path.count - 1 : 0)
        default: path.append(MerkleHash.leaf([UInt8(place)]))
        }
        return path
    }

    static func ask(_ questions: [String]) throws -> [String] { try askPython("proof_oracle.py", questions, with: python!) }
}

private func json(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(body)
    return String(decoding: writer.bytes, as: UTF8.self)
}

import EventLog
import EventModel
import Foundation
import Synchronization
import Testing

/// The tree against RFC 6962, three ways: a naive recursion and an RFC 9162 verifier here, a Python program beside.
@Suite struct MerkleTests {
    @Test func constantsOfRFC6962() {
        #expect(TextCoding.hex(MerkleHash.emptyRoot) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(TextCoding.hex(MerkleHash.leaf([])) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        #expect(TextCoding.hex(MerkleHash.leaf(utf8("L123456"))) == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")
        #expect(TextCoding.hex(MerkleHash.node(utf8("N123"), utf8("N456"))) == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb")
    }

    /// The eight leaves of the Certificate Transparency reference tree.
    @Test func rootOfTheReferenceTree() throws {
        let leaves: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F],
        ]
        let tree = StoredTree(leaves: leaves.map(MerkleHash.leaf))
        #expect(TextCoding.hex(try tree.proof.root(size: 8)) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
        #expect(try tree.proof.root(size: 0) == MerkleHash.emptyRoot)
    }

    /// Go's sumdb/tlog, TestTree: each node's index is where it lands when nodes are stored as they become complete.
    @Test func denseIndexesAreTheOrderOfCompletion() {
        var next: UInt64 = 0
        for leaf in 0..<1_000 as Range<UInt64> {
            #expect(DenseIndex.count(treeSize: leaf) == next)
            var n = leaf
            var level = 0
            while true {
                #expect(DenseIndex.node(level: level, n) == next)
                next += 1
                guard n & 1 == 1 else { break }
                n >>= 1
                level += 1
            }
        }
        #expect(DenseIndex.count(treeSize: 1 << 40) == (1 << 41) - 1)
    }

    static let tree = StoredTree(leaves: (0..<130).map { MerkleHash.leaf(utf8("leaf \($0)")) })

    @Test func rootsAreThoseOfTheNaiveTree() throws {
        for size in 0...130 { #expect(try Self.tree.proof.root(size: UInt64(size)) == Self.tree.naive.root(0, size), "size \(size)") }
    }

    @Test func inclusionOfEveryLeafInEverySize() throws {
        for size in 1...130 {
            let root = Self.tree.naive.root(0, size)
            for index in 0..<size {
                let path = try Self.tree.proof.inclusion(index: UInt64(index), size: UInt64(size))
                guard path == Self.tree.naive.path(index, 0, size) else {
                    Issue.record("leaf \(index) of \(size)")
                    return
                }
                #expect(RFC9162.isIncluded(Self.tree.leaves[index], index, size, path, root), "leaf \(index) of \(size)")
            }
        }
    }

    @Test func consistencyOfEveryPair() throws {
        for new in 0...130 {
            for old in 0...new {
                let proof = try Self.tree.proof.consistency(old: UInt64(old), new: UInt64(new))
                guard proof == (old == 0 || old == new ? [] : Self.tree.naive.subproof(old, 0, new, true)) else {
                    Issue.record("\(old) to \(new)")
                    return
                }
                guard old > 0 else { continue }
                #expect(RFC9162.isConsistent(old, new, proof, Self.tree.naive.root(0, old), Self.tree.naive.root(0, new)), "\(old) to \(new)")
            }
        }
    }

    /// Whatever is changed in a proof, a leaf, an index or a root: the verifier says no.
    @Test func everyMutatedProofIsRejected() throws {
        let seed: UInt64 = 6_962
        var generator = SeededGenerator(seed: seed)
        for size in 2...48 {
            let root = Self.tree.naive.root(0, size)
            for index in 0..<size {
                let path = try Self.tree.proof.inclusion(index: UInt64(index), size: UInt64(size))
                let leaf = Self.tree.leaves[index]
                for changed in Self.mutations(path, &generator) {
                    #expect(!RFC9162.isIncluded(leaf, index, size, changed, root), "seed \(seed): leaf \(index) of \(size)")
                }
                #expect(!RFC9162.isIncluded(Self.flipped(leaf, &generator), index, size, path, root))
                #expect(!RFC9162.isIncluded(leaf, index, size, path, Self.flipped(root, &generator)))
                for other in 0...size where other != index {
                    #expect(!RFC9162.isIncluded(leaf, other, size, path, root), "leaf \(index) as \(other) of \(size)")
                }
            }
            for old in 1..<size {
                let proof = try Self.tree.proof.consistency(old: UInt64(old), new: UInt64(size))
                let oldRoot = Self.tree.naive.root(0, old)
                for changed in Self.mutations(proof, &generator) {
                    #expect(!RFC9162.isConsistent(old, size, changed, oldRoot, root), "seed \(seed): \(old) to \(size)")
                }
                #expect(!RFC9162.isConsistent(old, size, proof, Self.flipped(oldRoot, &generator), root))
                #expect(!RFC9162.isConsistent(old, size, proof, oldRoot, Self.flipped(root, &generator)))
                #expect(!RFC9162.isConsistent(old, size, proof, root, oldRoot))
            }
        }
    }

    /// Each hash with a flipped bit, each dropped, each doubled, each pair of neighbours swapped, one more at either end.
    static func mutations(_ proof: [[UInt8]], _ generator: inout SeededGenerator) -> [[[UInt8]]] {
        var result: [[[UInt8]]] = [proof + [MerkleHash.emptyRoot], [MerkleHash.emptyRoot] + proof]
        for place in proof.indices {
            var changed = proof
            changed[place] = flipped(proof[place], &generator)
            result.append(changed)
            changed = proof
            changed.remove(at: place)
            result.append(changed)
            changed = proof
            changed.insert(proof[place], at: place)
            result.append(changed)
            guard place > 0 else { continue }
            changed = proof
            changed.swapAt(place, place - 1)
            result.append(changed)
        }
        return result
    }
    static func flipped(_ hash: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var hash = hash
        hash[Int.random(in: 0..<32, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        return hash
    }

    @Test(.enabled(if: python != nil, "python3 is not installed: the oracle can't run"))
    func proofsAreThoseOfThePythonOracle() throws {
        let seed: UInt64 = 9_162
        var generator = SeededGenerator(seed: seed)
        let tree = StoredTree(leaves: (0..<3_000).map { MerkleHash.leaf(utf8("leaf \($0)")) })
        var questions: [String] = []
        var answers: [String] = []
        for _ in 0..<300 {
            let size = UInt64.random(in: 1...3_000, using: &generator)
            let part = UInt64.random(in: 0..<size, using: &generator)
            questions += ["root \(size)", "inclusion \(part) \(size)", "consistency \(part) \(size)"]
            answers.append(TextCoding.hex(try tree.proof.root(size: size)))
            answers.append(try tree.proof.inclusion(index: part, size: size).map { TextCoding.hex($0) }.joined(separator: " "))
            answers.append(try tree.proof.consistency(old: part, new: size).map { TextCoding.hex($0) }.joined(separator: " "))
        }
        let told = try askPython("merkle_oracle.py", questions)
        try #require(told.count == answers.count)
        for (question, (ours, theirs)) in zip(questions, zip(answers, told)) { #expect(ours == theirs, "seed \(seed): \(question)") }
    }
}

/// A tree whose nodes are stored as the log stores them, in a plain array.
final class StoredTree: Sendable {
    let leaves: [[UInt8]]
    private let nodes: [[UInt8]]
    let naive: NaiveTree
    var proof: MerkleProof {
        let nodes = nodes
        return MerkleProof { nodes[Int($0)] }
    }

    init(leaves: [[UInt8]]) {
        self.leaves = leaves
        naive = NaiveTree(leaves)
        var nodes: [[UInt8]] = []
        // Level by level of each leaf's completed subtrees; hashes by the definition, not by the frontier under test.
        for leaf in leaves.indices {
            var level = 0
            while true {
                let width = 1 << level
                guard (leaf + 1) % width == 0 else { break }
                nodes.append(naive.root(leaf + 1 - width, leaf + 1))
                level += 1
            }
        }
        self.nodes = nodes
    }
}

/// RFC 6962 §2.1 word for word.
final class NaiveTree: Sendable {
    private let leaves: [[UInt8]]
    private let known = Mutex<[[Int]: [UInt8]]>([:])
    init(_ leaves: [[UInt8]]) { self.leaves = leaves }

    private func split(_ width: Int) -> Int {
        var k = 1
        while k * 2 < width { k *= 2 }
        return k
    }
    func root(_ low: Int, _ high: Int) -> [UInt8] {
        if low == high { return sha256([]) }
        if high - low == 1 { return leaves[low] }
        if let hash = known.withLock({ $0[[low, high]] }) { return hash }
        let k = split(high - low)
        let hash = sha256([1] + root(low, low + k) + root(low + k, high))
        known.withLock { $0[[low, high]] = hash }
        return hash
    }
    func path(_ index: Int, _ low: Int, _ high: Int) -> [[UInt8]] {
        if high - low == 1 { return [] }
        let k = split(high - low)
        if index - low < k { return path(index, low, low + k) + [root(low + k, high)] }
        return path(index, low + k, high) + [root(low, low + k)]
    }
    func subproof(_ old: Int, _ low: Int, _ high: Int, _ whole: Bool) -> [[UInt8]] {
        if old == high - low { return whole ? [] : [root(low, high)] }
        let k = split(high - low)
        if old <= k { return subproof(old, low, low + k, whole) + [root(low + k, high)] }
        return subproof(old - k, low + k, high, false) + [root(low, low + k)]
    }
}

/// The iterative verifiers of RFC 9162 §2.1.3.2 and §2.1.4.2.
enum RFC9162 {
    static func isIncluded(_ leaf: [UInt8], _ index: Int, _ size: Int, _ path: [[UInt8]], _ root: [UInt8]) -> Bool {
        guard index < size else { return false }
        var (fn, sn, hash) = (index, size - 1, leaf)
        for sibling in path {
            if sn == 0 { return false }
            if fn & 1 == 1 || fn == sn {
                hash = sha256([1] + sibling + hash)
                if fn & 1 == 0 { while fn & 1 == 0 && fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) } }
            } else {
                hash = sha256([1] + hash + sibling)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 && hash == root
    }

    static func isConsistent(_ old: Int, _ new: Int, _ proof: [[UInt8]], _ oldRoot: [UInt8], _ newRoot: [UInt8]) -> Bool {
        if old == new { return proof.isEmpty && oldRoot == newRoot }
        guard old > 0, old < new, !proof.isEmpty else { return false }
        var path = proof
        if old & (old - 1) == 0 { path.insert(oldRoot, at: 0) }
        var (fn, sn) = (old - 1, new - 1)
        while fn & 1 == 1 { (fn, sn) = (fn >> 1, sn >> 1) }
        var (fr, sr) = (path[0], path[0])
        for hash in path.dropFirst() {
            if sn == 0 { return false }
            if fn & 1 == 1 || fn == sn {
                fr = sha256([1] + hash + fr)
                sr = sha256([1] + hash + sr)
                if fn & 1 == 0 { while fn & 1 == 0 && fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) } }
            } else {
                sr = sha256([1] + sr + hash)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 && fr == oldRoot && sr == newRoot
    }
}

let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.isExecutableFile(atPath: $0) }

/// Starts a program of Tests/Oracles, gives it lines, returns its lines.
func askPython(_ script: String, _ lines: [String], with program: String = python!, file: String = #filePath) throws -> [String] {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().path + "/Oracles/" + script]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let writing = input.fileHandleForWriting
    let questions = Data((lines.joined(separator: "\n") + "\n").utf8)
    let thread = Thread {
        writing.write(questions)
        try? writing.close()
    }
    thread.start()
    let answers = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: answers, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

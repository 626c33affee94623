internal import EventModel
internal import Foundation
internal import LMDB

/// Writes a log as C2SP tlog-tiles: hashes and entries in files that other people's tools read, over HTTP or from a directory.
///
/// Source: c2sp.org/tlog-tiles v0.1.0. Tile N of level L holds 256 nodes of level 8·L from 256·N on; entry bundles hold 256 entries, each behind
/// its length as 16 bits, big-endian. The last of each is partial: `.p/<width>`.
public struct TileExport {
    public struct Report: Equatable, Sendable {
        /// Entries covered: the size of the checkpoint.
        public var size: UInt64 = 0
        public var hashTiles = 0
        public var bundles = 0
    }

    private let directory: String
    private let mapSizeBytes: Int

    /// - Parameter directory: DATA; read only, beside a running daemon or not.
    public init(directory: String, mapSizeBytes: Int = 1 << 40) {
        self.directory = directory
        self.mapSizeBytes = mapSizeBytes
    }

    /// Writes all tiles below the last signed checkpoint, then the checkpoint itself. Full tiles that are there already are left: they can't change.
    ///
    /// - Throws: `LogError.checkpoint` if none was ever signed, `LogError.damaged`, or the file system's error.
    public func write(to target: String) throws -> Report {
        let store = try LogStore(directory: "\(directory)/log", mapSizeBytes: mapSizeBytes, readOnly: true)
        defer { store.environment.close() }
        guard try store.load() != nil else { throw LogError.notInitialised(directory) }
        guard let note = try store.lastNote(), let signed = try? SignedNote(note), let checkpoint = Checkpoint(text: signed.text) else {
            throw LogError.checkpoint("the log has no signed checkpoint yet; a daemon signs one within a second of its start")
        }
        var report = Report(size: checkpoint.size)
        var nodes = checkpoint.size
        var level = 0
        while nodes > 0 {
            for tile in 0..<(nodes + 255) / 256 {
                let width = min(256, nodes - tile * 256)
                let path = "\(target)/tile/\(level)/\(Self.path(tile, width: width))"
                if width == 256, FileManager.default.fileExists(atPath: path) { continue }
                var bytes: [UInt8] = []
                for node in tile * 256..<tile * 256 + width {
                    guard let hash = try store.node(DenseIndex.node(level: level * 8, node)) else {
                        throw LogError.damaged(at: .start, what: "a tree node of level \(level * 8) is missing")
                    }
                    bytes += hash
                }
                try Self.write(bytes, to: path)
                report.hashTiles += 1
            }
            nodes >>= 8
            level += 1
        }
        for tile in 0..<(checkpoint.size + 255) / 256 {
            let width = min(256, checkpoint.size - tile * 256)
            let path = "\(target)/tile/entries/\(Self.path(tile, width: width))"
            if width == 256, FileManager.default.fileExists(atPath: path) { continue }
            try Self.write(try Self.bundle(store, tile, width: width), to: path)
            report.bundles += 1
        }
        try Self.write(note, to: "\(target)/checkpoint")
        return report
    }

    private static func bundle(_ store: LogStore, _ tile: UInt64, width: UInt64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for index in tile * 256..<tile * 256 + width {
            let position = Position(index + 1)
            guard let fact = try store.fact(at: position) else { throw LogError.damaged(at: position, what: "the entry is missing") }
            guard try store.leaf(at: position) == MerkleHash.leaf(fact.entry) else {
                throw LogError.damaged(at: position, what: "the leaf hash doesn't match the entry")
            }
            bytes.append(UInt8(fact.entry.count >> 8))
            bytes.append(UInt8(fact.entry.count & 255))
            bytes += fact.entry
        }
        return bytes
    }

    /// `x001/x234/067`, and `.p/<width>` if it isn't full.
    static func path(_ tile: UInt64, width: UInt64) -> String {
        var parts: [String] = []
        var rest = tile
        repeat {
            let digits = String(rest % 1_000)
            parts.append((parts.isEmpty ? "" : "x") + String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1_000
        } while rest > 0
        return parts.reversed().joined(separator: "/") + (width == 256 ? "" : ".p/\(width)")
    }

    /// Beside its place, then renamed: no reader sees half a file.
    private static func write(_ bytes: [UInt8], to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url, options: .atomic)
    }
}

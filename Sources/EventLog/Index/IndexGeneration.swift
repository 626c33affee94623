import EventModel

/// What the index must answer of a run of entries that the index environment doesn't hold yet. In memory; one run is filled, one may be on its
/// way to disk.
struct IndexGeneration: Sendable {
    /// The entries before this run: exclusive.
    let base: Position
    private(set) var through: Position
    private(set) var ids: [UInt64: [Position]] = [:]
    private(set) var externals: [UInt64: [Position]] = [:]
    private(set) var streams: [StreamNumber: [Position]] = [:]
    private(set) var lastRevision: [StreamNumber: Revision] = [:]
    private(set) var newStreams: [StreamName: StreamNumber] = [:]
    var count: Int { Int(through.rawValue - base.rawValue) }

    init(base: Position) {
        self.base = base
        through = base
    }

    mutating func add(position: Position, stream: StreamNumber, revision: Revision, name: StreamName?, idHash: UInt64, external: UInt64?) {
        through = position
        ids[idHash, default: []].append(position)
        if let external { externals[external, default: []].append(position) }
        streams[stream, default: []].append(position)
        lastRevision[stream] = revision
        if revision == 1, let name { newStreams[name] = stream }
    }

    /// A single-byte access avoids copying whole arrays when only the end is wanted.
    func last(of stream: StreamNumber) -> (revision: Revision, position: Position)? {
        guard let revision = lastRevision[stream], let position = streams[stream]?.last else { return nil }
        return (revision, position)
    }
}

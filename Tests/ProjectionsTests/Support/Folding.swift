import EventModel
import Foundation
import Workflow

@testable import Projections

/// A directory that goes when the value does.
final class Scratch {
    let path: String
    init() { path = FileManager.default.temporaryDirectory.appendingPathComponent("projections-\(UUID().uuidString)").path }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

let testMapSize = 1 << 30

/// A view with all facts of a log applied, in chunks as a runner would.
func folded<V: View>(_ type: V.Type, _ log: FakeLog, in scratch: Scratch, chunk: Int = 7) throws -> V {
    let view = try V(opening: scratch.path + "/" + V.name, mapSizeBytes: testMapSize, names: log.name)
    try advance(view, log, chunk: chunk)
    return view
}

/// Applies what the view hasn't seen; commits after every `commitEvery` chunks if given.
func advance<V: View>(_ view: V, _ log: FakeLog, to end: Position? = nil, chunk: Int = 7, commitEvery: Int? = nil) throws {
    var chunks = 0
    while view.position < end ?? log.head {
        var facts: [FactRecord] = []
        let left = Int((end ?? log.head).rawValue - view.position.rawValue)
        _ = try log.readFacts(after: view.position, limit: min(chunk, left)) { facts.append($0) }
        try view.apply(facts)
        chunks += 1
        if let commitEvery, chunks % commitEvery == 0 { try view.commit(at: log.checkpoint(at: view.position)) }
    }
}

extension KPIAnswer {
    /// The row of a definition in a slice, given by its values in order.
    func row(_ definition: KPIDefinition, _ slice: [String] = [], month: String? = nil, percentile: Int? = nil) -> KPIRow? {
        rows.first { $0.definition == definition && $0.slices.map(\.value) == slice && $0.month == month && $0.percentile == percentile }
    }
    func fraction(_ definition: KPIDefinition, _ slice: [String] = [], month: String? = nil) -> [Int]? {
        row(definition, slice, month: month).map { [$0.numerator, $0.denominator] }
    }
}

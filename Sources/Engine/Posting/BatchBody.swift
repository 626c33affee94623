import EventModel
import Workflow

/// The body of `application/cloudevents-batch+json`.
enum BatchBody {
    static func split(_ body: [UInt8]) -> Result<[[UInt8]], Refusal> {
        guard body.count <= Engine.maxBatchBytes else { return .failure(Refusal(.eventTooLarge, at: "")) }
        var limits = JSONLimits()
        limits.nodes = 2_000_000
        limits.fractions = true
        do throws(JSONScanError) {
            let root = try JSONDocument(body, limits: limits).root
            guard root.kind == .array else { return .failure(Refusal(.malformedJSON, at: "")) }
            guard root.count <= Engine.maxBatchEvents else { return .failure(Refusal(.eventTooLarge, at: "")) }
            return .success(root.items.map { Array($0.text) })
        } catch {
            return .failure(Refusal(.malformedJSON, at: ""))
        }
    }
}

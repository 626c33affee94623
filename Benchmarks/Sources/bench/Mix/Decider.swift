import Engine
import EventLog
import EventModel
import Workflow

/// Decides the mix outside of any engine: commits ready for the log core, with blobs of the right length instead of sealed text.
struct Decider {
    private let rulebook: Rulebook
    private var states: [String: CaseState] = [:]
    private let now = wallClock()
    private var next: UInt64 = 0

    init(rulebook: Rulebook) { self.rulebook = rulebook }

    /// What posting these bytes commits. Throws if the mix is refused: a benchmark of refusals would say nothing.
    mutating func commit(_ json: [UInt8]) throws -> Commit {
        let claim: Claim
        switch ClaimReader.read(json) {
        case .success(let read): claim = read
        case .failure(let refusal): throw BenchError("the mix was refused: \(refusal)")
        }
        let state = claim.subject.flatMap { states[$0] }
        let sealed = sealed(claim, isNew: state == nil)
        let context = DecideContext(now: now, peer: Mix.peer, rulebook: rulebook, caseNamed: { $0 == claim.subject ? state : nil }, sealed: sealed)
        guard case .admitted(let plan) = decide(claim, in: context) else { throw BenchError("the mix was refused: \(decide(claim, in: context))") }
        next += 1
        let sections = plan.sections.map { section in
            if claim.type == .appealRated { states[section.stream.rawValue] = nil } else { states[section.stream.rawValue] = section.state }
            return Commit.Section(
                stream: section.stream, expectedRevision: section.expectedRevision, facts: section.facts,
                keyRecord: section.expectedRevision == 0 ? [UInt8](repeating: 7, count: 132) : nil)
        }
        return Commit(id: next, clock: now, sections: sections, checks: plan.checks)
    }

    private func sealed(_ claim: Claim, isNew: Bool) -> SealedInput {
        var input = SealedInput()
        for (scope, json) in claim.sealedParts() {
            var random = SplitMix(UInt64(json.count) &+ next)
            let blob = (0..<(json.count + 28 + 7) / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }.prefix(json.count + 28)
            input.blobs.append(SealedBlob(scope: scope, bytes: Array(blob)))
            input.references.append(
                SealedReference(
                    scope: scope, generation: 1, byteCount: blob.count, sha256: Array(blob.prefix(32)),
                    keyCommitment: isNew ? Array(blob.prefix(32)) : nil))
        }
        return input
    }
}

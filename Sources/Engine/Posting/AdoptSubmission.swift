import EventLog
public import EventModel
import Synchronization
public import Workflow

/// A rulebook on its way into the log: its parts and the manifest, one commit (规则采用).
final class AdoptSubmission: Submission {
    private let parts: [RulebookPart]
    private let peer: Peer
    private let stage: WriterStage
    private let deciding: DecisionServices
    private let done: Once<AdoptResult>
    private let adopted = Mutex<AdoptedRulebook?>(nil)

    let eventCount: Int
    let byteCount: Int

    init(_ parts: [RulebookPart], peer: Peer, stage: WriterStage, deciding: DecisionServices, done: @escaping @Sendable (AdoptResult) -> Void) {
        self.parts = parts
        self.peer = peer
        self.stage = stage
        self.deciding = deciding
        self.done = Once(done)
        eventCount = parts.count + 1
        byteCount = parts.reduce(4_096) { $0 + $1.text.utf8.count + 1_024 }
    }

    func decide(on log: StagedLog) -> Verdict {
        let current = stage.stagedRulebook
        if current.parts == parts {
            done(.unchanged(version: current.rulebook.version))
            return .answered
        }
        let version = current.rulebook.version + 1
        let (rulebook, findings) = RulebookCheck.read(parts, version: version)
        guard let rulebook, !findings.contains(where: { $0.severity == .error }) else {
            done(.findings(findings))
            return .answered
        }
        let facts = RulebookFacts.facts(parts, version: version, peer: peer, now: log.clock, zone: rulebook.zone)
        adopted.withLock {
            $0 = AdoptedRulebook(rulebook: rulebook, revision: current.revision + Revision(facts.count), parts: parts, position: .start)
        }
        return .commit(
            Commit(
                id: deciding.nextCommitID(), clock: log.clock,
                sections: [Commit.Section(stream: .rulebook, expectedRevision: current.revision, facts: facts)]))
    }

    func staged(_ admitted: [[Admitted]]) {
        adopted.withLock { adopted in
            adopted?.position = admitted.last?.last?.position ?? .start
            let value = adopted
            stage.stage { $0.rulebook = value }
        }
    }
    func void(_ reason: VoidReason) {
        if reason == .malformed {
            done(.refused(Refusal(.memberMalformed, at: "/files")))
        } else {
            done(.unavailable(.failed("the rulebook can't be adopted now (\(reason)); try again")))
        }
    }
    func durable() {
        guard let adopted = adopted.withLock({ $0 }) else { return }
        done(.adopted(version: adopted.rulebook.version, position: adopted.position))
    }
    func failed(_ failure: WriteFailure) {
        switch failure {
        case .full: done(.unavailable(.diskFull))
        case .outcomeUnknown: done(.unavailable(.outcomeUnknown))
        case .stopping: done(.unavailable(.stopping))
        }
    }
}

/// What became of an adoption.
public enum AdoptResult: Sendable {
    case adopted(version: Int, position: Position)
    /// The same text is in force already.
    case unchanged(version: Int)
    case findings([Finding])
    case refused(Refusal)
    case unavailable(Unavailable)
}

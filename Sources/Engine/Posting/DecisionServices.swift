import EventLog
import EventModel
import Synchronization
import Workflow

/// Gives `decide` what it may read, and nothing else.
final class DecisionServices: Sendable {
    let codeEpoch: UInt32
    let engineUID: UInt32
    private let lastCommitID = Mutex<UInt64>(UInt64.random(in: .min ... .max))

    init(codeEpoch: UInt32, engineUID: UInt32) {
        self.codeEpoch = codeEpoch
        self.engineUID = engineUID
    }

    /// Commit ids only find a waiter; a start value at random keeps the attempts of two runs apart.
    func nextCommitID() -> UInt64 {
        lastCommitID.withLock { id in
            id &+= 1
            return id
        }
    }

    /// The first failure of a read, since `decide` itself can't throw: what it then decided must not be used.
    final class Failure {
        var error: LogError?
    }

    struct Context {
        var value: DecideContext
        private let box: Failure
        var failure: LogError? { box.error }
        init(_ value: DecideContext, _ box: Failure) {
            self.value = value
            self.box = box
        }
    }

    func context(for prepared: PreparedClaim, clock: Instant, stage: WriterStage, own: OwnChanges, log: StagedLog) -> Context {
        context(peer: prepared.peer, sealed: prepared.sealed, clock: clock, stage: stage, own: own, log: log)
    }

    func context(
        peer: Peer, sealed: SealedInput = .none, clock: Instant, stage: WriterStage, own: OwnChanges = OwnChanges(),
        log: StagedLog
    ) -> Context {
        let box = Failure()
        func guarded<Result>(_ fallback: Result, _ body: () throws(LogError) -> Result) -> Result {
            do { return try body() } catch {
                box.error = box.error ?? error
                return fallback
            }
        }
        let adopted = stage.stagedRulebook
        let value = DecideContext(
            now: clock, peer: peer, rulebook: adopted.rulebook, rulebookRevision: adopted.revision,
            operationsRevision: guarded(0) { () throws(LogError) in try log.streamHead(.operations)?.revision ?? 0 }, codeEpoch: codeEpoch,
            engineUID: engineUID,
            clockOfSource: { stage.sourceClock($0) },
            caseNamed: { serial in
                if let state = own.cases[serial]?.state { return state }
                return guarded(nil) { () throws(LogError) in try stage.currentCase(serial, on: log)?.state }
            },
            lastSerial: { prefix in
                if let own = own.serials[prefix] { return (own.number, own.serial) }
                return guarded((0, nil)) { () throws(LogError) in try stage.lastSerial(prefix) }
            },
            isExternalKnown: { reference in
                own.externals[reference] ?? guarded(nil) { () throws(LogError) in try stage.caseOf(external: reference) }
            },
            sealed: sealed)
        return Context(value, box)
    }
}

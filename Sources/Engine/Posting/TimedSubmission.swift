import EventLog
import EventModel
import Synchronization
import Workflow

/// What time may have brought about: submitted like any claim, decided on the case as it is when its turn comes.
enum TimedCandidate: Sendable, Hashable {
    case deadline(serial: String, assignment: Int, kind: DeadlineKind, due: Instant)
    /// All of a case's that its clock has passed: its source's, or the wall's.
    case wholeCase(serial: String)
    /// The profile closes the case so many working days after its answer (自动办结).
    case closing(serial: String)
}

/// "Its time has come" (超期、自动办结), for one candidate. Answers whether a fact was added.
final class TimedSubmission: Submission {
    private let candidate: TimedCandidate
    private let stage: WriterStage
    private let deciding: DecisionServices
    private let done: Once<Bool>
    private let plan = Mutex<Plan?>(nil)

    let eventCount = 1
    let byteCount = 1_024

    init(_ candidate: TimedCandidate, stage: WriterStage, deciding: DecisionServices, done: @escaping @Sendable (Bool) -> Void) {
        self.candidate = candidate
        self.stage = stage
        self.deciding = deciding
        self.done = Once(done)
    }

    func decide(on log: StagedLog) -> Verdict {
        let context = deciding.context(peer: .engine(uid: deciding.engineUID), clock: log.clock, stage: stage, log: log)
        let plan: Plan?
        switch candidate {
        case .deadline(let serial, let assignment, let kind, let due):
            plan = decideOverdue(case: serial, assignment: assignment, kind: kind, due: due, in: context.value)
        case .closing(let serial): plan = decideAutomaticClosing(case: serial, in: context.value)
        case .wholeCase(let serial):
            let state = context.value.caseNamed(serial)
            plan = state.flatMap { state in context.value.clock(of: state).flatMap { overduePlan(for: state, asOf: $0, in: context.value) } }
        }
        guard let plan, context.failure == nil else {
            done(false)
            return .answered
        }
        self.plan.withLock { $0 = plan }
        return .commit(
            Commit(
                id: deciding.nextCommitID(), clock: log.clock,
                sections: plan.sections.map { Commit.Section(stream: $0.stream, expectedRevision: $0.expectedRevision, facts: $0.facts) },
                checks: plan.checks))
    }

    func staged(_ admitted: [[Admitted]]) {
        guard let plan = plan.withLock({ $0 }) else { return }
        stage.stage { staged in
            for section in plan.sections {
                let serial = section.stream.rawValue
                guard let state = section.state, let keys = staged.cases[serial]?.keys ?? stage.cache[serial]?.keys else { continue }
                staged.cases[serial] = CachedCase(state: state, keys: keys)
            }
        }
    }
    func void(_ reason: VoidReason) { done(false) }
    func durable() { done(true) }
    func failed(_ failure: WriteFailure) { done(false) }
}

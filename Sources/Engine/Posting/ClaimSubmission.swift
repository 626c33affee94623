import EventLog
import EventModel
import Synchronization
import Workflow

/// A claim ready for the writer: scanned, its free text sealed.
struct PreparedClaim: Sendable {
    var claim: Claim
    var peer: Peer
    var sealed: SealedInput
    /// The keys it was sealed under; of a new case, its own.
    var keys: CaseKeys?
    /// Whether it has text to seal but its case was not there when it was prepared.
    var isUnsealed: Bool
    var byteCount: Int
}

/// One claim, or several that stand or fall together (`atomic=true`), on their way through the writer.
final class ClaimSubmission: Submission {
    private struct State {
        var plans: [Plan] = []
        var commit: Commit?
        var admitted: [Admitted] = []
        var ownIndexes: [Int] = []
        var known: [Position] = []
    }
    private let claims: [PreparedClaim]
    private let firstItem: Int
    private let collector: Collector
    private let stage: WriterStage
    private let deciding: DecisionServices
    private let state = Mutex(State())

    let eventCount: Int
    let byteCount: Int

    /// Answers go to items `firstItem`… of the collector, one a claim.
    init(_ claims: [PreparedClaim], firstItem: Int, collector: Collector, stage: WriterStage, deciding: DecisionServices) {
        self.claims = claims
        self.firstItem = firstItem
        self.collector = collector
        self.stage = stage
        self.deciding = deciding
        eventCount = claims.count
        byteCount = claims.reduce(0) { $0 + $1.byteCount }
    }

    func decide(on log: StagedLog) -> Verdict {
        if collector.holds(subjects) { return answerAll(.again) }
        do throws(LogError) {
            if let verdict = try knownVerdict(log) { return verdict }
            return try decideNew(log)
        } catch {
            return answerAll(.unavailable(.failed("\(error)")))
        }
    }

    /// An id may have come in since the claim was prepared.
    private func knownVerdict(_ log: StagedLog) throws(LogError) -> Verdict? {
        var positions: [Position?] = []
        var isStaged = false
        for prepared in claims {
            switch try log.known(source: prepared.claim.source, id: prepared.claim.id) {
            case .no: positions.append(nil)
            case .durable(let position): positions.append(position)
            case .staged:
                isStaged = true
                positions.append(nil)
            }
        }
        if isStaged { return claims.count == 1 ? .answeredOnceDurable : answerAll(.again) }
        guard positions.contains(where: { $0 != nil }) else { return nil }
        for (index, position) in positions.enumerated() {
            if let position {
                collector.answer(firstItem + index, .known(position))
            } else {
                collector.answer(firstItem + index, .refused(Refusal(.batchPartlyKnown, at: "/id")))
            }
        }
        return .answered
    }

    private func decideNew(_ log: StagedLog) throws(LogError) -> Verdict {
        var own = OwnChanges()
        var plans: [Plan] = []
        for (index, prepared) in claims.enumerated() {
            let context = deciding.context(for: prepared, clock: log.clock, stage: stage, own: own, log: log)
            let decision = Workflow.decide(prepared.claim, in: context.value)
            if let error = context.failure { throw error }
            switch decision {
            case .refused(let refusal): return refuse(refusal, at: index)
            case .admitted(let plan):
                if prepared.isUnsealed { return answerAll(.again) }
                if !plan.receipt.isNewCase, let keys = prepared.keys, let subject = prepared.claim.subject {
                    var current = own.cases[subject]?.keys
                    if current == nil { current = try stage.currentCase(subject, on: log)?.keys }
                    if current != keys { return answerAll(.again) }
                }
                try own.add(plan, newKeys: prepared.keys) { serial throws(LogError) in try stage.currentCase(serial, on: log)?.keys }
                plans.append(plan)
            }
        }
        let commit = Self.commit(plans, own: own, clock: log.clock, id: deciding.nextCommitID())
        state.withLock { state in
            state.plans = plans
            state.commit = commit
        }
        return .commit(commit)
    }

    private func refuse(_ refusal: Refusal, at index: Int) -> Verdict {
        if claims.count == 1 {
            collector.answer(firstItem, .refused(refusal))
        } else {
            for other in claims.indices {
                let pointed = refusal.inBatch(index: index)
                collector.answer(firstItem + other, .refused(pointed))
            }
        }
        return .answered
    }

    private var subjects: [String] { claims.compactMap(\.claim.subject) }

    private func answerAll(_ answer: Decided) -> Verdict {
        if case .again = answer { collector.hold(subjects) }
        for index in claims.indices { collector.answer(firstItem + index, answer) }
        return .answered
    }

    /// Facts of one stream are one section, in the order they were decided.
    private static func commit(_ plans: [Plan], own: OwnChanges, clock: Instant, id: UInt64) -> Commit {
        var sections: [Commit.Section] = []
        var checks: [Commit.Check] = []
        var created: Set<StreamName> = []
        for plan in plans {
            for section in plan.sections {
                if let index = sections.firstIndex(where: { $0.stream == section.stream }) {
                    sections[index].facts.append(contentsOf: section.facts)
                } else {
                    let keys = section.expectedRevision == 0 ? own.cases[section.stream.rawValue]?.keys.record : nil
                    if section.expectedRevision == 0 { created.insert(section.stream) }
                    sections.append(
                        Commit.Section(stream: section.stream, expectedRevision: section.expectedRevision, facts: section.facts, keyRecord: keys))
                }
            }
            // What this commit itself creates can't be checked for before it.
            for check in plan.checks where !checks.contains(check) {
                if case .exists(let stream) = check, created.contains(stream) { continue }
                checks.append(check)
            }
        }
        return Commit(id: id, clock: clock, sections: sections, checks: checks)
    }

    func staged(_ admitted: [[Admitted]]) {
        let flat = admitted.flatMap { $0 }
        let (plans, commit) = state.withLock { state in
            state.admitted = flat
            return (state.plans, state.commit)
        }
        guard let commit else { return }
        var ownIndexes: [Int] = []
        var offset: [StreamName: Int] = [:]
        var start: [StreamName: Int] = [:]
        var count = 0
        for section in commit.sections {
            start[section.stream] = count
            count += section.facts.count
        }
        stage.stage { staged in
            for (plan, prepared) in zip(plans, claims) {
                for (index, section) in plan.sections.enumerated() {
                    let before = offset[section.stream] ?? 0
                    if index == plan.primary.section { ownIndexes.append((start[section.stream] ?? 0) + before + plan.primary.fact) }
                    offset[section.stream] = before + section.facts.count
                    guard let state = section.state else { continue }
                    let serial = section.stream.rawValue
                    if let keys = (section.expectedRevision == 0 ? prepared.keys : nil) ?? staged.cases[serial]?.keys ?? stage.cache[serial]?.keys {
                        staged.cases[serial] = CachedCase(state: state, keys: keys)
                    }
                    if let reference = section.facts.first?.externalReference { staged.externals[reference] = serial }
                }
                if prepared.claim.type == .clockAdvanced, let advanced = ClockAdvanced(prepared.claim.data) {
                    staged.sourceClocks[advanced.clockSource] = advanced.now?.instant ?? WriterStage.live
                }
            }
        }
        for plan in plans where plan.receipt.isNewCase { stage.stageSerial(plan.sections[plan.primary.section].stream.rawValue) }
        state.withLock { $0.ownIndexes = ownIndexes }
    }

    func void(_ reason: VoidReason) {
        switch reason {
        // A rival came in between: decided again on what is there now.
        case .revision, .check, .knownID, .knownExternal: _ = answerAll(.again)
        case .tooLarge, .malformed: _ = answerAll(.refused(Refusal(.eventTooLarge, at: "")))
        case .tooManyNames: _ = answerAll(.unavailable(.failed("the log holds as many codes as it can")))
        case .damaged(let position, let what): _ = answerAll(.unavailable(.failed("position \(position): \(what)")))
        }
    }

    func durable() {
        let (admitted, own) = state.withLock { ($0.admitted, $0.ownIndexes) }
        guard !admitted.isEmpty else {
            // The same id was staged earlier in this batch.
            _ = answerAll(.again)
            return
        }
        for (index, position) in own.enumerated() { collector.answer(firstItem + index, .admitted(admitted, own: position)) }
    }

    func failed(_ failure: WriteFailure) {
        switch failure {
        case .full: _ = answerAll(.unavailable(.diskFull))
        case .outcomeUnknown: _ = answerAll(.unavailable(.outcomeUnknown))
        case .stopping: _ = answerAll(.unavailable(.stopping))
        }
    }
}

/// What earlier claims of the same commit have changed: seen by the later ones.
struct OwnChanges {
    var cases: [String: CachedCase] = [:]
    var serials: [String: (number: Int, serial: String)] = [:]
    var externals: [String: String] = [:]

    mutating func add(_ plan: Plan, newKeys: CaseKeys?, keysOf: (String) throws(LogError) -> CaseKeys?) throws(LogError) {
        for section in plan.sections {
            let serial = section.stream.rawValue
            if let reference = section.facts.first?.externalReference { externals[reference] = serial }
            guard let state = section.state else { continue }
            let known = section.expectedRevision == 0 ? newKeys : nil
            var keys = known ?? cases[serial]?.keys
            if keys == nil { keys = try keysOf(serial) }
            if let keys { cases[serial] = CachedCase(state: state, keys: keys) }
        }
        if plan.receipt.isNewCase {
            let serial = plan.sections[plan.primary.section].stream.rawValue
            if let dash = serial.lastIndex(of: "-"), let number = Int(serial[serial.index(after: dash)...]) {
                serials[String(serial[...dash])] = (number, serial)
            }
        }
    }
}

import Crypto
import EventModel
import Testing

@testable import Workflow

/// A log in memory: decides claims, numbers and folds what they make, as Engine does, and keeps every entry and blob.
final class World {
    var rulebook: Rulebook
    var entries: [Entry] = []
    var facts: [Fact] = []
    private var histories: [String: [Entry]] = [:]
    var opened: [Position: [Scope: JSONDocument]] = [:]
    var cases: [String: CaseState] = [:]
    /// Serials in the order of receipt.
    var serials: [String] = []
    var externals: [String: String] = [:]
    var clocks: [String: SourceClock] = [:]
    var operationsRevision: Revision = 0
    var granted: Set<String> = []
    var nextPosition: UInt64 = 1
    /// Serials given before this log, by prefix.
    var serialsBefore: [String: Int] = [:]

    init(_ rulebook: Rulebook = TestRulebook.make()) { self.rulebook = rulebook }

    func context(now: Instant, peer: Peer, sealed: SealedInput = .none) -> DecideContext {
        DecideContext(
            now: now, peer: peer, rulebook: rulebook, rulebookRevision: 7, operationsRevision: operationsRevision, codeEpoch: 2, engineUID: 990,
            clockOfSource: { source in self.clocks.first { ClockAdvanced.clock(of: $0.key, covers: source) }?.value ?? .waiting },
            caseNamed: { self.cases[$0] }, lastSerial: { prefix in self.lastSerial(prefix) }, isExternalKnown: { self.externals[$0] },
            isAccessGranted: { self.granted.contains($0) }, sealed: sealed)
    }

    private func lastSerial(_ prefix: String) -> (number: Int, serial: String?) {
        let own = serials.filter { $0.hasPrefix(prefix) }.compactMap { serial in Int(serial.dropFirst(prefix.count)).map { ($0, serial) } }
        return own.max { $0.0 < $1.0 }.map { (number: $0.0, serial: $0.1) } ?? (serialsBefore[prefix] ?? 0, nil)
    }

    /// What Engine would seal: here the plain bytes are the blob.
    func sealing(_ claim: Claim) -> (SealedInput, [Scope: JSONDocument]) {
        var input = SealedInput()
        var documents: [Scope: JSONDocument] = [:]
        let state = claim.subject.flatMap { cases[$0] }
        for (scope, json) in claim.sealedParts() {
            let isCommitted = state?.committedKeys.contains(scope) ?? false
            let commitment = Array(SHA256.hash(data: Array("key of \(scope.name)".utf8)))
            input.references.append(
                SealedReference(
                    scope: scope, generation: 1, byteCount: json.count, sha256: Array(SHA256.hash(data: json)),
                    keyCommitment: isCommitted ? nil : commitment))
            input.blobs.append(SealedBlob(scope: scope, bytes: json))
            documents[scope] = try? JSONDocument(json)
        }
        return (input, documents)
    }

    @discardableResult
    func post(_ claim: Claim, by peer: Peer, now: Instant) throws -> Decision {
        if let refusal = sourceRefusal(claim, peer) { return .refused(refusal) }
        let (input, documents) = sealing(claim)
        let decision = decide(claim, in: context(now: now, peer: peer, sealed: input))
        if case .admitted(let plan) = decision {
            let first = try commit(plan, at: now)
            opened[first[plan.primary.section][plan.primary.fact]] = documents
            if let clock = try clockChange(plan) { clocks[clock.source] = clock.now }
        }
        return decision
    }

    /// Appends a plan's facts as entries, holds what decide said against what the entries say, and keeps the new states.
    @discardableResult
    func commit(_ plan: Plan, at now: Instant) throws -> [[Position]] {
        var positions: [[Position]] = []
        let commit = Position(nextPosition)
        let isSeveral = plan.sections.reduce(0) { $0 + $1.facts.count } > 1
        for check in plan.checks {
            switch check {
            case .exists(let stream): #expect(cases[stream.rawValue] != nil)
            case .atRevision(let stream, let revision): #expect(stream == .rulebook && revision == 7)
            }
        }
        for section in plan.sections {
            var own: [Position] = []
            let before = cases[section.stream.rawValue]?.revision ?? (section.stream == .operations ? operationsRevision : 0)
            #expect(section.expectedRevision == before)
            for (index, fact) in section.facts.enumerated() {
                let position = Position(nextPosition)
                nextPosition += 1
                let head = EntryHead(
                    position: position, revision: before + Revision(index) + 1, previousLeaf: [UInt8](repeating: 0, count: 32), recordedAt: now,
                    commit: isSeveral ? commit : nil)
                let entry = try #require(try Entry(head.entry(body: fact.body)))
                try check(entry, fact)
                entries.append(entry)
                histories[entry.envelope.subject, default: []].append(entry)
                facts.append(fact)
                own.append(position)
            }
            positions.append(own)
            if section.stream == .operations { operationsRevision += Revision(section.facts.count) }
            guard let state = section.state else { continue }
            if cases[state.serial] == nil { serials.append(state.serial) }
            cases[state.serial] = state
            if let external = state.externalReference { externals[external.key] = state.serial }
            // Long histories now and then only: folding is linear.
            if state.revision > 50, state.revision % 100 != 0 { continue }
            #expect(CaseState.folding(history(state.serial)) == state, "the state after the plan is the fold of its entries")
        }
        return positions
    }

    /// Derive equals decide, for every fact of every test.
    private func check(_ entry: Entry, _ fact: Fact) throws {
        let derived = try #require(FactDerivation.facts(of: entry))
        #expect(derived.type == fact.type)
        #expect(derived.flags == fact.flags)
        #expect(derived.unit == fact.unit)
        #expect(derived.assignment == fact.assignment)
        #expect(derived.occurredAt == fact.occurredAt)
        #expect(derived.words == fact.words)
        #expect(derived.externalReference == fact.externalReference)
        #expect(fact.words.count <= FactHeader.maxWords)
        #expect(entry.sealed.map { $0.scope } == fact.blobs.map { $0.scope })
        // Members stand in the order of the table, and the table knows each.
        let schema = try #require(EventType(rawValue: fact.type).flatMap { EventRegistry.schema(of: $0) })
        let names = entry.data.members.map { $0.name }.filter { $0 != "sealed" }
        let order = names.map { name in schema.members.firstIndex { $0.name == name } ?? -1 }
        #expect(!order.contains(-1), "\(schema.type.name) writes a member its table lacks: \(names)")
        let open = zip(names, order).filter { schema.members[$0.1].mark != .decided }.map { $0.1 }
        #expect(open == open.sorted(), "\(schema.type.name): \(names)")
    }

    private func clockChange(_ plan: Plan) throws -> (source: String, now: SourceClock)? {
        guard plan.sections[0].stream == .operations, let event = entries.last.flatMap({ StoredEvent($0) }),
            let advanced = event.body as? ClockAdvanced
        else { return nil }
        return (advanced.clockSource, advanced.now.map { .advanced($0.instant) } ?? .live)
    }

    func history(_ serial: String) -> [Entry] { histories[serial] ?? [] }
}

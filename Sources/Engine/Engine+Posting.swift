internal import EventLog
internal import EventModel
public import Workflow

extension Engine {
    /// Posts of a request, at most.
    public static let maxBatchEvents = 1_000
    /// Bytes of a batch, at most.
    public static let maxBatchBytes = 4 << 20

    /// Posts events in order; each is decided on its own, or with `atomic` all in one commit. One result an event, in order.
    ///
    /// A result other than `unavailable` is final: an accepted event is durable, a refused one left nothing behind.
    public func post(_ events: [[UInt8]], atomic: Bool = false, by peer: Peer) async -> [PostResult] {
        var results = [PostResult?](repeating: nil, count: events.count)
        for attempt in 0..<5 {
            let open = results.indices.filter { results[$0] == nil }
            if open.isEmpty { break }
            await round(events, open: open, atomic: atomic && events.count > 1, by: peer, isLast: attempt == 4, into: &results)
        }
        let final = results.map { $0 ?? .unavailable(.queueFull(retryAfterSeconds: 1)) }
        count(final)
        return final
    }

    public func postOne(_ event: [UInt8], by peer: Peer) async -> PostResult { await post([event], by: peer)[0] }

    /// Splits the body of a batch: a JSON array of at most 1,000 events and 4 MiB.
    public func splitBatch(_ body: [UInt8]) -> Result<[[UInt8]], Refusal> { BatchBody.split(body) }

    /// One pass over what is still open: prepared in order, queued in order, answered together.
    private func round(_ events: [[UInt8]], open: [Int], atomic: Bool, by peer: Peer, isLast: Bool, into results: inout [PostResult?]) async {
        var ready: [(index: Int, claim: PreparedClaim)] = []
        (ready, results) = await prepare(events, open: open, by: peer, results)
        if atomic, ready.count != open.count {
            settleAtomic(&results)
            return
        }
        guard !ready.isEmpty else { return }
        let collector = Collector(count: ready.count)
        let submissions: [ClaimSubmission]
        if atomic {
            submissions = [ClaimSubmission(ready.map(\.claim), firstItem: 0, collector: collector, stage: stage, deciding: deciding)]
        } else {
            submissions = ready.enumerated().map { offset, item in
                ClaimSubmission([item.claim], firstItem: offset, collector: collector, stage: stage, deciding: deciding)
            }
        }
        guard log.submit(submissions) else {
            let reason = log.isPoisoned ? Unavailable.outcomeUnknown : .queueFull(retryAfterSeconds: 1)
            for item in ready { results[item.index] = .unavailable(isReady ? reason : log.isPoisoned ? .outcomeUnknown : .stopping) }
            return
        }
        let answers = await collector.wait()
        for (item, answer) in zip(ready, answers) {
            switch answer {
            case .again: results[item.index] = isLast ? .unavailable(.queueFull(retryAfterSeconds: 1)) : nil
            case .refused(let refusal): results[item.index] = .refused(refusal)
            case .unavailable(let reason): results[item.index] = .unavailable(reason)
            case .known(let position): results[item.index] = known(item.claim.claim, at: position)
            case .admitted(let admitted, let own): results[item.index] = receipt(admitted, own: own, ignored: item.claim.claim.ignored)
            }
        }
        await afterwards(ready.map(\.claim.claim), results: ready.map { results[$0.index] })
    }

    /// Off the cooperative pool when many: reading a cold case blocks.
    private func prepare(
        _ events: [[UInt8]], open: [Int], by peer: Peer, _ results: [PostResult?]
    ) async -> (ready: [(index: Int, claim: PreparedClaim)], results: [PostResult?]) {
        let preparer = preparer
        let work: @Sendable () -> (ready: [(index: Int, claim: PreparedClaim)], results: [PostResult?]) = {
            var results = results
            var ready: [(index: Int, claim: PreparedClaim)] = []
            var newKeys: [String: CaseKeys] = [:]
            for index in open {
                switch preparer.prepare(events[index], by: peer, newKeys: &newKeys) {
                case .ready(let claim): ready.append((index, claim))
                case .done(let result): results[index] = result
                }
            }
            return (ready, results)
        }
        return (try? await pool.run(work)) ?? work()
    }

    /// Some items of an atomic request can't even be submitted: none is.
    private func settleAtomic(_ results: inout [PostResult?]) {
        let isAllDuplicate = results.allSatisfy { if case .duplicate = $0 { true } else { false } }
        if isAllDuplicate { return }
        let failing = results.firstIndex { result in
            switch result {
            case .refused, .unavailable: true
            default: false
            }
        }
        let answer: PostResult
        if let failing, let result = results[failing] {
            if case .refused(let refusal) = result { answer = .refused(refusal.inBatch(index: failing)) } else { answer = result }
        } else {
            let duplicate = results.firstIndex { if case .duplicate = $0 { true } else { false } } ?? 0
            answer = .refused(Refusal(.batchPartlyKnown, at: "/id").inBatch(index: duplicate))
        }
        results = results.map { _ in answer }
    }

    private func known(_ claim: Claim, at position: Position) -> PostResult {
        do { return try preparer.known(claim, at: position) } catch { return .unavailable(.failed("\(error)")) }
    }

    private func receipt(_ admitted: [Admitted], own: Int, ignored: [String]) -> PostResult {
        let entries = admitted.compactMap { (try? Entry($0.entry)) ?? nil }
        guard entries.count == admitted.count else { return .unavailable(.failed("an entry just written can't be read")) }
        let receipt = preparer.receipts.receipt(
            own: entries[own], leafHash: admitted[own].leafHash, commit: entries, showCode: true, ignored: ignored)
        return .accepted(receipt)
    }

    /// A source's clock that has moved on makes deadlines pass: they are recorded before the receipt goes out (T8).
    private func afterwards(_ claims: [Claim], results: [PostResult?]) async {
        for (claim, result) in zip(claims, results) where claim.type == .clockAdvanced {
            guard case .accepted(let receipt) = result else { continue }
            _ = await waitForViews(at: receipt.position, timeoutSeconds: 60)
            await recordOverdue()
        }
    }

    private func count(_ results: [PostResult]) {
        counters.count { values in
            for result in results {
                switch result {
                case .accepted: values.accepted += 1
                case .duplicate: values.duplicates += 1
                case .refused(let refusal): values.refused[refusal.code.rawValue, default: 0] += 1
                case .unavailable: values.unavailable += 1
                }
            }
        }
    }

    /// Adopts a rulebook, given as whole files; the text goes into the log as one commit.
    public func adoptRulebook(_ files: [(name: String, text: String)], by peer: Peer) async -> AdoptResult {
        guard peer.holds(.rulebook) || peer.role == .admin else {
            return .refused(Refusal(.typeNotGranted, at: "/type"))
        }
        let findings = checkRulebook(files)
        if findings.contains(where: { $0.severity == .error }) { return .findings(findings) }
        let parts = RulebookPart.split(Self.unixLines(files))
        return await withCheckedContinuation { continuation in
            let submission = AdoptSubmission(parts, peer: peer, stage: stage, deciding: deciding) { continuation.resume(returning: $0) }
            if !log.submit([submission]) { continuation.resume(returning: .unavailable(.queueFull(retryAfterSeconds: 1))) }
        }
    }

    /// What is wrong with a rulebook, by file and line; empty: nothing.
    public func checkRulebook(_ files: [(name: String, text: String)]) -> [Finding] {
        RulebookCheck.read(RulebookPart.split(Self.unixLines(files)), version: rulebook.version + 1).findings
    }

    /// Line ends as the log takes them; any other control character is left for the Applier to refuse.
    private static func unixLines(_ files: [(name: String, text: String)]) -> [(name: String, text: String)] {
        files.map { ($0.name, $0.text.replacing("\r\n", with: "\n")) }
    }
}

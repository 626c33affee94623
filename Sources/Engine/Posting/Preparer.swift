import EventLog
import EventModel
import Workflow

/// Everything that needs no position, done on the caller's task before the queue: scan, schema, known ids, sealing (预处理).
struct Preparer: Sendable {
    let reader: LogReader
    let sealer: Sealer
    let cache: CaseCache
    let loader: CaseLoader
    let receipts: ReceiptWriter

    enum Outcome: Sendable {
        case ready(PreparedClaim)
        case done(PostResult)
    }

    /// `newKeys`: keys of cases opened earlier in the same request, by serial; added to.
    func prepare(_ bytes: [UInt8], by peer: Peer, newKeys: inout [String: CaseKeys]) -> Outcome {
        let claim: Claim
        switch ClaimReader.read(bytes) {
        case .success(let read): claim = read
        case .failure(let refusal): return .done(.refused(refusal))
        }
        if let refusal = sourceRefusal(claim, peer) { return .done(.refused(refusal)) }
        do throws(LogError) {
            if let position = try reader.position(source: claim.source, id: claim.id) {
                return .done(try known(claim, at: position))
            }
            return .ready(try seal(claim, by: peer, byteCount: bytes.count, newKeys: &newKeys))
        } catch {
            return .done(.unavailable(.failed("\(error)")))
        }
    }

    private func seal(_ claim: Claim, by peer: Peer, byteCount: Int, newKeys: inout [String: CaseKeys]) throws(LogError) -> PreparedClaim {
        let parts = claim.sealedParts()
        var keys: CaseKeys?
        var used: Set<Scope> = []
        if claim.type == .appealReceived {
            let drawn = try sealer.drawKeys(source: claim.source, id: claim.id)
            keys = drawn
            if let subject = claim.subject { newKeys[subject] = drawn }
        } else if let subject = claim.subject, !subject.hasPrefix("@") {
            if let cached = cache[subject] {
                keys = cached.keys
                used = cached.state.committedKeys
            } else if let loaded = try loader.load(subject) {
                cache.putIfAbsent(subject, loaded)
                keys = loaded.keys
                used = loaded.state.committedKeys
            } else {
                keys = newKeys[subject]
            }
        }
        guard !parts.isEmpty else {
            return PreparedClaim(
                claim: claim, peer: peer, sealed: .none, keys: claim.type == .appealReceived ? keys : nil,
                isUnsealed: false, byteCount: byteCount + 512)
        }
        guard let keys else {
            return PreparedClaim(
                claim: claim, peer: peer, sealed: .none, keys: nil, isUnsealed: true, byteCount: byteCount + 512)
        }
        var references: [SealedReference] = []
        var blobs: [SealedBlob] = []
        for part in parts {
            let (reference, blob) = try sealer.seal(
                part.json, scope: part.scope, keys: keys, source: claim.source, id: claim.id, firstUse: !used.contains(part.scope))
            references.append(reference)
            blobs.append(blob)
        }
        return PreparedClaim(
            claim: claim, peer: peer, sealed: SealedInput(references: references, blobs: blobs), keys: keys, isUnsealed: false,
            byteCount: byteCount + blobs.reduce(512) { $0 + $1.bytes.count })
    }

    /// The log has this (source, id): the first receipt again if the content is the same, else a conflict.
    func known(_ claim: Claim, at position: Position) throws(LogError) -> PostResult {
        guard let entry = try reader.entry(at: position) else { throw .damaged(at: position, what: "the entry is missing") }
        var opened: [Scope: JSONDocument] = [:]
        var erased: Set<Scope> = []
        var round: UInt32 = 1
        if !entry.envelope.subject.hasPrefix("@") {
            var held = cache[entry.envelope.subject]
            if held == nil { held = try loader.load(entry.envelope.subject) }
            guard let held else {
                throw .damaged(at: position, what: "the case can't be folded")
            }
            (opened, erased) = try loader.opened(entry, keys: held.keys)
            round = held.state.code.round
        }
        guard claim.isSameContent(as: entry, opened: opened, erased: erased) else {
            return .refused(Refusal(.idConflict, at: "/id"))
        }
        // A code that a later one has replaced is not shown again.
        let isPresent = entry.data["code"]?["round"]?.integer == Int(round)
        return .duplicate(try receipt(entry, showCode: isPresent, ignored: claim.ignored))
    }

    /// The receipt of an entry in the log, with what else its commit brought.
    func receipt(_ own: Entry, showCode: Bool, ignored: [String]) throws(LogError) -> PostReceipt {
        var commit: [Entry] = [own]
        if let first = own.head.commit {
            commit = []
            var position = first
            while let entry = try reader.entry(at: position), entry.head.commit == first {
                commit.append(entry)
                position = position.next
            }
        }
        guard let leaf = try reader.leafHash(at: own.head.position) else { throw .damaged(at: own.head.position, what: "no leaf hash") }
        return receipts.receipt(own: own, leafHash: leaf, commit: commit, showCode: showCode, ignored: ignored)
    }
}

import EventModel
import Foundation
import LMDB

/// What must hold of the whole: the tables beside `entries`, and the index.
extension LogVerifier.Run {
    typealias Broken = LogVerifier.Broken

    /// What one snapshot says of all tables.
    struct Tables {
        var head: LogHead
        var entries: Int
        var nodes: Int
        var caseKeys: Int
        /// `nil` if a row is no name or the ids have a gap.
        var names: [String]?
        /// Rows of `checkpoints`; the size is `nil` where the key is of another length.
        var checkpoints: [(size: UInt64?, note: [UInt8])]
        var lastNote: [UInt8]?
    }

    func readTables() throws(Broken) -> Tables {
        let tables = try? store.environment.withRead { transaction -> Tables? in
            guard let value = try transaction.value(for: "head", in: store.meta), let head = LogHead(value) else { return nil }
            return Tables(
                head: head, entries: try transaction.count(of: store.entries), nodes: try transaction.count(of: store.nodes),
                caseKeys: try transaction.count(of: store.caseKeys), names: try NameTable.texts(store, transaction),
                checkpoints: try Self.checkpoints(store, transaction), lastNote: try transaction.bytes(for: "note", in: store.meta))
        }
        guard let tables else { throw Broken(position: head.position, what: "a table can't be read") }
        return tables
    }

    private static func checkpoints(_ store: LogStore, _ transaction: borrowing ReadTransaction) throws -> [(size: UInt64?, note: [UInt8])] {
        var rows: [(size: UInt64?, note: [UInt8])] = []
        var cursor = try transaction.cursor(over: store.checkpoints)
        var found = try cursor.first()
        while found {
            rows.append((cursor.key.byteCount == 8 ? cursor.key.loadBigEndian() : nil, cursor.value.bytes()))
            found = try cursor.next()
        }
        return rows
    }

    /// Signature and root of every stored checkpoint; how many there are. The nodes have been compared with the entries before.
    func checkCheckpoints(_ tables: Tables, key given: VerifierKey?) throws(Broken) -> Int {
        guard let last = tables.lastNote else {
            guard tables.checkpoints.isEmpty else { throw Broken(position: head.position, what: "checkpoints are stored, but no last note") }
            return 0
        }
        let key: VerifierKey
        if let given {
            key = given
        } else {
            let genesis = (try? store.fact(at: Position(1)).flatMap { try Entry($0.entry) }) ?? nil
            guard let text = genesis?.data["key"]?.string, let named = try? VerifierKey(text) else {
                throw Broken(position: Position(1), what: "checkpoints are stored, but the first entry names no key to check them with")
            }
            key = named
        }
        var newest: UInt64 = 0
        for row in tables.checkpoints {
            newest = try check(row.note, key, "the checkpoint kept at \(row.size.map { String($0) } ?? "a malformed key")")
            guard row.size == newest else { throw Broken(position: head.position, what: "a checkpoint is kept at another size than its own") }
        }
        let size = try check(last, key, "the last note")
        guard size >= newest else { throw Broken(position: Position(size), what: "the last note is older than the newest checkpoint kept") }
        return tables.checkpoints.count + 1
    }

    /// The size of a stored note that is signed, within the log, and has the log's root.
    private func check(_ note: [UInt8], _ key: VerifierKey, _ place: String) throws(Broken) -> UInt64 {
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try SignedCheckpoint(note: note, key: key).checkpoint
        } catch {
            throw Broken(position: head.position, what: "\(place): \(error)")
        }
        let size = checkpoint.size
        guard size <= head.position.rawValue else {
            throw Broken(position: head.position, what: "\(place) is of \(size) entries, the log has \(head.position): it was rolled back")
        }
        guard let root = try? store.proofs.root(size: size), root == checkpoint.root else {
            throw Broken(position: Position(size), what: "\(place) has another root than the log at \(size)")
        }
        return size
    }

    func finish(_ tables: Tables) throws(Broken) {
        let end = head.position
        func broken(_ what: String) -> Broken { Broken(position: end, what: what) }
        guard frontier.root == head.root else { throw broken("the root over all entries is not the stored one") }
        guard recordedAt == head.recordedAt else { throw broken("the head's recordedtime is not the last entry's") }
        guard lastStream == head.lastStream else { throw broken("the head's stream number is not the last one given") }
        guard tables.entries == Int(end.rawValue) else { throw broken("\(tables.entries) entries are stored, not \(end)") }
        guard tables.nodes == Int(DenseIndex.count(treeSize: end.rawValue)) else { throw broken("\(tables.nodes) tree nodes are stored") }
        let cases = positions.keys.count { $0.isCase }
        guard tables.caseKeys == cases else { throw broken("\(tables.caseKeys) key records are stored for \(cases) cases") }
        guard let stored = tables.names else { throw broken("a name is missing or no text") }
        guard stored.count == Int(head.lastName) else { throw broken("\(stored.count) names are stored, not \(head.lastName)") }
        guard notInterpreted > 0 || names.count == stored.count else { throw broken("the head's name id is not the last one given") }
        for (name, id) in names where id == 0 || id > stored.count || !stored[Int(id) - 1].utf8.elementsEqual(name.utf8) {
            throw broken("name \(id) is not the one first seen there")
        }
    }

    /// Blobs of entries were looked up by their place; here, that there are no others.
    func findStrayBlobs() throws(Broken) {
        var start = Key(0, UInt8(0))
        while true {
            let chunk = try? store.environment.withRead { transaction in
                var keys: [(position: UInt64, scope: UInt8)] = []
                var cursor = try transaction.cursor(over: store.sealed)
                var found = try cursor.seek(to: start)
                while found, keys.count < 10_000 {
                    let isKey = cursor.key.byteCount == 9
                    keys.append(isKey ? (cursor.key.loadBigEndian(), cursor.key.loadBigEndian(at: 8)) : (0, 0))
                    found = try cursor.next()
                }
                return keys
            }
            guard let chunk else { throw Broken(position: head.position, what: "sealed blobs can't be read") }
            for key in chunk {
                let isKnown = 1...head.position.rawValue ~= key.position || (try? store.fact(at: Position(key.position))) ?? nil != nil
                guard key.position > 0, Scope(rawValue: key.scope) != nil, isKnown else {
                    throw Broken(position: Position(key.position), what: "a sealed blob belongs to no entry")
                }
            }
            guard let last = chunk.last else { return }
            start = Key(last.position, last.scope + 1)
        }
    }

    /// The index environment may be behind the log, never beside it.
    func compareIndex(directory: String) throws(Broken) {
        guard FileManager.default.fileExists(atPath: "\(directory)/data.mdb") else { return }
        var fault: String?
        do {
            let environment = try Environment(at: directory, mapSizeBytes: 1 << 38, readOnly: true)
            defer { environment.close() }
            if let meta = try environment.existingTable("meta"), let checkpoint = try CaseIndex.checkpoint(environment, meta) {
                let through = min(checkpoint.position, head.position)
                if checkpoint.origin != origin {
                    fault = "it is of the log \(checkpoint.origin)"
                } else if try store.leaf(at: checkpoint.position) != checkpoint.leaf {
                    fault = "its checkpoint is not of this history"
                } else {
                    fault = try casesFault(environment, through) ?? streamsFault(environment, through)
                    fault = try fault ?? hashesFault(environment, "ids", ids, through) ?? hashesFault(environment, "externals", externals, through)
                }
            } else if let cases = try environment.existingTable("cases"), try environment.withRead({ try $0.count(of: cases) }) > 0 {
                fault = "it has rows and no checkpoint"
            }
        } catch {
            fault = "it can't be read (\(error))"
        }
        if let fault { throw Broken(position: head.position, what: "the index doesn't match: \(fault); delete index/ and start: it is rebuilt") }
    }

    private func casesFault(_ environment: Environment, _ through: Position) throws -> String? {
        var rows = 0
        let fault = try eachRow(environment, "cases") { key, value -> String? in
            guard key.byteCount == 12, value.byteCount == 8 else { return "a row of another size" }
            let stream = StreamNumber(key.loadBigEndian())
            let revision = Int(key.loadBigEndian(UInt32.self, at: 8))
            let position = Position(value.loadBigEndian())
            if position > head.position { return isNewer(position) ? nil : "a row for position \(position), beyond the log" }
            rows += 1
            let places = positions[stream] ?? []
            return 1...max(1, places.count) ~= revision && places.count >= revision && places[revision - 1] == position
                ? nil : "another position for revision \(revision) of stream \(stream.rawValue)"
        }
        return fault ?? (rows == Int(through.rawValue) ? nil : "\(rows) rows by stream for \(through) entries")
    }

    private func streamsFault(_ environment: Environment, _ through: Position) throws -> String? {
        var rows = 0
        let fault = try eachRow(environment, "streams") { key, value -> String? in
            guard value.byteCount == 8, let name = key.string() else { return "a row of another size" }
            let number: UInt64 = value.loadBigEndian()
            if number > lastStream.rawValue, streams[name] == nil, let (_, now) = try? store.load(), number <= now.lastStream.rawValue { return nil }
            rows += 1
            return streams[name]?.number.rawValue == number ? nil : "a stream that the log doesn't have"
        }
        let cases = positions.count { $0.key.isCase && $0.value[0] <= through }
        return fault ?? (rows == cases ? nil : "\(rows) names for \(cases) cases")
    }

    private func hashesFault(_ environment: Environment, _ table: String, _ hashes: [UInt64: [Position]], _ through: Position) throws -> String? {
        var rows = 0
        let fault = try eachRow(environment, table) { key, _ -> String? in
            guard key.byteCount == 16 else { return "a row of another size" }
            let position = Position(key.loadBigEndian(UInt64.self, at: 8))
            if position > head.position { return isNewer(position) ? nil : "a row for position \(position), beyond the log" }
            rows += 1
            return hashes[key.loadBigEndian(UInt64.self)]?.contains(position) ?? false
                ? nil : "a hash in \(table) that position \(position) doesn't have"
        }
        let expected = hashes.values.reduce(0) { $0 + $1.count { $0 <= through } }
        return fault ?? (rows == expected ? nil : "\(rows) rows in \(table), not \(expected)")
    }

    /// Whether a daemon has written this position since the head was read.
    private func isNewer(_ position: Position) -> Bool { position <= LogHead.maxPosition && ((try? store.fact(at: position)) ?? nil) != nil }

    /// Calls the body with each row until it names a fault.
    private func eachRow(_ environment: Environment, _ name: String, _ body: (borrowing RawSpan, borrowing RawSpan) -> String?) throws -> String? {
        guard let table = try environment.existingTable(name) else { return "no table \(name)" }
        return try environment.withRead { transaction in
            var cursor = try transaction.cursor(over: table)
            var found = try cursor.first()
            while found {
                if let fault = body(cursor.key, cursor.value) { return fault }
                found = try cursor.next()
            }
            return nil
        }
    }
}

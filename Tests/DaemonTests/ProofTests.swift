import EngineClient
import EventLog
import EventModel
import Foundation
import Testing

/// Checkpoints and proofs over the socket and on the command line.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ProofTests {
    private func hashes(_ value: JSONValue?) -> [[UInt8]] { (value?.items ?? []).compactMap { $0.string.flatMap { TextCoding.bytes(base64: $0) } } }
    private func hash(_ value: JSONValue?) -> [UInt8] { value?.string.flatMap { TextCoding.bytes(base64: $0) } ?? [] }

    private func key(_ daemon: Daemon) async throws -> VerifierKey {
        let genesis = try await daemon.client.get("/v1/events/1").json()
        return try VerifierKey(try #require(genesis["data"]?["key"]?.string))
    }

    @Test func proofsVerifyUnderTheCheckpoint() async throws {
        try await withDaemon { daemon in
            let client = daemon.client
            let key = try await key(daemon)
            let first = try SignedCheckpoint(note: await client.get("/v1/log/checkpoint").bytes, key: key).checkpoint
            for _ in 0..<12 { _ = try await client.post(event: Events.received()) }
            let head = try #require(try await client.get("/v1/status").json()["position"]?.integer)
            // Nobody has to wait for the second to be over: what isn't covered yet is signed now.
            let file = try await client.get("/v1/log/proof/inclusion", query: [("position", String(head))], accept: "text/plain")
            #expect(file.contentType == "text/plain; charset=utf-8")
            let proof = try TLogProof(file.bytes)
            let entry = try #require(proof.entry)
            let signed = try proof.verify(entry: entry, key: key)
            let stored = try await client.get("/v1/events/\(head)").bytes
            #expect(signed.size >= UInt64(head) && entry == stored)
            for position in [1, head / 2, head] {
                let answer = try await client.get(
                    "/v1/log/proof/inclusion", query: [("position", String(position)), ("size", String(head))]
                ).json()
                #expect(
                    MerkleVerification.isIncluded(
                        leaf: hash(answer["leaf"]), index: UInt64(position - 1), size: UInt64(head), path: hashes(answer["proof"]),
                        root: hash(answer["root"])))
            }
            let answer = try await client.get(
                "/v1/log/proof/consistency", query: [("from", String(first.size)), ("to", String(signed.size))]
            ).json()
            #expect(
                MerkleVerification.isConsistent(
                    old: first.size, new: signed.size, proof: hashes(answer["proof"]), oldRoot: first.root, newRoot: signed.root))
            let outside = try Data(contentsOf: URL(fileURLWithPath: "\(daemon.directory)/checkpoints/checkpoint"))
            #expect(try SignedCheckpoint(note: Array(outside), key: key).checkpoint == signed)
        }
    }

    @Test func parametersAreStrict() async throws {
        try await withDaemon(rulebook: false) { daemon in
            for (path, query, pointer) in [
                ("inclusion", [], "/position"), ("inclusion", [("position", "0")], "/position"), ("inclusion", [("position", "01")], "/position"),
                ("inclusion", [("position", "+1")], "/position"), ("inclusion", [("position", "-1")], "/position"),
                ("inclusion", [("position", "18446744073709551616")], "/position"), ("inclusion", [("position", "2")], "/position"),
                ("inclusion", [("position", "1"), ("size", "0")], "/size"), ("inclusion", [("position", "1"), ("size", "2")], "/size"),
                ("inclusion", [("position", "1"), ("size", "01")], "/size"), ("consistency", [], "/from"),
                ("consistency", [("from", "0"), ("to", "1")], "/from"), ("consistency", [("from", "1"), ("to", "2")], "/to"),
                ("consistency", [("from", "1"), ("to", "0")], "/to"), ("consistency", [("from", "2"), ("to", "1")], "/from"),
            ] as [(String, [(String, String)], String)] {
                let reply = try await daemon.client.send(method: "GET", path: "/v1/log/proof/\(path)", query: query)
                let problem = try reply.json()
                #expect(reply.status == 400 && problem["code"]?.string == "bad-parameter", "\(path) \(query): \(reply.text)")
                #expect(problem["errors"]?.items.first?["pointer"]?.string == pointer, "\(path) \(query): \(reply.text)")
            }
            #expect(try await daemon.client.send(method: "GET", path: "/v1/log/checkpoint", query: [("size", "1")]).status == 400)
        }
    }

    @Test func aBundleIsMadeAndChecked() async throws {
        try await withDaemon { daemon in
            func ctl(_ arguments: String...) async throws -> Program.Result {
                try await Program.run(
                    "engine-ctl", arguments, environment: ["ENGINE_SOCKET": daemon.socket, "ENGINE_DATA": "\(daemon.directory)/data"])
            }
            let serial = try await daemon.client.newCase()
            let key = String(try await ctl("log", "key").output.dropLast())
            let target = "\(daemon.directory)/bundle"
            let made = try await ctl("case", "bundle", serial, "-o", target)
            #expect(made.status == 0, "\(made.error)")
            let checked = try await ctl("bundle", "verify", target, "--key", key)
            #expect(checked.status == 0 && checked.output.contains("\(serial): 1 events"), "\(checked.error)")
            #expect(try await ctl("case", "bundle", serial, "-o", target).status == 2, "not into one that is there")
            #expect(try await ctl("bundle", "verify", target, "--key", key.replacing("test.example", with: "other.example")).status == 2)
            let proof = "\(daemon.directory)/1.tlog-proof"
            #expect(try await ctl("log", "proof", "1", "-o", proof).status == 0)
            let file = try TLogProof(Array(try Data(contentsOf: URL(fileURLWithPath: proof))))
            #expect(try file.verify(entry: try #require(file.entry), key: VerifierKey(key)).size > 0)
            let note = try await ctl("log", "checkpoint").output
            #expect(note.hasPrefix("test.example/appeals\n"))
            let tiles = try await ctl("export", "tiles", "\(daemon.directory)/tiles")
            #expect(tiles.status == 0 && FileManager.default.fileExists(atPath: "\(daemon.directory)/tiles/checkpoint"), "\(tiles.error)")
            let events = URL(fileURLWithPath: "\(target)/events/00001.tlog-proof")
            let text = try String(contentsOf: events, encoding: .utf8).replacing("index ", with: "index 1")
            try text.write(to: events, atomically: true, encoding: .utf8)
            let wrong = try await ctl("bundle", "verify", target, "--key", key)
            #expect(wrong.status == 1 && wrong.output.contains("WRONG: events/00001.tlog-proof"))
            await daemon.end()
            let verified = try await ctl("log", "verify", "--deep", "--key", key, "--json")
            #expect(verified.status == 0 && verified.output.contains("\"checkpoints\":"), "\(verified.output)\(verified.error)")
        }
    }

    /// An older copy of the data under the checkpoints of a newer one: the daemon names both sizes and doesn't start.
    @Test func aRolledBackCopyDoesNotStart() async throws {
        try await withDaemon { daemon in
            await daemon.end()
            let data = "\(daemon.directory)/data"
            try FileManager.default.copyItem(atPath: data, toPath: "\(daemon.directory)/copy")
            try await daemon.restart()
            _ = try await daemon.client.newCase()
            #expect(await daemon.end() == 0)
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.moveItem(atPath: "\(daemon.directory)/copy", toPath: data)
            let refused = try await Program.run("engine-daemon", ["--config", "\(daemon.directory)/engine.yaml"])
            #expect(refused.status == 70 && refused.error.contains("was rolled back"), "\(refused.error)")
        }
    }
}

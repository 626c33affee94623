import EngineClient
import EventModel
import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct LifecycleTests {
    @Test func aStopEndsStreamsAndLosesNothing() async throws {
        try await withDaemon { daemon in
            let receipt = try await daemon.client.post(event: Events.received(id: "last"))
            let follower = Task {
                var count = 0
                for try await _ in daemon.client.events(after: .start, follow: true) { count += 1 }
                return count
            }
            try await Task.sleep(for: .milliseconds(500))
            let start = ContinuousClock.now
            #expect(await daemon.end(SIGTERM) == 0)
            #expect(start.duration(to: .now) < .seconds(8))
            #expect(!FileManager.default.fileExists(atPath: daemon.socket), "the socket stays behind")
            _ = try? await follower.value
            await #expect(throws: ClientError.self) { try await daemon.client.get("/v1/status") }
            try await daemon.restart()
            let again = try await daemon.client.post(event: Events.received(id: "last"))
            #expect(again.status == 200)
            #expect(again.text.replacingOccurrences(of: "\"duplicate\"", with: "\"accepted\"") == receipt.text)
        }
    }

    @Test func aKilledDaemonLeavesASocketThatTheNextTakesOver() async throws {
        try await withDaemon { daemon in
            _ = try await daemon.client.post(event: Events.received(id: "kept"))
            await daemon.end(SIGKILL)
            #expect(FileManager.default.fileExists(atPath: daemon.socket))
            let error = await #expect(throws: ClientError.self) { try await daemon.client.get("/v1/status") }
            #expect(error?.code == .notRunning)
            #expect(error?.next?.contains("engine-daemon") == true)
            try await daemon.restart()
            #expect(try await daemon.client.post(event: Events.received(id: "kept")).status == 200)
        }
    }

    @Test func aSecondDaemonOnTheSameSocketDoesNotStart() async throws {
        try await withDaemon(rulebook: false) { daemon in
            let second = try await Program.run("engine-daemon", ["--config", "\(daemon.directory)/engine.yaml"])
            #expect(second.status == 70)
            #expect(second.error.contains("another daemon answers"))
            #expect(try await daemon.client.get("/v1/status").status == 200)
        }
    }

    @Test func theSocketIsItsGroupsOnly() async throws {
        try await withDaemon(rulebook: false) { daemon in
            let attributes = try FileManager.default.attributesOfItem(atPath: daemon.socket)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o660)
        }
    }

    @Test(arguments: [
        ("dta: /tmp/x\n", "engine.yaml:1: unknown key 'dta'"),
        ("data: /tmp/x\ndata: /tmp/y\n", "duplicated key(s): 'data'"),
        ("data: /tmp/x\nkeys: /tmp/k\n", "'socket' is missing"),
        ("limits: {conections: 3}\n", "unknown key 'limits.conections'"),
        ("limits: {connections: 0}\n", "must be from 1 to"),
        ("peers:\n  - {uid: 1, role: king}\n", "engine.yaml:2: 'role' is 'king'"),
        ("peers:\n  - {role: admin}\n", "needs a uid or a gid"),
        ("peers:\n  - {uid: 1, role: integrator, post: [unit], sources: [/a/]}\n", "needs 'units'"),
        ("peers:\n  - {uid: 1, role: integrator, post: [intake]}\n", "needs 'sources'"),
        ("peers:\n  - {uid: 1, role: integrator, grants: [intake]}\n", "unknown key 'grants'"),
        ("peers: {uid: 1}\n", "must be a list"),
        ("data: /tmp/x\nkeys: /tmp/k\nsocket: /\(String(repeating: "s", count: 108))\n", "a Unix socket path has at most 107"),
        ("data: [\n", "no YAML"),
    ]) func aWrongConfigurationIsNamed(text: String, message: String) async throws {
        let directory = "/tmp/ae-config-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try text.write(toFile: "\(directory)/engine.yaml", atomically: true, encoding: .utf8)
        let result = try await Program.run("engine-daemon", ["--config", "\(directory)/engine.yaml", "--check"])
        #expect(result.status == 64)
        #expect(result.error.contains(message), "\(result.error)")
    }
}

@Suite(.serialized, .timeLimit(.minutes(5))) struct PeerTests {
    @Test func anUnknownUserIsToldWhoHeIs() async throws {
        try await withDaemon(peers: "peers:\n  - {uid: 4242, role: auditor}", rulebook: false) { daemon in
            let reply = try await daemon.client.send(method: "GET", path: "/v1/status")
            #expect(reply.status == 403)
            #expect(reply.problem?.code == "unknown-peer")
            #expect(reply.problem?.detail.contains("uid \(geteuid())") == true, "\(reply.text)")
            #expect(reply.problem?.next?.contains("peers") == true)
        }
    }

    @Test func aGroupIsEnough() async throws {
        try await withDaemon(peers: "peers:\n  - {gid: \(getegid()), role: auditor}", rulebook: false) { daemon in
            #expect(try await daemon.client.get("/v1/status").status == 200)
            // An auditor posts nothing.
            let reply = try await daemon.client.raw(Events.received())
            #expect(reply.status == 403, "\(reply.text)")
        }
    }

    @Test func connectionsOfOneUserAreLimited() async throws {
        try await withDaemon(extra: "limits: {connectionsPerUser: 3}", rulebook: false) { daemon in
            let answer = try await blocking {
                let held = try (0..<6).map { _ in try RawSocket(daemon.socket) }
                defer { for socket in held { socket.close() } }
                var answers: [String] = []
                for socket in held {
                    _ = socket.send("GET /healthz HTTP/1.1\r\nHost: e\r\n\r\n")
                    answers.append(String(decoding: socket.read { $0.contains(UInt8(ascii: "}")) }, as: UTF8.self))
                }
                return answers
            }
            let refused = answer.filter { $0.hasPrefix("HTTP/1.1 503 ") }
            #expect(refused.count >= 3)
            #expect(refused.allSatisfy { $0.contains("too-many-connections") && $0.lowercased().contains("retry-after: 1") })
            #expect(answer.contains { $0.hasPrefix("HTTP/1.1 200 ") })
        }
    }
}

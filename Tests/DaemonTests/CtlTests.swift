import EventModel
import Foundation
import Testing

/// engine-ctl from the outside: what it prints, and how it ends.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CtlTests {
    @Test(
        arguments: [
            (["status", "--socket", "/tmp/there-is-none.sock"], 75, "there is no such socket"),
            (["status", "--sockt"], 2, "--sockt"),
            (["nonsense"], 2, "nonsense"),
            (["example", "appeal.unheard"], 2, "there is no event type"),
            (["example", "appeal.overdue"], 2, "can't be posted"),
            (["post", "/tmp/no-such-file.json"], 2, "There is no file"),
            (["post", "--batch", "--ndjson", "-"], 2, "exclude each other"),
            (["log", "verify", "--data", "/tmp"], 2, "holds no log"),
            (["rulebook", "check", "/tmp/no-such-rulebook"], 2, ""),
            (["case", "show", "a/b"], 2, "no serial number"),
            (["--help"], 0, ""),
            (["post", "--help"], 0, ""),
        ] as [([String], Int32, String)]) func exitCodes(arguments: [String], status: Int32, message: String) async throws
    {
        let result = try await Program.run("engine-ctl", arguments)
        #expect(result.status == status, "\(result.error)")
        if !message.isEmpty { #expect(result.error.contains(message), "\(result.error)") }
    }

    @Test func aCityFromNothing() async throws {
        try await withDaemon { daemon in
            func ctl(_ arguments: String..., input: String = "") async throws -> Program.Result {
                try await Program.run("engine-ctl", arguments, input: input, environment: ["ENGINE_SOCKET": daemon.socket])
            }
            let status = try await ctl("status")
            #expect(status.status == 0 && status.output.contains("ready") && status.output.contains("case-file@1"))
            let event = try await ctl("example", "appeal.received").output
            let posted = try await ctl("post", "-", "--json", input: event)
            #expect(posted.status == 0, "\(posted.error)")
            let serial = try #require(try JSONDocument(Array(posted.output.dropLast().utf8)).root["serial"]?.string)
            let again = try await ctl("post", "-", input: event)
            #expect(again.status == 0 && again.output.hasPrefix("duplicate"))
            let shown = try await ctl("case", "show", serial)
            #expect(shown.status == 0 && shown.output.contains("received"), "\(shown.error)")
            let history = try await ctl("case", "history", serial)
            #expect(history.output.split(separator: "\n").count == 1 && history.output.contains("appeal.received"))
            #expect(try await ctl("case", "show", "510104-20170301-999999").status == 1)
            let refused = try await ctl(
                "post", "-", input: String(decoding: Events.event("appeal.accepted", subject: "510104-20170301-999999"), as: UTF8.self))
            #expect(refused.status == 1 && refused.error.contains("case-unknown"))
            let lines = try await ctl(
                "post", "--ndjson", "-", input: String(decoding: Events.join([Events.received(), Array("x".utf8)]), as: UTF8.self))
            #expect(lines.status == 1 && lines.output.contains("1 accepted, 0 duplicate, 1 refused"), "\(lines.output) \(lines.error)")
            #expect(try await ctl("cases").output.contains(serial))
            #expect(try await ctl("tail", "-n", "1").output.contains("appeal.received"))
            #expect(try await ctl("kpi", "--period", "2017").status == 0)
            #expect(try await ctl("kpi", "--period", "20177").status == 2)
            #expect(try await ctl("feed").status == 0)
            #expect(try await ctl("projections", "rebuild", "case-file").output.contains("swapped in"))
            #expect(try await ctl("projections", "rebuild", "nope").status == 1)
            let unchanged = try await ctl("rulebook", "adopt", "\(Program.root)/packaging/rulebook/chengdu")
            #expect(unchanged.status == 0 && unchanged.output.contains("unchanged"), "\(unchanged.output)")
            let verified = try await ctl("log", "verify", "--data", "\(daemon.directory)/data", "--deep", "--json")
            #expect(verified.status == 0 && verified.output.contains("\"ok\":true"), "\(verified.output)")
            // Without a terminal there is no colour.
            #expect(!status.output.contains("\u{1B}"))
        }
    }

    @Test func initNeverOverwrites() async throws {
        let directory = "/tmp/ae-init-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(try await Program.run("engine-ctl", ["init", directory]).status == 0)
        let before = FileManager.default.contents(atPath: "\(directory)/engine.yaml")
        let second = try await Program.run("engine-ctl", ["init", directory])
        #expect(second.status == 2 && second.error.contains("nothing was changed"))
        #expect(FileManager.default.contents(atPath: "\(directory)/engine.yaml") == before)
        let mode = try FileManager.default.attributesOfItem(atPath: "\(directory)/keys")[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
        #expect(try await Program.run("engine-ctl", ["init", directory + "/x", "--socket", "/" + String(repeating: "s", count: 120)]).status == 2)
    }
}

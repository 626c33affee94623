import ArgumentParser
import Engine
import EventModel
import Foundation
import Workflow

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a new engine: data, keys and a configuration to start with.",
        discussion: """
            Below DIR it makes data/ (the log with its first entry), keys/ and engine.yaml, and prints the commands to go on with. Nothing that
            is there is overwritten. Keep the keys apart from the data, and copy them to a safe place: without them nobody reads what is sealed.

            The configuration lets you, this user, do everything on one machine; give each front end its own user before others use it.

            Examples:
              engine-ctl init ./city --origin demo.city.example/appeals
              engine-ctl init /var/lib/appeal-engine --keys /etc/appeal-engine/keys --config /etc/appeal-engine/engine.yaml \\
                  --socket /run/appeal-engine/engine.sock --origin appeals.chengdu.example
            """)

    @Argument(help: ArgumentHelp("Directory of the new engine.", valueName: "dir"))
    var directory: String
    @Option(name: .long, help: ArgumentHelp("Name of the log, for ever: a domain you own, and a path.", valueName: "name"))
    var origin = "localhost/appeals"
    @Option(name: .long, help: ArgumentHelp("Directory of the log and views (default: DIR/data).", valueName: "dir"))
    var data: String?
    @Option(name: .long, help: ArgumentHelp("Directory of the keys (default: DIR/keys).", valueName: "dir"))
    var keys: String?
    @Option(name: .long, help: ArgumentHelp("The configuration to write (default: DIR/engine.yaml).", valueName: "file"))
    var config: String?
    @Option(name: .long, help: ArgumentHelp("The socket (default: DIR/engine.sock).", valueName: "path"))
    var socket: String?

    func run() throws {
        let base = Self.absolute(directory)
        let paths = (
            data: data.map(Self.absolute) ?? "\(base)/data", keys: keys.map(Self.absolute) ?? "\(base)/keys",
            config: config.map(Self.absolute) ?? "\(base)/engine.yaml", socket: socket.map(Self.absolute) ?? "\(base)/engine.sock"
        )
        guard paths.socket.utf8.count <= 107 else {
            throw Failure(
                Outcome.usage, "The socket's path \(paths.socket) has \(paths.socket.utf8.count) bytes; a Unix socket path has at most 107.",
                next: "choose a shorter one: --socket /tmp/engine.sock")
        }
        guard !FileManager.default.fileExists(atPath: paths.config) else {
            throw Failure(
                Outcome.usage, "\(paths.config) exists; nothing was changed.",
                next: "start it: engine-daemon --config \(paths.config)   (or choose another --config)")
        }
        umask(0o077)
        do {
            for directory in [base, paths.data, paths.keys] {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            for file in [paths.config, paths.socket] {
                try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            }
        } catch {
            throw Failure(
                Outcome.usage, "A directory can't be made: \(error.localizedDescription)", next: "choose a place you may write to, or use sudo")
        }
        try Engine.initialise(EngineConfiguration(dataDirectory: paths.data, keysDirectory: paths.keys), origin: origin)
        let text = Self.configuration(
            data: paths.data, keys: paths.keys, checkpoints: EngineConfiguration.checkpoints(beside: paths.keys), socket: paths.socket)
        guard FileManager.default.createFile(atPath: paths.config, contents: Data(text.utf8)) else {
            throw Failure(
                Outcome.usage, "\(paths.config) can't be written; data and keys are made.", next: "write it by hand: docs/reference/configuration.md")
        }
        Output.text(
            """
            Made \(paths.data) (log \(origin)), \(paths.keys) and \(paths.config).

            Next:
              engine-daemon --config \(paths.config) &
              export ENGINE_SOCKET=\(paths.socket)
              engine-ctl status
              engine-ctl rulebook adopt packaging/rulebook/chengdu
              engine-ctl example appeal.received | engine-ctl post -

            Copy \(paths.keys) to a safe place now: without it nothing sealed can be read.
            """)
    }

    private static func configuration(data: String, keys: String, checkpoints: String, socket: String) -> String {
        let me = geteuid()
        return """
            # Configuration of engine-daemon; every key is in docs/reference/configuration.md. An unknown key is an error.
            data: '\(data)'
            keys: '\(keys)'
            # Where the last signed checkpoint is copied to; best on another disk or machine: it shows when the data is rolled back.
            checkpoints: '\(checkpoints)'
            socket: '\(socket)'
            # Group whose members may connect; the daemon's own if left out.
            # socketGroup: appeal-clients
            logLevel: info

            # Who may do what: the kernel names the user behind each connection. A user with several entries has the union of them.
            peers:
              # You, on a machine of your own: everything. Before others use it, give every front end a user and an entry of its own:
              #   - {uid: 1010, role: integrator, sources: [/city/mailbox], post: [intake, citizen]}
              #   - {gid: 2004, role: integrator, sources: [/district/], post: [unit], units: [510104-transport]}
              - uid: \(me)
                role: operator
                sources: [/city/, /chengdu/, /example/]
                post: [intake, citizen, dispatch, unit, leader, supervise, callback, publicity, score]
                units: ['*']      # all of the rulebook's
                leaders: ['*']
              # History: past times, own serials and due dates, on the clock of the source. Only under these sources.
              - uid: \(me)
                role: operator
                sources: [/simulate/, /import/]
                post: [intake, citizen, dispatch, unit, leader, backfill]
                units: ['*']
                leaders: ['*']
              - {uid: \(me), role: admin}

            # limits: {connections: 512, connectionsPerUser: 128}

            """
    }

    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}

import ArgumentParser
import Engine
import EventModel
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

@main
struct EngineDaemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-daemon",
        abstract: "Runs the appeal engine (诉求引擎): events in and answers out, over HTTP on a Unix socket.",
        discussion: """
            Flags go before environment (ENGINE_DATA, ENGINE_KEYS, ENGINE_CHECKPOINTS, ENGINE_SOCKET, ENGINE_SOCKET_GROUP, ENGINE_LOG_LEVEL),
            environment before the file.
            Create data, keys and a first configuration with: engine-ctl init

            Examples:
              engine-daemon --config /etc/appeal-engine/engine.yaml
              engine-daemon --config engine.yaml --socket /tmp/engine.sock --log-level debug
              engine-daemon --config engine.yaml --check
              curl --unix-socket /run/appeal-engine/engine.sock http://engine/v1/status

            It ends with 0 after SIGTERM or SIGINT, 64 if the configuration is wrong, 75 if it must be started again (a commit failed), 70 otherwise.
            """)

    @Option(name: .long, help: ArgumentHelp("The YAML file with peers, paths and limits.", valueName: "file"))
    var config: String?
    @Option(name: .long, help: ArgumentHelp("Directory of log, index and views.", valueName: "dir"))
    var data: String?
    @Option(name: .long, help: ArgumentHelp("Directory of the keys; not below --data.", valueName: "dir"))
    var keys: String?
    @Option(name: .long, help: ArgumentHelp("Directory of the last signed checkpoint (default: checkpoints, beside --keys).", valueName: "dir"))
    var checkpoints: String?
    @Option(name: .long, help: ArgumentHelp("Path of the socket, at most \(Limits.socketPathBytes) bytes.", valueName: "path"))
    var socket: String?
    @Option(name: .long, help: ArgumentHelp("Group whose members may connect.", valueName: "group"))
    var socketGroup: String?
    @Option(name: .long, help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?
    @Flag(name: .long, help: "Check the configuration, say what it means, and stop.")
    var check = false
    @Flag(name: .long, help: "Print the routes with their parameters, and stop.")
    var routes = false

    func run() async throws {
        if routes { return printRoutes() }
        let configuration: DaemonConfiguration
        do {
            configuration = try load()
        } catch {
            Self.complain(error.description)
            throw ExitCode(64)
        }
        if check { return print("ok: \(configuration.peers.count) peers, socket \(configuration.socket), data \(configuration.data)") }
        let level = configuration.logLevel
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
        // Everything made from here on is the daemon's own; the socket is opened to its group after the bind.
        umask(0o077)
        throw ExitCode(await Service(configuration: configuration, logger: Logger(label: "engine-daemon")).run())
    }

    private func load() throws(ConfigurationError) -> DaemonConfiguration {
        let environment = ProcessInfo.processInfo.environment
        var file = ConfigurationFile.empty
        let path = config ?? environment["ENGINE_CONFIG"]
        if let path {
            let text: String
            do {
                text = try String(contentsOfFile: path, encoding: .utf8)
            } catch {
                throw ConfigurationError(
                    place: path, problem: "can't be read as UTF-8 text. Check the path and its permissions, or make one: engine-ctl init")
            }
            file = try ConfigurationFile(text: text, name: path)
        }
        let flags = ConfigurationOverrides(
            data: data, keys: keys, checkpoints: checkpoints, socket: socket, socketGroup: socketGroup, logLevel: logLevel)
        return try .resolve(file: file, name: path ?? "configuration", overrides: flags.or(.environment(environment)))
    }

    private func printRoutes() {
        let table = Routes.table(metrics: HTTPMetrics(), connections: ConnectionTable(peers: PeerTable(entries: []), limits: Limits()))
        for route in table.routes { print(([route.method.rawValue, route.path] + route.parameters.sorted()).joined(separator: " ")) }
    }

    static func complain(_ text: String) { FileHandle.standardError.write(Data("engine-daemon: \(text)\n".utf8)) }
}

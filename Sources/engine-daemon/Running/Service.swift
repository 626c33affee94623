import Engine
import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The daemon from start to end: engine, then socket; at a stop the socket first, then the engine.
struct Service: Sendable {
    let configuration: DaemonConfiguration
    let logger: Logger

    /// The exit status.
    func run() async -> Int32 {
        let limits = configuration.limits
        let socketPath = SocketPath(path: configuration.socket, group: configuration.socketGroup)
        let engine: Engine
        do {
            try socketPath.prepare()
            engine = try Engine(
                EngineConfiguration(
                    dataDirectory: configuration.data, keysDirectory: configuration.keys, checkpointsDirectory: configuration.checkpoints,
                    mapSizeBytes: limits.mapSizeBytes,
                    queueEvents: limits.queueEvents,
                    queueBytes: limits.queueBytes), logger: logger)
        } catch {
            logger.critical("can't start", metadata: ["why": "\(error)"])
            EngineDaemon.complain("\(error)")
            return 70
        }
        if configuration.peers.isEmpty {
            logger.warning("no peers are configured: every request will be answered 403; add 'peers' to the configuration")
        }
        let state = ServiceState()
        let metrics = HTTPMetrics()
        let connections = ConnectionTable(peers: PeerTable(entries: configuration.peers), limits: limits)
        let responder = Responder(
            engine: engine, table: Routes.table(metrics: metrics, connections: connections), limits: limits, service: state, metrics: metrics,
            logger: logger)
        let failure = Mutex<String?>(nil)
        let started = logger
        let server = Server(
            childChannelSetup: PeerChannel(table: connections, limits: limits) { request, writer, channel in
                try await responder.respond(to: request, writer: writer, channel: channel)
            },
            configuration: ServerConfiguration(address: .unixDomainSocket(path: configuration.socket), backlog: 512),
            onServerRunning: { _ in
                do throws(SocketPath.Failure) {
                    try socketPath.open()
                    started.notice("ready", metadata: ["socket": "\(socketPath.path)", "head": "\(engine.head)"])
                } catch {
                    started.critical("can't open the socket", metadata: ["why": "\(error)"])
                }
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet(logger))
        var group = ServiceGroupConfiguration(
            services: [.init(service: server), .init(service: StopWatcher(state: state))], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet(logger))
        group.maximumGracefulShutdownDuration = .seconds(Limits.drainSeconds)
        let services = ServiceGroup(configuration: group)
        engine.onPoison { why in
            logger.critical("the log took no commit; the daemon stops and must be started again", metadata: ["why": "\(why)"])
            failure.withLock { $0 = why }
            Task { await services.triggerGracefulShutdown() }
        }
        var status: Int32 = 0
        do {
            try await services.run()
        } catch {
            if !state.isStopping {
                logger.critical("the socket failed", metadata: ["why": "\(error)"])
                EngineDaemon.complain("\(error)")
                status = 70
            }
        }
        state.stop()
        await engine.stop()
        socketPath.remove()
        if failure.withLock({ $0 }) != nil || engine.isPoisoned { status = 75 }
        logger.notice("stopped", metadata: ["status": "\(status)"])
        return status
    }

    /// The framework's own lines only from warnings on.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}

/// Raises the flag that ends streams as soon as a stop begins.
private struct StopWatcher: ServiceLifecycle.Service {
    let state: ServiceState

    func run() async throws {
        try? await gracefulShutdown()
        state.stop()
    }
}

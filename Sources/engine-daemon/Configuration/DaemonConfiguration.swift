import Logging

/// What the daemon is told at start: flags go before environment, environment before file.
struct DaemonConfiguration: Equatable, Sendable {
    var data: String
    var keys: String
    /// Where the last signed checkpoint is copied to; `nil`: `checkpoints` beside the keys.
    var checkpoints: String?
    var socket: String
    /// Group of the socket and of its directory: who may connect. `nil`: the daemon's own.
    var socketGroup: String?
    var logLevel = Logger.Level.info
    var peers: [PeerEntry] = []
    var limits = Limits()
}

/// A configuration that can't be used: where, what, and what to do.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    var place: String
    var problem: String
    var description: String { place.isEmpty ? problem : "\(place): \(problem)" }
}

/// What flags or environment say; the missing is taken from the file.
struct ConfigurationOverrides: Sendable {
    var data: String?
    var keys: String?
    var checkpoints: String?
    var socket: String?
    var socketGroup: String?
    var logLevel: String?

    /// These, else those.
    func or(_ other: ConfigurationOverrides) -> ConfigurationOverrides {
        ConfigurationOverrides(
            data: data ?? other.data, keys: keys ?? other.keys, checkpoints: checkpoints ?? other.checkpoints, socket: socket ?? other.socket,
            socketGroup: socketGroup ?? other.socketGroup,
            logLevel: logLevel ?? other.logLevel)
    }

    static func environment(_ values: [String: String]) -> ConfigurationOverrides {
        ConfigurationOverrides(
            data: values["ENGINE_DATA"], keys: values["ENGINE_KEYS"], checkpoints: values["ENGINE_CHECKPOINTS"], socket: values["ENGINE_SOCKET"],
            socketGroup: values["ENGINE_SOCKET_GROUP"],
            logLevel: values["ENGINE_LOG_LEVEL"])
    }
}

extension DaemonConfiguration {
    /// Puts file and overrides together and checks what is needed.
    static func resolve(file: ConfigurationFile, name: String, overrides: ConfigurationOverrides) throws(ConfigurationError) -> DaemonConfiguration {
        let values = overrides.or(file.values)
        func need(_ value: String?, _ key: String) throws(ConfigurationError) -> String {
            guard let value, !value.isEmpty else {
                throw ConfigurationError(
                    place: name, problem: "'\(key)' is missing; set it in the file, as --\(key) or as ENGINE_\(key.uppercased())")
            }
            return value
        }
        var configuration = DaemonConfiguration(
            data: try need(values.data, "data"), keys: try need(values.keys, "keys"), checkpoints: values.checkpoints,
            socket: try need(values.socket, "socket"),
            socketGroup: values.socketGroup, peers: file.peers, limits: file.limits)
        if let level = values.logLevel {
            guard let known = Logger.Level(rawValue: level) else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(place: name, problem: "'logLevel' is '\(level)'; it is one of \(levels)")
            }
            configuration.logLevel = known
        }
        let socketBytes = configuration.socket.utf8.count
        guard socketBytes <= Limits.socketPathBytes else {
            throw ConfigurationError(
                place: name,
                problem:
                    "'socket' has \(socketBytes) bytes; a Unix socket path has at most \(Limits.socketPathBytes). Choose a shorter directory, such as /run/appeal-engine"
            )
        }
        guard configuration.limits.connectionsPerUser <= configuration.limits.connections else {
            throw ConfigurationError(place: name, problem: "'limits.connectionsPerUser' is above 'limits.connections'; lower it")
        }
        return configuration
    }
}

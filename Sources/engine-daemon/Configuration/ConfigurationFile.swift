import Workflow
import Yams

/// The YAML file, read strictly: a key nobody knows is an error with its line, so that a typo can't switch a rule off.
struct ConfigurationFile: Sendable {
    var values = ConfigurationOverrides()
    var peers: [PeerEntry] = []
    var limits = Limits()

    static let empty = ConfigurationFile()

    init() {}

    init(text: String, name: String) throws(ConfigurationError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError(place: name, problem: "no YAML: \(error)")
        }
        guard let root else { return }
        let reader = NodeReader(file: name)
        for (key, value, line) in try reader.mapping(root, "the file") {
            switch key {
            case "data": values.data = try reader.text(value, key)
            case "keys": values.keys = try reader.text(value, key)
            case "checkpoints": values.checkpoints = try reader.text(value, key)
            case "socket": values.socket = try reader.text(value, key)
            case "socketGroup": values.socketGroup = try reader.text(value, key)
            case "logLevel": values.logLevel = try reader.text(value, key)
            case "limits": try readLimits(value, reader)
            case "peers":
                for item in try reader.list(value, key) { peers.append(try PeerEntry(item, reader)) }
            default:
                throw reader.error(line, "unknown key '\(key)'; known are data, keys, checkpoints, socket, socketGroup, logLevel, limits, peers")
            }
        }
    }

    private mutating func readLimits(_ node: Node, _ reader: NodeReader) throws(ConfigurationError) {
        for (key, value, line) in try reader.mapping(node, "limits") {
            switch key {
            case "connections": limits.connections = try reader.number(value, key, 1...65_536)
            case "connectionsPerUser": limits.connectionsPerUser = try reader.number(value, key, 1...65_536)
            case "requestHeadSeconds": limits.requestHeadSeconds = try reader.number(value, key, 1...600)
            case "idleSeconds": limits.idleSeconds = try reader.number(value, key, 1...3_600)
            case "bodyStallSeconds": limits.bodyStallSeconds = try reader.number(value, key, 1...600)
            case "bodyTotalSeconds": limits.bodyTotalSeconds = try reader.number(value, key, 1...3_600)
            case "responseWriteSeconds": limits.responseWriteSeconds = try reader.number(value, key, 1...600)
            case "streamStallSeconds": limits.streamStallSeconds = try reader.number(value, key, 1...3_600)
            case "queueEvents": limits.queueEvents = try reader.number(value, key, 1...1_048_576)
            case "queueBytes": limits.queueBytes = try reader.number(value, key, 262_144...(1 << 31))
            case "mapSizeBytes": limits.mapSizeBytes = try reader.number(value, key, (1 << 20)...(1 << 46))
            default: throw reader.error(line, "unknown key 'limits.\(key)'; docs/reference/limits.md lists the settable ones")
            }
        }
    }
}

/// Yams nodes as values, with the line in every error.
struct NodeReader: Sendable {
    let file: String

    func error(_ line: Int, _ problem: String) -> ConfigurationError {
        ConfigurationError(place: line > 0 ? "\(file):\(line)" : file, problem: problem)
    }
    func line(_ node: Node) -> Int { node.mark?.line ?? 0 }

    func mapping(_ node: Node, _ what: String) throws(ConfigurationError) -> [(key: String, value: Node, line: Int)] {
        guard case .mapping(let mapping) = node else { throw error(line(node), "\(what) must be a list of 'key: value'") }
        var members: [(key: String, value: Node, line: Int)] = []
        for (key, value) in mapping {
            guard let name = key.string else { throw error(line(key), "a key must be plain text") }
            guard !members.contains(where: { $0.key == name }) else { throw error(line(key), "'\(name)' stands here a second time") }
            members.append((name, value, line(key)))
        }
        return members
    }
    func list(_ node: Node, _ key: String) throws(ConfigurationError) -> [Node] {
        guard case .sequence(let sequence) = node else { throw error(line(node), "'\(key)' must be a list") }
        return Array(sequence)
    }
    func text(_ node: Node, _ key: String) throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw error(line(node), "'\(key)' must be text") }
        return scalar.string
    }
    func texts(_ node: Node, _ key: String) throws(ConfigurationError) -> [String] {
        var result: [String] = []
        for item in try list(node, key) { result.append(try text(item, key)) }
        return result
    }
    func number(_ node: Node, _ key: String, _ range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard case .scalar(let scalar) = node, let number = Int(scalar.string) else { throw error(line(node), "'\(key)' must be a whole number") }
        guard range.contains(number) else { throw error(line(node), "'\(key)' must be from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }
}

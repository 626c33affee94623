import Foundation
import HTTPTypes
import Testing
import Workflow
import Yams

@testable import engine_ctl
@testable import engine_daemon

/// What is written about the daemon is what it does.
@Suite struct ContractTests {
    private struct Operation: Hashable, CustomStringConvertible {
        var method: String
        var path: String
        var parameters: [String]
        var description: String { ([method, path] + parameters).joined(separator: " ") }
    }

    @Test func theOpenAPIDocumentListsTheRoutes() throws {
        let text = try String(contentsOfFile: "\(Program.root)/docs/reference/openapi.yaml", encoding: .utf8)
        let document = try #require(try Yams.load(yaml: text) as? [String: Any])
        #expect((document["openapi"] as? String)?.hasPrefix("3.1") == true)
        let named = ((document["components"] as? [String: Any])?["parameters"] as? [String: Any]) ?? [:]
        var documented: Set<Operation> = []
        for (path, item) in try #require(document["paths"] as? [String: Any]) {
            for (method, operation) in try #require(item as? [String: Any]) where ["get", "post", "put", "delete", "patch"].contains(method) {
                let operation = try #require(operation as? [String: Any])
                let parameters = ((operation["parameters"] as? [Any]) ?? []).compactMap { parameter -> String? in
                    var parameter = parameter as? [String: Any] ?? [:]
                    if let reference = parameter["$ref"] as? String {
                        parameter = named[String(reference.split(separator: "/").last ?? "")] as? [String: Any] ?? [:]
                    }
                    return parameter["in"] as? String == "query" ? parameter["name"] as? String : nil
                }
                #expect(operation["responses"] != nil, "\(method) \(path) has no responses")
                documented.insert(Operation(method: method.uppercased(), path: path, parameters: parameters.sorted()))
            }
        }
        let table = Routes.table(metrics: HTTPMetrics(), connections: ConnectionTable(peers: PeerTable(entries: []), limits: Limits()))
        let registered = Set(table.routes.map { Operation(method: $0.method.rawValue, path: $0.path, parameters: $0.parameters.sorted()) })
        #expect(documented.subtracting(registered).isEmpty, "documented, but not there")
        #expect(registered.subtracting(documented).isEmpty, "there, but not documented")
    }

    /// Names of `Limits.swift` and of limits.md, in the same order.
    @Test func theLimitsPageListsTheLimits() throws {
        let source = try String(contentsOfFile: "\(Program.root)/Sources/engine-daemon/Limits.swift", encoding: .utf8)
        let names = source.matches(of: #/(?:static let|var) (\w+)(?::[^=]+)? = /#).map { String($0.1) }
        let page = try String(contentsOfFile: "\(Program.root)/docs/reference/limits.md", encoding: .utf8)
        let listed = page.matches(of: #/(?m)^\| `(\w+)`/#).map { String($0.1) }
        #expect(listed == names)
    }

    @Test func theConfigurationPageHasEveryKeyAndItsExampleIsRead() throws {
        let page = try String(contentsOfFile: "\(Program.root)/docs/reference/configuration.md", encoding: .utf8)
        for key in [
            "data", "keys", "checkpoints", "socket", "socketGroup", "logLevel", "peers", "limits", "uid", "gid", "role", "sources", "post", "units",
            "mailboxes",
            "leaders", "maxLateness",
        ] {
            #expect(page.contains("`\(key)`"), "\(key)")
        }
        let example = try String(contentsOfFile: "\(Program.root)/packaging/engine.yaml.example", encoding: .utf8)
        let file = try ConfigurationFile(text: example, name: "engine.yaml.example")
        #expect(file.peers.count > 3)
        _ = try DaemonConfiguration.resolve(file: file, name: "engine.yaml.example", overrides: ConfigurationOverrides())
    }

    /// `engine-ctl example` prints for every type that can be posted what the engine's reader takes.
    @Test func everyExampleIsAnEvent() throws {
        for schema in EventRegistry.schemas where schema.isPosted && !schema.type.name.hasPrefix("rulebook.") {
            let event = Examples.event(schema.type, serial: "510104-20170301-000001", source: "/example/front-end", id: "e")
            #expect(Examples.data[schema.type] != nil, "no example of \(schema.type.name)")
            if case .failure(let refusal) = ClaimReader.read(event) {
                Issue.record("\(schema.type.name): \(refusal.code.rawValue) at \(refusal.pointer)")
            }
        }
    }
}

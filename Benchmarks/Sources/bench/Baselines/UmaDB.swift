import Foundation

/// UmaDB 0.7.8: server and client of the PyPI package, over gRPC on loopback. Client processes are Python around the Rust client.
struct UmaDB {
    private let server: Child
    private let url: String
    private let events: String

    private static let environment = "\(Setting.packageDirectory)/.venv-umadb/bin"
    static let missing = "UmaDB is not installed (make -C Benchmarks deps)"

    /// `nil` if it is not installed.
    init?(_ work: WorkDirectory, events: [[UInt8]]) throws {
        guard FileManager.default.isExecutableFile(atPath: "\(Self.environment)/umadb") else { return nil }
        self.events = "\(try work.fresh("umadb"))/events.ndjson"
        try Data(events.joined(separator: [0x0A])).write(to: URL(fileURLWithPath: self.events))
        let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier) % 20_000
        url = "http://127.0.0.1:\(port)"
        server = try Child(
            "\(Self.environment)/umadb", ["--listen", "127.0.0.1:\(port)", "--db-path", "\(work.path)/umadb/uma.db"], log: "\(work.path)/umadb/log")
    }

    /// Events a second, appended by so many clients in batches.
    func append(clients: Int, batch: Int) throws -> Double {
        let text = try Child.output(
            "\(Self.environment)/python", ["\(Setting.packageDirectory)/baselines/umadb_load.py", url, events, String(clients), String(batch)])
        guard let last = text.split(separator: "\n").last, let perSecond = Double(last) else { throw BenchError("umadb_load.py said: \(text)") }
        return perSecond
    }

    func stop() { server.stop() }
}

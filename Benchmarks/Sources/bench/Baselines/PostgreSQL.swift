import Foundation

/// PostgreSQL with a plain table of events, started for the run on a folder of its own, reached over its Unix socket.
///
/// Durable (fsync and synchronous_commit are on, as by default); shared_buffers and max_wal_size raised so that no checkpoint falls into a run.
struct PostgreSQL: Sendable {
    private let bin: String
    private let socket: String
    /// PostgreSQL refuses to run as root.
    private static let asUser = geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : ["/usr/bin/env"]
    private let server: Child

    static let missing = "no PostgreSQL 15 (apt install postgresql)"
    private static let bin = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"].first {
        FileManager.default.isExecutableFile(atPath: "\($0)/pgbench") && FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
    }

    /// `nil` if PostgreSQL is not installed.
    init?(_ work: WorkDirectory) async throws {
        guard let bin = Self.bin else { return nil }
        let data = try work.fresh("postgresql")
        let socket = "\(work.socketDirectory)/pg"
        let log = "\(work.path)/postgresql.log"
        try FileManager.default.createDirectory(atPath: socket, withIntermediateDirectories: true)
        if geteuid() == 0 { try Child.output("/bin/chown", ["postgres:postgres", data, socket]) }
        self.bin = bin
        self.socket = socket
        try Child.output(
            Self.asUser[0],
            Self.asUser.dropFirst() + ["\(bin)/initdb", "-D", data, "-U", "bench", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"])
        let settings = ["listen_addresses=", "shared_buffers=512MB", "max_wal_size=16GB", "checkpoint_timeout=1h", "autovacuum=off"]
        server = try Child(
            Self.asUser[0], Self.asUser.dropFirst() + ["\(bin)/postgres", "-D", data, "-k", socket] + settings.flatMap { ["-c", $0] }, log: log)
        try await Daemon.wait(for: "\(socket)/.s.PGSQL.5432", server, log: log)
        let table = "CREATE TABLE events (position bigserial, stream bigint, revision int, body jsonb NOT NULL, UNIQUE (stream, revision))"
        // It listens a little before it answers.
        for attempt in 0... {
            do {
                try run("psql", ["-h", socket, "-U", "bench", "-d", "postgres", "-q", "-c", table])
                break
            } catch {
                if attempt == 50 { throw error }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Single inserts a second of one event each, `clients` at a time, prepared statements; and the mean latency in milliseconds.
    func singles(clients: Int, seconds: Int, round: Int, event: [UInt8]) throws -> (perSecond: Double, latency: Double) {
        try pgbench(
            clients, seconds,
            """
            \\set n :n + 1
            \\set stream (:round * 1000 + :client_id) * 10000000 + :n / 12
            \\set revision :n % 12 + 1
            INSERT INTO events (stream, revision, body) VALUES (:stream, :revision, :body);
            """, round, event)
    }

    /// Events a second in transactions of 100, one statement each.
    func hundreds(clients: Int, seconds: Int, round: Int, event: [UInt8]) throws -> Double {
        let bodies = Array(repeating: ":body", count: 100).joined(separator: ",")
        let result = try pgbench(
            clients, seconds,
            """
            \\set n :n + 1
            \\set stream (:round * 1000 + :client_id) * 10000000 + :n
            INSERT INTO events (stream, revision, body) SELECT :stream, i, b FROM unnest(ARRAY[\(bodies)]::jsonb[]) WITH ORDINALITY AS t (b, i);
            """, round, event)
        return result.perSecond * 100
    }

    private func pgbench(_ clients: Int, _ seconds: Int, _ script: String, _ round: Int, _ event: [UInt8]) throws -> (
        perSecond: Double, latency: Double
    ) {
        let file = "\(socket)/script"
        try script.write(toFile: file, atomically: false, encoding: .utf8)
        let text = try run(
            "pgbench",
            [
                "-h", socket, "-U", "bench", "-n", "-c", String(clients), "-j", "2", "-T", String(seconds), "-M", "prepared", "-D", "n=0", "-D",
                "round=\(round)",
                "-D", "body=\(String(decoding: event, as: UTF8.self))", "-f", file, "postgres",
            ])
        func number(after label: String) -> Double? {
            guard let range = text.range(of: label) else { return nil }
            return Double(text[range.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "." })
        }
        guard let perSecond = number(after: "tps ="), let latency = number(after: "latency average =") else {
            throw BenchError("pgbench said: \(text)")
        }
        return (perSecond, latency)
    }

    func stop() { server.stop() }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> String {
        try Child.output(Self.asUser[0], Self.asUser.dropFirst() + ["\(bin)/\(program)"] + arguments)
    }
}

import EventModel
import Synchronization

/// What the HTTP side counts, as Prometheus text.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        var method: String
        var route: String
        var status: Int
    }
    private struct Counts {
        var requests: [Key: Int] = [:]
        var seconds: [String: Double] = [:]
        var underWay = 0
        var cut = 0
    }
    private let counts = Mutex(Counts())
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    func began() { counts.withLock { $0.underWay += 1 } }

    func ended(method: String, route: String, status: Int, duration: Duration, cut: Bool) {
        let method = Self.methods.contains(method) ? method : "other"
        counts.withLock { counts in
            counts.underWay -= 1
            if cut { counts.cut += 1 }
            counts.requests[Key(method: method, route: route, status: status), default: 0] += 1
            counts.seconds[route, default: 0] += duration.inSeconds
        }
    }

    func text(connections: Int) -> String {
        let counts = counts.withLock { $0 }
        var lines = ["# TYPE appeal_http_requests_total counter"]
        lines += counts.requests.map { "appeal_http_requests_total{method=\"\($0.method)\",route=\"\($0.route)\",status=\"\($0.status)\"} \($1)" }
            .sorted()
        lines.append("# TYPE appeal_http_request_seconds_total counter")
        lines += counts.seconds.map { "appeal_http_request_seconds_total{route=\"\($0)\"} \($1)" }.sorted()
        lines.append("# TYPE appeal_http_requests_under_way gauge")
        lines.append("appeal_http_requests_under_way \(counts.underWay)")
        lines.append("# TYPE appeal_http_answers_cut_total counter")
        lines.append("appeal_http_answers_cut_total \(counts.cut)")
        lines.append("# TYPE appeal_http_connections gauge")
        lines.append("appeal_http_connections \(connections)")
        return lines.joined(separator: "\n") + "\n"
    }
}

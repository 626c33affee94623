import HTTPTypes

/// One route: where, which parameters, who answers. docs/reference/openapi.yaml is held against the list of them by a test.
struct Route: Sendable {
    var method: HTTPRequest.Method
    /// `/v1/cases/{serial}`
    var path: String
    /// Names of the query's parameters; any other is a 400.
    var parameters: [String]
    var handler: @Sendable (Exchange) async throws -> Reply

    private let segments: [Substring]

    init(_ method: HTTPRequest.Method, _ path: String, _ parameters: [String] = [], _ handler: @escaping @Sendable (Exchange) async throws -> Reply) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.handler = handler
        segments = path.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// The values of the path's parameters, if it fits. An empty segment fits nothing.
    func match(_ target: [Substring]) -> [String: String]? {
        guard target.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (pattern, segment) in zip(segments, target) {
            if pattern.first == "{" {
                guard let value = PercentCoding.decode(segment), !value.isEmpty else { return nil }
                values[String(pattern.dropFirst().dropLast())] = value
            } else if pattern != segment {
                return nil
            }
        }
        return values
    }
}

struct RouteTable: Sendable {
    let routes: [Route]

    enum Match {
        case route(Route, path: [String: String])
        case otherMethods(String)
        case nothing
    }

    /// HEAD finds the GET route.
    func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        let target = path.split(separator: "/", omittingEmptySubsequences: false)
        var others: [String] = []
        for route in routes {
            guard let values = route.match(target) else { continue }
            if route.method == method || (method == .head && route.method == .get) { return .route(route, path: values) }
            others.append(route.method.rawValue)
            if route.method == .get { others.append("HEAD") }
        }
        return others.isEmpty ? .nothing : .otherMethods(others.joined(separator: ", "))
    }
}

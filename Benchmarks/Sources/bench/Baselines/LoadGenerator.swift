import CLoad
import Foundation

/// The load generator, as Swift calls it.
enum LoadGenerator {
    struct Run {
        var perSecond: Double
        /// Milliseconds.
        var p50: Double
        var p99: Double
    }

    /// Requests in one piece of memory.
    struct Requests {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var ends: [UInt64] = []
        var count: Int { ends.count }

        init(_ bodies: some Sequence<[UInt8]>, type: String) {
            for body in bodies {
                bytes.append(contentsOf: LoadGenerator.head(type, body.count).utf8)
                bytes.append(contentsOf: body)
                ends.append(UInt64(bytes.count))
            }
        }
    }

    private static func head(_ type: String, _ length: Int) -> String {
        "POST /v1/events HTTP/1.1\r\nHost: engine\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n\r\n"
    }

    /// One request at a time on each connection, request i on connection i mod `connections`. Throws if one is not answered 201.
    static func closedLoop(_ socket: String, connections: Int, _ requests: Requests) throws -> Run {
        var run = load_run()
        var latency = [UInt32](repeating: 0, count: requests.count)
        try check(
            load_closed(socket, Int32(connections), requests.bytes, requests.ends, UInt64(requests.count), 201, &latency, &run), "load on \(socket)")
        if run.unexpected > 0 {
            let body = withUnsafeBytes(of: run.first_body) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw BenchError("\(run.unexpected) of \(run.answered) requests were not answered 201, the first was \(run.first_status): \(body)")
        }
        if latency.isEmpty { return Run(perSecond: 0, p50: 0, p99: 0) }
        latency.sort()
        func milliseconds(_ share: Double) -> Double { Double(latency[Int(Double(latency.count - 1) * share)]) / 1_000 }
        return Run(perSecond: Double(run.answered) / run.seconds, p50: milliseconds(0.5), p99: milliseconds(0.99))
    }

    /// One NDJSON request a connection, all at once. Throws unless every line of every one was accepted.
    static func streams(_ socket: String, _ bodies: [[[UInt8]]]) throws -> Double {
        let requests = bodies.map { lines in
            let body = Array(lines.joined(separator: [0x0A])) + [0x0A]
            return Array(head("application/x-ndjson", body.count).utf8) + body
        }
        let buffers = requests.map { request in
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: request.count)
            _ = buffer.initialize(from: request)
            return buffer
        }
        defer { for buffer in buffers { buffer.deallocate() } }
        var streams = buffers.map { buffer in
            var stream = load_stream()
            stream.request = UnsafePointer(buffer.baseAddress)
            stream.length = UInt64(buffer.count)
            return stream
        }
        var seconds = 0.0
        try check(load_streams(socket, &streams, Int32(streams.count), &seconds), "streams on \(socket)")
        for (stream, lines) in zip(streams, bodies) {
            let tail = withUnsafeBytes(of: stream.tail) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard stream.status == 200, tail.contains("\"accepted\":\(lines.count),") else {
                throw BenchError("a stream of \(lines.count) lines was answered \(stream.status), \(stream.lines) lines, ending in \(tail)")
            }
        }
        return Double(bodies.reduce(0) { $0 + $1.count }) / seconds
    }
}

import Engine
import EventModel
import HummingbirdCore
import Logging
import NIOCore
import Synchronization
import Workflow

/// `POST /v1/events` with NDJSON: events in and receipts out at the same time, in order, for as long as the client likes.
///
///     body ─ split ─▶ lines (≤ 1 MiB) ─ post what is there ─▶ answers (≤ 10,000) ─ write ─▶ client
///
/// Three tasks, so that one commit takes in what came while the last was written, and a client that sends before it reads is not stuck
/// until 10,000 answers wait for it. A full queue of the engine is waited for: the lines not taken are posted again, in order.
enum PostLines {
    static func reply(_ exchange: Exchange) -> Reply {
        Reply(stream: MediaTypes.ndjson) { writer in try await Run(exchange).run(&writer) }
    }

    private enum Line: Sendable {
        case event([UInt8])
        /// Longer than allowed: the last.
        case tooLong
    }

    /// How a stream ended.
    private enum End {
        /// With its summary.
        case whole
        /// Over a line that is too long: no summary, but the answer is complete.
        case tooLong
        /// Without a summary, and the connection with it.
        case cut
    }
    private struct Cut: Error {}

    private struct Run: Sendable {
        let exchange: Exchange
        let lines = BoundedPipe<Line>(capacity: Limits.streamBytes)
        let answers = BoundedPipe<[UInt8]>(capacity: Limits.bufferedReceipts)
        let progress = Progress()

        init(_ exchange: Exchange) { self.exchange = exchange }

        @concurrent
        func run(_ writer: inout any ResponseBodyWriter) async throws {
            let body = exchange.body.stream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.read(body) }
                group.addTask { await self.post() }
                group.addTask { await self.watch() }
                defer {
                    lines.close()
                    answers.close()
                    group.cancelAll()
                }
                while true {
                    let batch = await answers.take(count: Limits.streamLines, weight: Limits.streamLines)
                    guard !batch.isEmpty else { break }
                    var buffer = ByteBuffer()
                    for line in batch {
                        buffer.writeBytes(line)
                        buffer.writeInteger(UInt8(ascii: "\n"))
                    }
                    try await writer.write(buffer)
                    progress.made()
                }
                switch progress.end {
                case .whole: try await writer.finish(nil)
                case .tooLong:
                    try await writer.finish(nil)
                    // A client that still sends gets to read why that is in vain; then the rest of its body is nobody's.
                    for _ in 0..<Limits.lingerSeconds * 20 where !progress.isBodyRead { try await Task.sleep(for: .milliseconds(50)) }
                    exchange.channel.close(promise: nil)
                case .cut: throw Cut()
                }
            }
        }

        /// Body to lines.
        private func read(_ body: RequestBody) async {
            defer {
                progress.bodyRead()
                lines.finish()
            }
            var splitter = LineSplitter(limit: Limits.eventBytes)
            var passedOver = 0
            do {
                for try await buffer in body {
                    if splitter.isTooLong {
                        passedOver += buffer.readableBytes
                        if passedOver > Limits.lingerBytes { return }
                        continue
                    }
                    progress.made()
                    for line in splitter.feed(buffer.readableBytesView) {
                        guard await lines.put(.event(line), weight: max(line.count, Limits.streamBytes / Limits.streamLines / 4)) else { return }
                    }
                    if splitter.isTooLong {
                        _ = await lines.put(.tooLong, weight: 1)
                        lines.finish()
                    }
                }
                if let last = splitter.rest(), !splitter.isTooLong { _ = await lines.put(.event(last), weight: last.count) }
            } catch {
                // The connection broke: what came whole is posted, nobody reads the answers.
                progress.break()
            }
        }

        /// Lines to answers, and the summary if every line was looked at.
        private func post() async {
            progress.end = await decideAll()
            answers.finish()
        }

        private func decideAll() async -> End {
            var summary = PostSummary()
            while true {
                let batch = await lines.take(count: Limits.streamLines, weight: Limits.streamBytes)
                if batch.isEmpty { break }
                var events: [[UInt8]] = []
                var isTooLong = false
                for line in batch {
                    switch line {
                    case .event(let event): events.append(event)
                    case .tooLong: isTooLong = true
                    }
                }
                guard let results = await decide(events) else { return .cut }
                for result in results {
                    summary.count(result)
                    guard await answers.put(result.json(language: exchange.language, requestID: exchange.id), weight: 1) else { return .cut }
                }
                if isTooLong {
                    _ = await answers.put(HTTPProblems.lineTooLong.json(language: exchange.language, requestID: exchange.id), weight: 1)
                    return .tooLong
                }
                if results.contains(where: { $0.isStopping }) { return .cut }
            }
            if progress.isBroken || Task.isCancelled { return .cut }
            var writer = JSONWriter()
            writer.object { line in line.member("summary", object: { summary.write(&$0) }) }
            return await answers.put(writer.bytes, weight: 1) ? .whole : .cut
        }

        /// Results in order; what the queue had no room for is posted again until it has. `nil`: the stream ended over it.
        private func decide(_ events: [[UInt8]]) async -> [PostResult]? {
            guard !events.isEmpty else { return [] }
            var results = await exchange.engine.post(events, by: exchange.peer)
            var pause = Duration.milliseconds(20)
            while let first = results.firstIndex(where: { $0.isQueueFull }) {
                guard !progress.isBroken, !exchange.service.isStopping else { return nil }
                try? await Task.sleep(for: pause)
                if Task.isCancelled { return nil }
                pause = min(pause * 2, .seconds(1))
                // Refusals behind the gap may be due to it: those lines are posted again with it.
                let again = results.indices.filter { $0 >= first && !results[$0].isStored }
                let newer = await exchange.engine.post(again.map { events[$0] }, by: exchange.peer)
                for (index, result) in zip(again, newer) { results[index] = result }
                if newer.contains(where: { !$0.isQueueFull }) { progress.made() }
            }
            return results
        }

        /// Ends a stream that stands still in both directions: closing the connection frees whoever waits on it.
        private func watch() async {
            let limit = Duration.seconds(exchange.limits.streamStallSeconds)
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                let isOver = exchange.service.isStopping && progress.quiet() > .seconds(1)
                guard progress.quiet() > limit || isOver else { continue }
                if Task.isCancelled { return }
                progress.break()
                exchange.logger.notice("stream ended", metadata: ["why": isOver ? "stopping" : "no progress"])
                lines.close()
                answers.close()
                exchange.channel.close(promise: nil)
                return
            }
        }
    }

    /// When something last moved, and how it ends.
    private final class Progress: Sendable {
        private struct State {
            var last = ContinuousClock.now
            var isBroken = false
            var isBodyRead = false
            var end = End.cut
        }
        private let state = Mutex(State())
        func made() { state.withLock { $0.last = .now } }
        func `break`() { state.withLock { $0.isBroken = true } }
        func bodyRead() { state.withLock { $0.isBodyRead = true } }
        func quiet() -> Duration { state.withLock { $0.last.duration(to: .now) } }
        var isBroken: Bool { state.withLock { $0.isBroken } }
        var isBodyRead: Bool { state.withLock { $0.isBodyRead } }
        var end: End {
            get { state.withLock { $0.end } }
            set { state.withLock { $0.end = newValue } }
        }
    }
}

extension PostResult {
    fileprivate var isQueueFull: Bool {
        if case .unavailable(.queueFull) = self { true } else { false }
    }
    fileprivate var isStopping: Bool {
        if case .unavailable(.stopping) = self { true } else { false }
    }
}

/// Bytes to lines: ends are `\n` or `\r\n`; lines of white space only are passed over.
struct LineSplitter {
    let limit: Int
    private var partial: [UInt8] = []
    private(set) var isTooLong = false

    init(limit: Int) { self.limit = limit }

    /// The lines that ended in these bytes. After a line over the limit nothing comes any more.
    mutating func feed(_ bytes: ByteBufferView) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes
        while !isTooLong, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partial.append(contentsOf: rest[rest.startIndex..<end])
            rest = rest[(end + 1)...]
            check()
            if !isTooLong, let line = take() { lines.append(line) }
        }
        if !isTooLong {
            partial.append(contentsOf: rest)
            check()
        }
        return lines
    }

    /// A last line without an end.
    mutating func rest() -> [UInt8]? { take() }

    private mutating func check() {
        // One byte more for the \r that may turn out to be part of the end.
        if partial.count > limit + 1 || (partial.count == limit + 1 && partial.last != UInt8(ascii: "\r")) { isTooLong = true }
    }

    private mutating func take() -> [UInt8]? {
        defer { partial.removeAll(keepingCapacity: true) }
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        return partial.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? nil : partial
    }
}

import Engine
import EventModel
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Workflow

/// The time limits of one connection (docs/reference/limits.md), as one state that a handler on each side of the HTTP codec feeds.
///
/// Lives on the connection's event loop. A timer looks once a second; that is exact enough for limits of ten seconds and more.
final class ConnectionWatch {
    enum Phase: Equatable {
        case idle
        /// Bytes of a request have come, its head isn't complete.
        case head
        /// Head read; the body isn't complete.
        case body
        /// The request is read, the answer isn't written.
        case answering
    }
    enum Verdict: Equatable { case fine, close, headTimeout }

    let limits: Limits
    private(set) var phase = Phase.idle
    private(set) var isStream = false
    private var phaseStart = NIODeadline.now()
    private var lastBodyByte = NIODeadline.now()
    private var pendingWrites = 0
    private var lastWriteProgress = NIODeadline.now()
    /// The answer said `Connection: close`.
    private(set) var closesAfterAnswer = false
    private(set) var answerStarted = false
    private var lingerDeadline: NIODeadline?
    private var lingerBytes = 0

    init(limits: Limits) { self.limits = limits }

    func bytesRead(_ count: Int) {
        if phase == .idle { enter(.head) }
        if phase == .body { lastBodyByte = .now() }
        if lingerDeadline != nil { lingerBytes += count }
    }
    func headRead(_ head: HTTPRequest) {
        isStream = head.headerFields[.contentType]?.lowercased().hasPrefix("application/x-ndjson") == true
        answerStarted = false
        enter(.body)
    }
    func requestEnded() { if phase == .body { enter(.answering) } }
    func answerHead(_ head: HTTPResponse) {
        guard head.status.kind != .informational else { return }
        answerStarted = true
        if head.headerFields[.connection] == "close" { closesAfterAnswer = true }
    }
    /// Whether the connection can be closed now.
    func answerEnded() -> Bool {
        if closesAfterAnswer, phase == .body {
            lingerDeadline = .now() + .seconds(Int64(Limits.lingerSeconds))
            return false
        }
        if phase == .answering { enter(.idle) }
        answerStarted = false
        return closesAfterAnswer
    }
    var isLingering: Bool { lingerDeadline != nil }

    func writeBegan() {
        if pendingWrites == 0 { lastWriteProgress = .now() }
        pendingWrites += 1
    }
    func writeEnded() {
        pendingWrites -= 1
        lastWriteProgress = .now()
    }

    func verdict(now: NIODeadline = .now()) -> Verdict {
        if let lingerDeadline { return now >= lingerDeadline || lingerBytes > Limits.lingerBytes ? .close : .fine }
        let writeLimit = isStream ? max(limits.streamStallSeconds, limits.responseWriteSeconds) : limits.responseWriteSeconds
        if pendingWrites > 0, now - lastWriteProgress > .seconds(Int64(writeLimit)) { return .close }
        switch phase {
        case .idle: return now - phaseStart > .seconds(Int64(limits.idleSeconds)) ? .close : .fine
        case .head: return now - phaseStart > .seconds(Int64(limits.requestHeadSeconds)) ? .headTimeout : .fine
        case .body:
            // A stream keeps its own time: a full queue is not its client's fault.
            if isStream || answerStarted { return .fine }
            if now - lastBodyByte > .seconds(Int64(limits.bodyStallSeconds)) { return .close }
            return now - phaseStart > .seconds(Int64(limits.bodyTotalSeconds)) ? .close : .fine
        case .answering: return .fine
        }
    }

    private func enter(_ phase: Phase) {
        self.phase = phase
        phaseStart = .now()
        lastBodyByte = .now()
    }
}

/// Below the codec: sees bytes come and go, and closes what stands still.
final class ByteWatch: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let watch: ConnectionWatch
    private var timer: RepeatedTask?

    init(_ watch: ConnectionWatch) { self.watch = watch }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let (own, context) = bound.value
            own.look(context)
        }
    }
    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }
    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        watch.bytesRead(unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        watch.writeBegan()
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(watch, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.writeEnded() }
        context.write(data, promise: promise)
    }

    private func look(_ context: ChannelHandlerContext) {
        switch watch.verdict() {
        case .fine: return
        case .close: context.close(promise: nil)
        case .headTimeout:
            let problem = HTTPProblems.requestTimeout.json(language: .zh)
            let head =
                "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: \(problem.count)\r\n\r\n"
            var bytes = context.channel.allocator.buffer(capacity: problem.count + 256)
            bytes.writeString(head)
            bytes.writeBytes(problem)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in bound.value.close(promise: nil) }
        }
    }
}

/// Above the codec: sees heads and ends, answers what is no HTTP, says "100 Continue", closes after an answer that said so.
final class MessageWatch: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let watch: ConnectionWatch
    private var isBroken = false

    init(_ watch: ConnectionWatch) { self.watch = watch }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if watch.isLingering {
            if case .end = part { context.close(promise: nil) }
            return
        }
        switch part {
        case .head(let head):
            watch.headRead(head)
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body: break
        case .end: watch.requestEnded()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isBroken {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head): watch.answerHead(head)
        case .body: break
        case .end:
            if watch.answerEnded() {
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
                promise.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
                context.writeAndFlush(data, promise: promise)
                return
            }
        }
        context.write(data, promise: promise)
    }

    /// What the parser can't read gets a problem, if no answer is under way, and the end of the connection.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError || error is HTTP1TypeConversionError else {
            context.fireErrorCaught(error)
            return
        }
        guard !watch.answerStarted, !isBroken else {
            context.close(promise: nil)
            return
        }
        isBroken = true
        var isOverflow = false
        if case HTTPParserError.headerOverflow? = error as? HTTPParserError { isOverflow = true }
        let problem = isOverflow ? HTTPProblems.headersTooLarge : HTTPProblems.badRequest
        let bytes = problem.json(language: .zh)
        let head = HTTPResponse(
            status: .init(code: problem.status),
            headerFields: [
                .connection: "close", .contentType: "application/problem+json", .contentLength: String(bytes.count), .cacheControl: "no-store",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }
}

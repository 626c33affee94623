import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// HTTP/1.1 on one accepted connection of the Unix socket.
///
///     bytes ─ ByteWatch ─ HTTP codec ─ MessageWatch ─ state ─ async channel ─ Responder
///              time limits, below and above the codec
///
/// Before the first byte is read it asks the kernel who is there, and counts the connection in.
struct PeerChannel: ServerChildChannel, HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        var connection: Connection
        var async: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
        var channel: any Channel { async.channel }
    }

    let table: ConnectionTable
    let limits: Limits
    let responder: HTTPChannelHandler.Responder

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        PeerCredentials.read(channel).flatMapThrowing { credentials in
            guard let connection = table.enter(credentials) else { throw ChannelError.connectTimeout(.zero) }
            channel.closeFuture.whenComplete { _ in table.leave(credentials) }
            let watch = ConnectionWatch(limits: limits)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ByteWatch(watch))
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = Limits.headerFieldBytes
            decoder.maxHeaderListSize = Limits.headerBytes
            decoder.maxHeaderFieldCount = Limits.headerFields
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoder)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(MessageWatch(watch))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: nil, logger: logger))
            let async = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            return Value(connection: connection, async: async)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await Connection.$current.withValue(value.connection) { await handleHTTP(asyncChannel: value.async, logger: logger) }
    }
}

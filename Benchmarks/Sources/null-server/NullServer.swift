import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// The daemon's server with nothing behind it: reads the body, answers 201 with the same receipt every time. What E1 can't pass.
@main
struct NullServer {
    static func main() async throws {
        let path = CommandLine.arguments.dropFirst().first ?? "null.sock"
        let receipt = ByteBuffer(
            string:
                #"{"outcome":"accepted","position":"90212","subject":"510104-20170301-000123","revision":3,"recordedtime":"2017-03-01T02:05:00.412113Z","hash":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","assignment":1,"deadlines":[{"kind":"reply","within":"5wd","from":"assigned","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","calendar":"cn-2017@1","rule":"letter-5wd@3"}]}"#
        )
        var quiet = Logger(label: "null-server")
        quiet.logLevel = .warning
        let server = Server(
            childChannelSetup: HTTP1Channel { request, writer, _ in
                var bytes: [UInt8] = []
                for try await part in request.body { bytes.append(contentsOf: part.readableBytesView) }
                let status: HTTPResponse.Status = bytes.isEmpty ? .badRequest : .created
                let fields: HTTPFields = [
                    .contentType: "application/json", .contentLength: String(receipt.readableBytes), .location: "/v1/events/90212",
                ]
                try await writer.write(response: HTTPResponse(status: status, headerFields: fields), body: ResponseBody(byteBuffer: receipt))
            },
            configuration: ServerConfiguration(address: .unixDomainSocket(path: path), backlog: 512),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet)
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        ).run()
    }
}

/// Every limit of the daemon's outer side, with its unit. docs/reference/limits.md lists the same names in the same order; a test compares them.
///
/// The settable ones are in `limits` of the configuration; the others are constants of the protocol.
struct Limits: Equatable, Sendable {
    /// Open connections in all.
    var connections = 512
    /// Open connections of one uid.
    var connectionsPerUser = 128
    /// Seconds from the first byte of a request to the end of its head.
    var requestHeadSeconds = 10
    /// Seconds a connection may lie between two requests.
    var idleSeconds = 30
    /// Seconds a request body that is not a stream may stand still.
    var bodyStallSeconds = 30
    /// Seconds such a body may take altogether.
    var bodyTotalSeconds = 60
    /// Seconds an answer may wait for the client to read.
    var responseWriteSeconds = 30
    /// Seconds an NDJSON stream of events may stand still, in both directions together.
    var streamStallSeconds = 60
    /// Events and bytes that may wait for the engine's writer.
    var queueEvents = 16_384
    var queueBytes = 32 << 20
    /// Address space of the log's map, bytes.
    var mapSizeBytes = 1 << 40

    /// Connections over the total that still get a 503 before they are closed; beyond them they are closed at once.
    static let refusedConnections = 64
    /// Bytes of all header fields of a request.
    static let headerBytes = 32_768
    /// Bytes of one header field.
    static let headerFieldBytes = 16_384
    /// Header fields of a request.
    static let headerFields = 100
    /// Bytes of path and query.
    static let targetBytes = 8_192
    /// Bytes of one event, and of a line of a stream.
    static let eventBytes = 262_144
    /// Bytes of a batch.
    static let batchBytes = 4 << 20
    /// Events in a batch.
    static let batchEvents = 1_000
    /// Bytes of a rulebook as posted.
    static let rulebookBytes = 6 << 20
    /// Lines that are posted to the engine together, at most, and their bytes.
    static let streamLines = 1_000
    static let streamBytes = 1 << 20
    /// Lines of answers kept for a client that sends before it reads.
    static let bufferedReceipts = 10_000
    /// Lines of a page read from the log at once.
    static let pageLines = 500
    /// Items of a list: by default, and at most.
    static let listDefault = 50
    static let listMost = 500
    /// Positions passed over in silence before a stream says how far it has looked.
    static let checkpointPositions: UInt64 = 10_000
    /// Seconds of silence before it does.
    static let checkpointSeconds = 10
    /// Seconds between comments of a quiet SSE stream.
    static let heartbeatSeconds = 15
    /// Seconds `minPosition` is waited for.
    static let minPositionSeconds = 5.0
    /// Seconds open requests have at a stop.
    static let drainSeconds = 5
    /// Bytes and seconds a request refused before it was read may go on sending, so that its client sees the answer.
    static let lingerBytes = 8 << 20
    static let lingerSeconds = 2
    /// Bytes of a socket path: `sun_path` is 108 with its final zero.
    static let socketPathBytes = 107
}

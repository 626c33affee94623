import EventModel
import Glibc
import Logging

/// One JSON object a line on stderr: `{"at":…,"level":…,"message":…,…}`. Control characters in what clients sent are escaped or replaced, so that
/// nobody can write a line of his own or colour a terminal.
struct LineLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    let label: String

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let instant = Instant(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
        var writer = JSONWriter()
        writer.object { line in
            line.member("at", RFC3339.utc(instant))
            line.member("level", event.level.rawValue)
            line.member("message", Self.clean(event.message.description))
            var members = metadata
            if let own = event.metadata { members.merge(own) { $1 } }
            if let error = event.error { members["error"] = "\(error)" }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) { line.member(Self.clean(name), Self.clean(value.description)) }
        }
        // One write a line: lines of several threads don't mix.
        let bytes = writer.bytes + [0x0A]
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            start += written
        }
    }

    /// DEL and the C1 controls become `?`; JSON escapes the C0 ones.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) || $0.value == 0x2028 || $0.value == 0x2029 }) else {
            return text
        }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append((0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029 ? "?" : scalar)
        }
        return String(result)
    }
}

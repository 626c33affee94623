import AsyncHTTPClient
import Glibc
import NIOCore

/// Why a request had no answer, or one that says no; with what to do next.
public struct ClientError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        /// No socket, or nobody listens on it.
        case notRunning
        /// The socket's group doesn't have us.
        case permissionDenied
        /// The engine answered with a problem.
        case problem(ProblemDetails)
        /// The connection ended before the answer was complete. The same post again is safe: its id tells.
        case connectionLost
        case timedOut
        /// The path can't be a socket's.
        case badSocketPath
        /// The answer is none this client understands.
        case unexpectedAnswer
    }

    public var code: Code
    /// What happened, and why.
    public var message: String
    /// What to do: usually a command.
    public var next: String?

    public init(_ code: Code, _ message: String, next: String? = nil) {
        self.code = code
        self.message = message
        self.next = next
    }

    public var description: String { next.map { "\(message)\n  → \($0)" } ?? message }

    /// Whether the same request may do better later.
    public var isTransient: Bool {
        switch code {
        case .notRunning, .connectionLost, .timedOut: true
        case .problem(let problem): problem.isTransient
        case .permissionDenied, .badSocketPath, .unexpectedAnswer: false
        }
    }

    static func problem(_ details: ProblemDetails) -> ClientError {
        var message = "\(details.title) (\(details.status) \(details.code))"
        if !details.detail.isEmpty, details.detail != details.title { message += ": \(details.detail)" }
        return ClientError(.problem(details), message, next: details.next)
    }

    /// Looks at the socket itself to say what a failed connection means.
    static func from(_ error: any Error, socketPath: String) -> ClientError {
        if let own = error as? ClientError { return own }
        if let failure = error as? HTTPClientError {
            switch failure {
            case .readTimeout, .connectTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout, .writeTimeout:
                return ClientError(
                    .timedOut, "The engine at \(socketPath) did not answer in time.", next: "look at it: engine-ctl status --socket \(socketPath)")
            case .remoteConnectionClosed, .uncleanShutdown:
                return lost(socketPath)
            default: break
            }
        }
        return ofSocket(socketPath) ?? lost(socketPath, "\(error)")
    }

    private static func lost(_ socketPath: String, _ why: String? = nil) -> ClientError {
        ClientError(
            .connectionLost, "The connection to \(socketPath) ended before the answer did\(why.map { " (\($0))" } ?? "").",
            next: "send the same again: what was stored is answered as a duplicate")
    }

    private static func ofSocket(_ path: String) -> ClientError? {
        let start = "start it: engine-daemon --config FILE   (or: systemctl start appeal-engine)"
        var status = stat()
        guard stat(path, &status) == 0 else {
            switch errno {
            case ENOENT: return ClientError(.notRunning, "No engine runs at \(path): there is no such socket.", next: start)
            case EACCES: return denied(path, directoryOf: path)
            default: return nil
            }
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            return ClientError(.badSocketPath, "\(path) is no socket.", next: "give the engine's: --socket PATH or ENGINE_SOCKET")
        }
        if access(path, W_OK) != 0, errno == EACCES { return denied(path, group: status.st_gid) }
        return probe(path) == ECONNREFUSED
            ? ClientError(.notRunning, "No engine listens at \(path): the socket is left over from one that ended.", next: start) : nil
    }

    private static func denied(_ path: String, directoryOf file: String) -> ClientError {
        let directory = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
        var status = stat()
        return denied(path, group: stat(directory, &status) == 0 ? status.st_gid : nil)
    }

    private static func denied(_ path: String, group: UInt32?) -> ClientError {
        let name = group.map { groupName($0) } ?? "of the socket's directory"
        return ClientError(
            .permissionDenied, "You may not connect to \(path): only its owner and the group \(name) may.",
            next: "join the group and log in again: sudo usermod -aG \(group.map { groupName($0) } ?? "GROUP") $USER")
    }

    private static func groupName(_ id: UInt32) -> String {
        var record = group()
        var found: UnsafeMutablePointer<group>?
        var text = [CChar](repeating: 0, count: 65_536)
        guard getgrgid_r(id, &record, &text, text.count, &found) == 0, found != nil, let name = record.gr_name else { return String(id) }
        return String(cString: name)
    }

    /// errno of a connection, 0 if somebody accepts.
    private static func probe(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return ENAMETOOLONG }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        return result == 0 ? 0 : errno
    }
}

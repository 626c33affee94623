import Glibc

/// The path of the socket: made ready before the bind, opened to the group after it, removed at the end.
struct SocketPath: Sendable {
    let path: String
    /// Group to give socket and directory to, if not the daemon's own.
    let group: String?

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the directory (0750) if it is missing, and clears a socket nobody listens on.
    ///
    /// - Throws: if another daemon answers there, something else stands there, or the directory can't be made.
    func prepare() throws(Failure) {
        if mkdir(directory, 0o750) == 0 {
            if let group = try groupID(), chown(directory, uid_t.max, group) != 0 {
                throw Failure(description: "\(directory) can't be given to group \(self.group ?? ""): \(reason())")
            }
            // The umask of the daemon is stricter than what the directory needs.
            _ = chmod(directory, 0o750)
        } else if errno != EEXIST {
            throw Failure(description: "\(directory) can't be made: \(reason()). Create it, owned by the daemon's user, mode 0750")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw Failure(description: "\(path) can't be looked at: \(reason())")
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw Failure(description: "\(path) exists and is no socket; move it away or choose another 'socket'")
        }
        switch connectOnce() {
        case 0:
            throw Failure(description: "another daemon answers at \(path); stop it first (systemctl stop appeal-engine), or choose another 'socket'")
        case ECONNREFUSED: unlink(path)
        case ENOENT: return
        case let code:
            throw Failure(description: "\(path) is a socket that can't be asked: \(String(cString: strerror(code))). Remove it if no daemon runs")
        }
    }

    /// After the bind: mode 0660, and the group's. Until then only the daemon's own user may connect, so nothing is open too early.
    func open() throws(Failure) {
        if let group = try groupID(), chown(path, uid_t.max, group) != 0 {
            throw Failure(description: "\(path) can't be given to group \(self.group ?? ""): \(reason())")
        }
        guard chmod(path, 0o660) == 0 else { throw Failure(description: "\(path) can't be opened to its group: \(reason())") }
    }

    func remove() { unlink(path) }

    private func groupID() throws(Failure) -> gid_t? {
        guard let group else { return nil }
        if let number = gid_t(group) { return number }
        var record = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var text = [CChar](repeating: 0, count: 65_536)
        guard getgrnam_r(group, &record, &text, text.count, &found) == 0, found != nil else {
            throw Failure(description: "there is no group '\(group)' (socketGroup); create it with: groupadd --system \(group)")
        }
        return record.gr_gid
    }

    /// 0 if somebody accepted, else errno.
    private func connectOnce() -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        return result == 0 ? 0 : errno
    }

    private func reason() -> String { String(cString: strerror(errno)) }
}

import Glibc
import NIOCore
import Workflow

/// Who opened a connection, as the kernel says (`SO_PEERCRED`); fixed for the life of the connection.
struct PeerCredentials: Equatable, Sendable {
    var pid: Int32
    var uid: UInt32
    var gid: UInt32

    /// Swift sees no `ucred`; it is three words of 4 bytes: pid, uid, gid.
    static func read(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let words: EventLoopFuture<(Int32, UInt32, UInt32)> = options.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return words.map { PeerCredentials(pid: $0.0, uid: $0.1, gid: $0.2) }
    }

    /// The gid of the connection, and every group the user is in.
    var groups: [UInt32] { [gid] + Self.supplementaryGroups(uid: uid).filter { $0 != gid } }

    /// The user data base's answer; empty for a uid it doesn't know.
    static func supplementaryGroups(uid: UInt32) -> [UInt32] {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(uid, &record, &text, text.count, &found) == 0, found != nil, let name = record.pw_name else { return [] }
        var count: Int32 = 64
        for _ in 0..<2 {
            var groups = [gid_t](repeating: 0, count: Int(count))
            if getgrouplist(name, record.pw_gid, &groups, &count) >= 0 { return Array(groups.prefix(Int(count))) }
        }
        return []
    }
}

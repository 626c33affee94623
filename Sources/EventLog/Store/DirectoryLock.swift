import Foundation
import Synchronization

/// One daemon a data directory: flock on `LOCK`, held while it is open. The kernel lets go of it however the process ends.
final class DirectoryLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Throws `LogError.locked` if another process holds it.
    init(directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = "\(directory)/LOCK"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LogError.notInitialised("\(directory) (can't open LOCK: \(String(cString: strerror(errno))))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw LogError.locked(path)
        }
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }
}

internal import Foundation

/// The last signed checkpoint, beside neither data nor keys: what shows that the data was rolled back.
struct CheckpointFile: Sendable {
    let directory: String
    var path: String { "\(directory)/checkpoint" }

    /// The note in the file; `nil` if there is none. Throws `LogError.checkpoint` if it can't be read.
    func read() throws(LogError) -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .checkpoint("can't read \(path): \(error.localizedDescription)")
        }
    }

    /// Replaces the file: whoever looks sees the old one or the new one, also after a power cut. Throws `LogError.checkpoint`.
    func replace(with note: [UInt8]) throws(LogError) {
        let temporary = "\(path).new"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            guard FileManager.default.createFile(atPath: temporary, contents: Data(note), attributes: [.posixPermissions: 0o644]) else {
                throw LogError.checkpoint("can't write \(temporary)")
            }
            try Self.flush(temporary, flags: O_RDONLY)
            guard rename(temporary, path) == 0 else {
                throw LogError.checkpoint("can't rename \(temporary) to checkpoint: \(String(cString: strerror(errno)))")
            }
            try Self.flush(directory, flags: O_RDONLY | O_DIRECTORY)
        } catch let error as LogError {
            throw error
        } catch {
            throw .checkpoint("can't make \(directory): \(error.localizedDescription)")
        }
    }

    private static func flush(_ path: String, flags: Int32) throws(LogError) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .checkpoint("can't open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .checkpoint("can't flush \(path)") }
    }
}

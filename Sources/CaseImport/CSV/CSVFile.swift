import Foundation

/// Gets a file's bytes, unpacked.
public enum CSVFile {
    /// A file larger than this unpacked is refused: it is held in memory.
    public static let maxBytes = 1 << 30

    /// Reads a file, or standard input for `-`. What begins with the magic number of gzip is unpacked by the program `gzip`.
    ///
    /// - Throws: `CSVFileError` if it can't be read, is too large, or is packed and `gzip` is missing or finds it damaged.
    public static func read(path: String) throws(CSVFileError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            let handle = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
            bytes = [UInt8](try handle.readToEnd() ?? Data())
        } catch {
            throw CSVFileError(path: path, problem: "can't be read: \(error.localizedDescription)")
        }
        let unpacked = bytes.starts(with: [0x1F, 0x8B]) ? try unpack(bytes, path: path) : bytes
        guard unpacked.count <= maxBytes else { throw CSVFileError(path: path, problem: "is larger than \(maxBytes >> 20) MiB: split it") }
        return unpacked
    }

    private static func unpack(_ packed: [UInt8], path: String) throws(CSVFileError) -> [UInt8] {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin", "/bin"]
        guard let program = folders.map({ $0 + "/gzip" }).first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw CSVFileError(path: path, problem: "is packed and the program gzip isn't installed: unpack it first, or apt-get install gzip")
        }
        // Through a file: a pipe that both sides wait for can't happen.
        let copy = FileManager.default.temporaryDirectory.appending(path: "case-import-\(UUID().uuidString).gz")
        defer { try? FileManager.default.removeItem(at: copy) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = ["-dc", copy.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try Data(packed).write(to: copy, options: .withoutOverwriting)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.path)
            try process.run()
            let unpacked = try output.fileHandleForReading.read(upToCount: maxBytes + 1) ?? Data()
            try output.fileHandleForReading.close()
            process.waitUntilExit()
            guard process.terminationStatus == 0 || unpacked.count > maxBytes else {
                throw CSVFileError(path: path, problem: "is damaged: gzip can't unpack it")
            }
            return [UInt8](unpacked)
        } catch let error as CSVFileError {
            throw error
        } catch {
            throw CSVFileError(path: path, problem: "can't be unpacked: \(error.localizedDescription)")
        }
    }
}

/// A file that can't be imported from at all.
public struct CSVFileError: Error, Equatable, Sendable, CustomStringConvertible {
    public var path: String
    public var problem: String
    public var description: String { "\(path == "-" ? "standard input" : path) \(problem)" }
}

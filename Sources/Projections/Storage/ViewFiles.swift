internal import Glibc

/// The few file operations of the catalog and of build directories, by way of the C library.
enum ViewFiles {
    /// A system call that failed, with its `errno`.
    struct Failure: Error, Equatable, CustomStringConvertible {
        var operation: String
        var code: Int32
        var description: String { "\(operation): errno \(code)" }
    }

    /// Creates the directory and those above it that aren't there, mode 0700.
    static func createDirectory(_ path: String) throws {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Failure(operation: "create directory", code: errno)
        }
        try createDirectory(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(operation: "create directory", code: errno) }
    }

    /// Names in a directory, sorted; empty if it isn't there.
    static func list(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a directory with the files in it; what isn't there is no error.
    static func remove(_ path: String) {
        for name in list(path) {
            if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        }
        rmdir(path)
    }

    /// The bytes of a file; `nil` if it isn't there.
    static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(operation: "open", code: errno)
        }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw Failure(operation: "read", code: errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Replaces a file: written beside it, flushed, renamed, directory flushed. After a crash there is the old one or the new one.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(operation: "open", code: errno) }
        do {
            defer { Glibc.close(descriptor) }
            var written = 0
            while written < bytes.count {
                let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { throw Failure(operation: "write", code: errno) }
                written += count
            }
            guard fsync(descriptor) == 0 else { throw Failure(operation: "flush", code: errno) }
        }
        guard rename(temporary, path) == 0 else { throw Failure(operation: "rename", code: errno) }
        try flushDirectory(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
    }

    private static func flushDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(operation: "open directory", code: errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(operation: "flush directory", code: errno) }
    }
}

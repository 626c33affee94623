internal import Glibc

// The few system calls LMDB leaves to its caller. None opens the data file of an open environment: closing it would drop LMDB's file locks.

/// What a path leads to, however it is spelled.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// Throws an `errno`, `.noSuchFile` above all.
    init(of path: String) throws(LMDBError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw LMDBError(code: errno, operation: "open environment") }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// LMDB's data file in an environment's directory.
func dataFile(in directory: String) -> String { directory + "/data.mdb" }

/// Size in bytes, or `nil` if there is no such file.
func fileSize(_ path: String) throws(LMDBError) -> Int? {
    var status = stat()
    if unsafe stat(path, &status) == 0 { return Int(status.st_size) }
    if errno == ENOENT { return nil }
    throw LMDBError(code: errno, operation: "read file size")
}

/// Creates the directory and those above it that are not there, mode 0700, and returns the ones created, outermost first.
func createDirectories(_ path: String) throws(LMDBError) -> [String] {
    if unsafe mkdir(path, 0o700) == 0 { return [path] }
    switch errno {
    case EEXIST: return []
    case ENOENT where parentDirectory(of: path) != path:
        let above = try createDirectories(parentDirectory(of: path))
        guard unsafe mkdir(path, 0o700) == 0 else { throw LMDBError(code: errno, operation: "create directory") }
        return above + [path]
    default: throw LMDBError(code: errno, operation: "create directory")
    }
}

/// The directory above: "/a" of "/a/b" and "/a/b/", "." of "b", "/" of "/".
func parentDirectory(of path: String) -> String {
    var bytes = path.utf8[...]
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    let parent = bytes[..<slash]
    return parent.isEmpty ? "/" : String(Substring(parent))
}

/// Flushes the entries of `path`, and the entry of `path` and of each created directory in the one above it.
///
/// The entry of a directory that was there already may be new too, from an opening that was interrupted; it is left alone only if the directory
/// above may not be read.
func flushDirectories(_ path: String, created: [String]) throws(LMDBError) {
    try flushFile(path)
    for directory in created.reversed() { try flushFile(parentDirectory(of: directory)) }
    guard created.isEmpty else { return }
    do { try flushFile(parentDirectory(of: path)) } catch { if error != .accessDenied { throw error } }
}

/// Flushes a file or directory to the disk.
func flushFile(_ path: String) throws(LMDBError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "flush") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw LMDBError(code: errno, operation: "flush") }
}

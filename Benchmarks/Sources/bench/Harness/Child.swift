import Foundation
import Synchronization

/// What must not be left behind when the run ends early: servers and data. Undone in reverse order.
enum CleanUp {
    private static let pending = Mutex<[(id: Int, undo: @Sendable () -> Void)]>([])
    private static let undoing = Mutex(())
    private static let next = Atomic(0)

    static func add(_ undo: @escaping @Sendable () -> Void) -> Int {
        let id = next.add(1, ordering: .relaxed).newValue
        pending.withLock { $0.append((id, undo)) }
        return id
    }

    /// Undoes one thing, once.
    static func run(_ id: Int) {
        let undo = pending.withLock { pending in pending.firstIndex { $0.id == id }.map { pending.remove(at: $0).undo } }
        undo?()
    }

    /// Undoes everything. Who comes second waits until it is done.
    static func all() {
        undoing.withLock { _ in
            while let last = pending.withLock({ $0.last?.id }) { run(last) }
        }
    }

    /// Undoes everything on Ctrl-C and SIGTERM.
    static func onSignals() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                all()
                exit(130)
            }
            source.resume()
            return source
        }
    }
}

/// Programs started by the benchmark; each is ended by the one who started it.
///
/// Not Foundation's `Process`: its children inherit blocked and ignored signals, so that pgbench's alarm never rings and SIGTERM is not heard.
struct Child: Sendable {
    private let pid: pid_t
    private let cleanUp: Int

    /// Starts a program; its output goes to a file.
    init(_ path: String, _ arguments: [String], log: String) throws {
        let pid = try Self.spawn(path, arguments, output: log)
        self.pid = pid
        cleanUp = CleanUp.add {
            kill(pid, SIGTERM)
            waitpid(pid, nil, 0)
        }
    }

    var isRunning: Bool { waitpid(pid, nil, WNOHANG) == 0 }

    /// SIGTERM, and waits. Idempotent.
    func stop() { CleanUp.run(cleanUp) }

    /// Runs a program to its end; returns what it said. Throws with its last words if it fails.
    @discardableResult
    static func output(_ path: String, _ arguments: [String]) throws -> String {
        let file = "\(NSTemporaryDirectory())/appeal-bench-output-\(UUID().uuidString)"
        defer { unlink(file) }
        let pid = try spawn(path, arguments, output: file)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        guard status == 0 else { throw BenchError("\(path) \(arguments.prefix(2)) failed (status \(status)): \(text.suffix(600))") }
        return text
    }

    private static func spawn(_ path: String, _ arguments: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        try check(posix_spawn(&pid, path, &actions, &attributes, &words, environ), "starting \(path)")
        return pid
    }
}

/// A folder for the data of one run, on the file system that is measured. Sockets get a short path of their own.
struct WorkDirectory: Sendable {
    let path: String
    let socketDirectory: String

    init(below parent: String) throws {
        path = "\(parent)/run-\(ProcessInfo.processInfo.processIdentifier)"
        socketDirectory = "/tmp/appeal-bench-\(ProcessInfo.processInfo.processIdentifier)"
        let directories = [path, socketDirectory]
        for directory in directories { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
        _ = CleanUp.add { for directory in directories { try? FileManager.default.removeItem(atPath: directory) } }
    }

    /// An empty folder; what stood there is removed.
    func fresh(_ name: String) throws -> String {
        let folder = "\(path)/\(name)"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}

func seconds(since start: ContinuousClock.Instant) -> Double {
    let duration = start.duration(to: .now)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

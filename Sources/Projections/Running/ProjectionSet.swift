public import EventModel
internal import Synchronization

/// How the views of a data directory are opened.
public struct ProjectionOptions: Sendable {
    /// Largest size of each view's data file; address space, not disk.
    public var mapSizeBytes: Int
    public init(mapSizeBytes: Int = 64 << 30) { self.mapSizeBytes = mapSizeBytes }
}

/// Where one view stands, for the status page.
public struct ViewStatus: Equatable, Sendable {
    public var name: String
    public var version: Int
    public var build: Int
    public var position: Position
    /// Positions behind the head.
    public var lag: UInt64
    /// `live`, `catching-up`, `parked`, `stopped`
    public var state: String
    /// Why it is parked.
    public var reason: String?
    public var isRebuilding: Bool
    public var rows: Int
}

/// How far a rebuild has come.
public struct RebuildProgress: Equatable, Sendable {
    public var done: UInt64
    public var total: UInt64
    public var eventsPerSecond: Double
    /// `nil` while nothing can be said.
    public var remainingSeconds: Double?
}

/// All views of a data directory (`DATA/views`), each with its runner.
///
/// A view's answers come from memory and never wait for the log. Views of another history, version or with damaged files are thrown away and built
/// again from position 0; until they have caught up they answer for the position they say.
public final class ProjectionSet: Sendable {
    /// Every view there is.
    public static let names = kinds.map { $0.name }
    private static let kinds: [any View.Type] = [CaseFile.self, Deadlines.self, DepartmentKPI.self, PublicFeed.self]

    private let source: any FactSource
    private let options: ProjectionOptions
    private let shared: Mutex<Shared>

    private struct Shared {
        var catalog: Catalog
        var slots: [String: Slot]
        var isStopped = false
    }
    private struct Slot {
        var kind: any View.Type
        var build: Catalog.Build
        var view: any View
        var runner: Runner
        var isRebuilding = false
    }

    /// Opens or creates the views under `directory` and starts their runners. Throws if the directory or a new view can't be made.
    public init(directory: String, source: any FactSource, options: ProjectionOptions = ProjectionOptions()) throws {
        try ViewFiles.createDirectory(directory)
        var catalog = try Catalog(root: directory)
        var slots: [String: Slot] = [:]
        for kind in Self.kinds {
            let opened = try Self.open(kind, &catalog, source, options)
            slots[kind.name] = Slot(kind: kind, build: opened.build, view: opened.view, runner: Runner(view: opened.view, source: source))
            catalog.removeUnlisted(kind.name)
        }
        self.source = source
        self.options = options
        shared = Mutex(Shared(catalog: catalog, slots: slots))
        for slot in slots.values { slot.runner.start() }
    }

    /// The listed build if it is of this version, readable and of this history; else a new one.
    private static func open(
        _ kind: any View.Type, _ catalog: inout Catalog, _ source: any FactSource, _ options: ProjectionOptions
    ) throws -> (view: any View, build: Catalog.Build) {
        if let build = catalog.builds[kind.name], build.version == kind.version,
            let view = try? kind.init(opening: catalog.directory(kind.name, build), mapSizeBytes: options.mapSizeBytes, names: source.name)
        {
            if let checkpoint = view.checkpoint {
                if source.holds(checkpoint) { return (view, build) }
            } else if view.rowCount == 0 {
                return (view, build)
            }
            view.close()
        }
        let build = catalog.unusedBuild(kind.name, version: kind.version)
        let view = try kind.init(opening: catalog.directory(kind.name, build), mapSizeBytes: options.mapSizeBytes, names: source.name)
        try catalog.set(kind.name, build)
        return (view, build)
    }

    // MARK: The views

    /// 案卷
    public var caseFile: CaseFile { view() }
    /// 期限
    public var deadlines: Deadlines { view() }
    /// 部门指标
    public var departmentKPI: DepartmentKPI { view() }
    /// 公开
    public var publicFeed: PublicFeed { view() }

    private func view<V: View>() -> V {
        guard let view = shared.withLock({ $0.slots[V.name]?.view }) as? V else { preconditionFailure("every kind has a slot of its own type") }
        return view
    }

    // MARK: Following

    /// Tells all runners that the log has grown. Never blocks on their work.
    public func notify(head: Position) { for runner in runners { runner.notify(head: head) } }

    /// Waits until all views reflect a position; `false` if one doesn't within the time, or is parked.
    public func wait(for position: Position, timeoutSeconds: Double) async -> Bool {
        let end = ContinuousClock.now + .seconds(timeoutSeconds)
        for name in Self.names {
            while let runner = runner(name) {
                let left = ContinuousClock.now.duration(to: end) / .seconds(1)
                if await runner.wait(for: position, timeoutSeconds: left) { break }
                // A rebuild may have put another runner in its place meanwhile.
                if left <= 0 || runner === self.runner(name) { return false }
            }
        }
        return true
    }

    private func runner(_ name: String) -> Runner? { shared.withLock { $0.slots[name]?.runner } }

    /// The position that all views reflect at least.
    public var position: Position { runners.map(\.position).min() ?? .start }

    private var runners: [Runner] { shared.withLock { shared in shared.slots.keys.sorted().compactMap { shared.slots[$0]?.runner } } }

    /// One line a view, by name.
    public func status() -> [ViewStatus] {
        let head = source.head
        let slots = shared.withLock { shared in shared.slots.sorted { $0.key < $1.key }.map(\.value) }
        return slots.map { slot in
            let state = slot.runner.state
            let position = slot.runner.position
            var reason: String?
            if case .parked(let text) = state { reason = text }
            return ViewStatus(
                name: slot.kind.name, version: slot.kind.version, build: slot.build.number, position: position,
                lag: head > position ? head.rawValue - position.rawValue : 0, state: state.name, reason: reason, isRebuilding: slot.isRebuilding,
                rows: slot.view.rowCount)
        }
    }

    /// Stops all runners, after a last commit each, and closes the files. Blocks until done; queries still answer from memory.
    public func stop() {
        let slots = shared.withLock { shared -> [Slot] in
            guard !shared.isStopped else { return [] }
            shared.isStopped = true
            return Array(shared.slots.values)
        }
        for slot in slots { slot.runner.stop() }
        for slot in slots { slot.view.close() }
    }

    // MARK: Rebuilding

    /// Builds a view anew beside the live one, which goes on answering, swaps them, and removes the old one.
    ///
    /// Folds on a thread of the lowest priority; `progress` is called there about four times a second, and once at the end. Throws
    /// `.unknownView`, `.rebuilding`, `.stopped`, or what building throws: then the live view is as before.
    public func rebuild(_ name: String, progress: @escaping @Sendable (RebuildProgress) -> Void = { _ in }) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            _ = WorkerThread(name: "rebuild", isBackground: true) {
                do {
                    try self.rebuildHere(name, progress)
                    continuation.resume()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private func rebuildHere(_ name: String, _ progress: (RebuildProgress) -> Void) throws {
        let (kind, catalog) = try begin(name)
        defer { shared.withLock { $0.slots[name]?.isRebuilding = false } }
        let build = catalog.unusedBuild(name, version: kind.version)
        let directory = catalog.directory(name, build)
        do {
            let view = try kind.init(opening: directory, mapSizeBytes: options.mapSizeBytes, names: source.name)
            do {
                try Rebuild(view: view, source: source, isCancelled: { self.shared.withLock { $0.isStopped } }).run(progress)
                try swap(name, build, view)
            } catch {
                view.close()
                throw error
            }
        } catch {
            ViewFiles.remove(directory)
            throw error
        }
    }

    private func begin(_ name: String) throws -> (any View.Type, Catalog) {
        try shared.withLock { shared in
            if shared.isStopped { throw ViewError.stopped }
            guard let slot = shared.slots[name] else { throw ViewError.unknownView(name) }
            if slot.isRebuilding { throw ViewError.rebuilding(name) }
            shared.slots[name]?.isRebuilding = true
            return (slot.kind, shared.catalog)
        }
    }

    /// The catalog first: a crash in between opens one or the other, and both are whole.
    private func swap(_ name: String, _ build: Catalog.Build, _ view: any View) throws {
        let runner = Runner(view: view, source: source)
        let old = try shared.withLock { shared -> (slot: Slot, directory: String)? in
            if shared.isStopped { throw ViewError.stopped }
            guard let old = shared.slots[name] else { throw ViewError.unknownView(name) }
            let directory = shared.catalog.directory(name, old.build)
            try shared.catalog.set(name, build)
            shared.slots[name]?.view = view
            shared.slots[name]?.build = build
            shared.slots[name]?.runner = runner
            return (old, directory)
        }
        runner.start()
        guard let old else { return }
        old.slot.runner.stop()
        old.slot.view.close()
        ViewFiles.remove(old.directory)
    }
}

/// Folds a new view from nothing to the head.
private struct Rebuild {
    let view: any View
    let source: any FactSource
    let isCancelled: () -> Bool

    /// Facts between two commits: rare, since a rebuild that is cut short starts over.
    private static let commitFacts = 1_000_000

    func run(_ progress: (RebuildProgress) -> Void) throws {
        let start = monotonicMicroseconds()
        var reportedAt = start
        var uncommitted = 0
        var facts: [FactRecord] = []
        var position = view.position
        while position < source.head {
            if isCancelled() { throw ViewError.stopped }
            facts.removeAll(keepingCapacity: true)
            position = try source.readFacts(after: position, limit: Runner.chunk) { facts.append($0) }
            if facts.isEmpty { break }
            try view.apply(facts)
            uncommitted += facts.count
            if uncommitted >= Self.commitFacts {
                try view.commit(at: source.checkpoint(at: position))
                uncommitted = 0
            }
            let now = monotonicMicroseconds()
            if now - reportedAt >= 250_000 {
                progress(report(position, since: start, now))
                reportedAt = now
            }
        }
        if position > .start { try view.commit(at: source.checkpoint(at: position)) }
        progress(report(position, since: start, monotonicMicroseconds()))
    }

    private func report(_ position: Position, since start: Int64, _ now: Int64) -> RebuildProgress {
        let total = max(source.head, position).rawValue
        let seconds = Double(max(now - start, 1)) / 1_000_000
        let rate = Double(position.rawValue) / seconds
        return RebuildProgress(
            done: position.rawValue, total: total, eventsPerSecond: rate, remainingSeconds: rate > 0 ? Double(total - position.rawValue) / rate : nil)
    }
}

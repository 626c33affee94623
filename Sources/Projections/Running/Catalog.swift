internal import EventModel

/// `views/CATALOG`: which build directory of each view is the live one. Replaced as a whole, so that a swap is one rename.
///
/// `{"views":{"case-file":"1-1",…}}`; the directory is `views/<name>/<version>-<build>/`. One that isn't listed is left over and deleted.
struct Catalog: Equatable {
    struct Build: Equatable, Comparable {
        var version: Int
        var number: Int

        init(version: Int, number: Int) {
            self.version = version
            self.number = number
        }
        /// Reads `<version>-<build>`.
        init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let version = Int(parts[0]), let number = Int(parts[1]) else { return nil }
            self.init(version: version, number: number)
        }
        var text: String { "\(version)-\(number)" }
        static func < (left: Build, right: Build) -> Bool { (left.version, left.number) < (right.version, right.number) }
    }

    let root: String
    private(set) var builds: [String: Build] = [:]

    private var path: String { root + "/CATALOG" }

    /// Reads the catalog of a `views` directory; an unreadable one is empty, since all views can be built again.
    init(root: String) throws {
        self.root = root
        guard let bytes = try ViewFiles.read(path), let document = try? JSONDocument(bytes) else { return }
        for member in document.root["views"]?.members ?? [] { builds[member.name] = member.value.string.flatMap(Build.init) }
    }

    func directory(_ name: String, _ build: Build) -> String { "\(root)/\(name)/\(build.text)" }

    /// Lists another build as the live one and stores the catalog.
    mutating func set(_ name: String, _ build: Build) throws {
        builds[name] = build
        var writer = JSONWriter()
        writer.object { object in
            object.member(
                "views", object: { views in for (name, build) in builds.sorted(by: { $0.key < $1.key }) { views.member(name, build.text) } })
        }
        try ViewFiles.replace(path, with: writer.bytes + [UInt8(ascii: "\n")])
    }

    /// A build of this version that no directory has yet.
    func unusedBuild(_ name: String, version: Int) -> Build {
        let used = ViewFiles.list("\(root)/\(name)").compactMap { Build($0)?.number }
        return Build(version: version, number: (used.max() ?? 0) + 1)
    }

    /// Deletes the directories of a view that aren't the live one.
    func removeUnlisted(_ name: String) {
        for entry in ViewFiles.list("\(root)/\(name)") where builds[name]?.text != entry { ViewFiles.remove("\(root)/\(name)/\(entry)") }
    }
}

import Foundation

/// Files outside the test bundle: the mappings of this repository, and the shared data, which may be absent.
enum ImportFiles {
    /// The repository's root: the folder above this file that holds `packaging`; also through symbolic links.
    static let root: URL? = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "packaging/mappings").path) { return folder }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static func mapping(_ name: String) throws -> String {
        guard let root else { throw CocoaError(.fileNoSuchFile) }
        return try String(contentsOf: root.appending(path: "packaging/mappings/\(name).yaml"), encoding: .utf8)
    }

    static let letters = shared("teddy-c-letters/attachment4_letters_replies.csv.gz")
    static let baltimore = shared("baltimore311/311_sample.csv.gz")

    /// `$APPEAL_SHARED_DATA`, else `../shared/data` beside the repository.
    private static func shared(_ name: String) -> String? {
        let folder =
            ProcessInfo.processInfo.environment["APPEAL_SHARED_DATA"] ?? root?.deletingLastPathComponent().appending(path: "shared/data").path
        guard let path = folder.map({ "\($0)/\(name)" }), FileManager.default.fileExists(atPath: path) else { return nil }
        return path
    }
}

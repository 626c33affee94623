import Foundation
import Workflow

/// The example rulebook, from the repository this test stands in.
enum ScenarioFiles {
    /// The repository's root: the folder above this file that holds `packaging`; also through symbolic links.
    static let root: URL? = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "packaging/rulebook").path) { return folder }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static let rulebook: Rulebook? = {
        guard let root else { return nil }
        var files: [(name: String, text: String)] = []
        for folder in ["calendars", "chengdu"] {
            let path = root.appending(path: "packaging/rulebook/\(folder)")
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path.path).sorted()) ?? []
            where name.hasSuffix(".yaml") && name != "us.yaml" {
                guard let text = try? String(contentsOf: path.appending(path: name), encoding: .utf8) else { return nil }
                files.append((name, text))
            }
        }
        return RulebookCheck.read(RulebookPart.split(files), version: 1).rulebook
    }()
}

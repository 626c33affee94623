import CFloor
import Foundation

/// Where the figures come from: without this line they mean nothing.
struct Machine: Encodable {
    var cores = ProcessInfo.processInfo.activeProcessorCount
    var cpu: String
    var memoryGiB: Int
    var kernel: String
    var fileSystem: String
    /// Median of 200 writes of a page with fdatasync, microseconds.
    var fsyncMicroseconds: Double
    /// Load average of the last minute before the run: above 0.5 the machine was not quiet.
    var load: Double
    var compiler = "Swift \(Machine.compilerVersion)"

    init(directory: String) throws {
        func file(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        let model = file("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        cpu = model.map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) } ?? "?"
        memoryGiB = Int((ProcessInfo.processInfo.physicalMemory + (1 << 29)) >> 30)
        kernel = file("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines)
        load = Double(file("/proc/loadavg").split(separator: " ").first ?? "") ?? 0
        fileSystem = try Child.output("/usr/bin/findmnt", ["-n", "-o", "FSTYPE", "-T", directory]).trimmingCharacters(in: .whitespacesAndNewlines)
        var median = 0.0
        try check(floor_fsync(directory, 200, &median), "fdatasync probe")
        fsyncMicroseconds = (median * 1e7).rounded() / 10
    }

    var line: String {
        "\(cores) cores, \(cpu), \(memoryGiB) GiB, Linux \(kernel), \(fileSystem), fdatasync p50 \(fsyncMicroseconds) µs, load \(load), \(compiler)"
    }

    private static var compilerVersion: String {
        #if compiler(>=6.4)
            ">= 6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "< 6.3"
        #endif
    }
}

/// Throws if a C function failed.
func check(_ code: Int32, _ what: String) throws {
    if code != 0 { throw BenchError("\(what): \(code < 0 ? "LMDB error \(code)" : String(cString: strerror(code)))") }
}

// swift-tools-version: 6.2
import PackageDescription

/// Set on every target by the loop below: the language mode and the upcoming features this project is written in.
let commonSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

/// The only target that touches raw memory, and so the only one that needs lifetimes and the strict checker.
let lmdbSettings: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes"), .strictMemorySafety()]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let http: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")

let package = Package(
    name: "appeal-engine",
    products: [
        .library(name: "Engine", targets: ["Engine"]),
        .library(name: "EngineClient", targets: ["EngineClient"]),
        .executable(name: "engine-daemon", targets: ["engine-daemon"]),
        .executable(name: "engine-ctl", targets: ["engine-ctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: lmdbSettings),
        .target(name: "EventModel"),
        .target(name: "EventLog", dependencies: ["EventModel", "LMDB", crypto, deque]),
        .target(name: "Workflow", dependencies: ["EventModel", crypto, yams]),
        .target(name: "Projections", dependencies: ["Workflow", "EventLog", "EventModel", "LMDB"]),
        .target(name: "Engine", dependencies: ["Workflow", "Projections", "EventLog", "EventModel", crypto, logging, nioPosix]),
        .target(name: "EngineClient", dependencies: ["EventModel", http, nioCore, nioHTTP1]),
        .target(name: "Scenarios", dependencies: ["Workflow", "EventModel"]),
        .target(name: "CaseImport", dependencies: ["EventModel", "Workflow", yams]),
        .executableTarget(
            name: "engine-daemon",
            dependencies: [
                "Engine", "EventLog", "EventModel", "Projections", "Workflow", yams, arguments, logging, nioCore, nioPosix,
                nioHTTP1,
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .executableTarget(
            name: "engine-ctl",
            dependencies: ["Engine", "EngineClient", "EventLog", "EventModel", "Projections", "Workflow", "Scenarios", "CaseImport", arguments]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"], exclude: ["Misuse"]),
        .testTarget(name: "EventModelTests", dependencies: ["EventModel"]),
        .testTarget(name: "EventLogTests", dependencies: ["EventLog", "EventModel", "LMDB", crypto], exclude: ["Golden"]),
        .testTarget(name: "WorkflowTests", dependencies: ["Workflow", "EventModel", crypto, yams]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections", "Workflow", "EventModel", "LMDB"]),
        .testTarget(name: "ScenariosTests", dependencies: ["Scenarios", "Workflow", "EventModel"]),
        .testTarget(name: "CaseImportTests", dependencies: ["CaseImport", "Workflow", "EventModel"]),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "EventLog", "EventModel", "Workflow", logging]),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "engine-daemon", "engine-ctl", "EngineClient", "EventLog", "EventModel", "Workflow", yams, nioCore,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .testTarget(name: "EndToEndTests", dependencies: ["EngineClient", "EventModel", "CaseImport", "Scenarios", "Workflow"]),
        .testTarget(name: "EngineClientTests", dependencies: ["EngineClient", "EventModel"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = commonSettings + (target.swiftSettings ?? [])
}

// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with.
let strict: [SwiftSetting] =
    [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
    + [
        "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
    ].map { .enableUpcomingFeature($0) }

/// For the layers that read bytes of a peer: each unsafe expression in them is marked.
let strictMemory: [SwiftSetting] = strict + [.strictMemorySafety()]

/// For what is on the path of every call, ours or to AWS: release builds leave out the run-time look for overlapping accesses, an
/// eighth of a call's instructions. Debug builds, in which the tests run, trap on them.
let hotPath: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// MARK: C libraries, one door each

func systemLibrary(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/Shared/SystemLibraries/\(name)", pkgConfig: pkgConfig,
        providers: apt.map { [.apt([$0])] })
}

let systemLibraries: [Target] = [
    systemLibrary("CLinux"),
    systemLibrary("CNghttp2", pkgConfig: "libnghttp2", apt: "libnghttp2-dev"),
    systemLibrary("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
    systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    systemLibrary("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    systemLibrary("CXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
    systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    systemLibrary("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
    .target(
        name: "CSimdjson", path: "Sources/Shared/SystemLibraries/CSimdjson",
        linkerSettings: [.linkedLibrary("simdjson")]),
]

// MARK: Our own modules

func shared(_ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = strict) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Shared/\(name)", swiftSettings: settings)
}

func service(
    _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = strict
) -> [Target] {
    [
        .target(
            name: name,
            dependencies: ["API", "RPC", "Wire", "JSON", "Storage", "ServiceKit", "Platform", "Crypto"] + dependencies,
            path: "Sources/\(name)", exclude: ["Main"], swiftSettings: settings),
        .executableTarget(
            name: "\(name)Main", dependencies: [.target(name: name), "ServiceKit", "Platform"],
            path: "Sources/\(name)/Main", swiftSettings: strict),
    ]
}

let modules: [Target] =
    [
        shared("Platform", ["CLinux"]),
        shared("Crypto", ["COpenSSL", "Platform"]),
        shared("JSON", ["CSimdjson"]),
        shared("Wire", ["JSON", "Platform"], strictMemory),
        shared("EventLoop", ["CLinux"], strict + hotPath),
        shared("HTTP2", ["EventLoop", "CNghttp2", "COpenSSL", "CLinux", "Platform"], strict + hotPath),
        shared("RPC", ["HTTP2", "EventLoop", "Wire", "CZlib", "Platform"], strictMemory + hotPath),
        shared("API", ["RPC", "Wire"], strictMemory),
        shared("Storage", ["CSQLite", "Platform"]),
        shared("ServiceKit", ["API", "RPC", "HTTP2", "Wire", "JSON", "Storage", "Crypto", "Platform"]),
    ]
    + service("AccountService", [])
    + service("SyncService", ["EventLoop", "CCurl", "CXML2", "CZstd", "CLinux"], strict + hotPath)
    + service("AssessmentService", ["CSQLite"])
    + [
        .executableTarget(
            name: "CLI",
            dependencies: [
                "API", "RPC", "HTTP2", "EventLoop", "Wire", "JSON", "ServiceKit", "Crypto", "Platform", "CLinux",
            ],
            path: "Sources/CLI", swiftSettings: strict)
    ]

// MARK: Programs that are not installed

let programs: [Target] = [
    .target(
        name: "EchoAPI", dependencies: ["RPC", "Wire"], path: "Benchmarks/EchoAPI", swiftSettings: strict),
    .executableTarget(
        name: "echo-server", dependencies: ["EchoAPI", "RPC", "Platform"], path: "Benchmarks/EchoServer",
        swiftSettings: strict),
    .executableTarget(
        name: "echo-client", dependencies: ["EchoAPI", "RPC", "Wire", "EventLoop", "Platform"],
        path: "Benchmarks/EchoClient", swiftSettings: strict),
    .executableTarget(
        name: "codec-benchmark", dependencies: ["EchoAPI", "API", "Wire"], path: "Benchmarks/Codec",
        swiftSettings: strict),
]

// MARK: Tests

func tests(
    _ name: String, at path: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(path)", exclude: exclude,
        swiftSettings: strict)
}

let suites: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["API", "RPC", "Wire", "JSON", "Platform", "Crypto"],
        path: "Tests/TestSupport", exclude: ["Programs"],
        swiftSettings: strict),
    .target(
        name: "StoreReading", dependencies: ["SyncService", "Storage"], path: "Tests/StoreReading",
        swiftSettings: strict),
    tests("PlatformTests", at: "Shared/PlatformTests", ["Platform"]),
    tests("CryptoTests", at: "Shared/CryptoTests", ["Crypto", "Platform"]),
    tests("JSONTests", at: "Shared/JSONTests", ["JSON"]),
    tests("WireTests", at: "Shared/WireTests", ["Wire", "JSON"]),
    tests("HTTP2Tests", at: "Shared/HTTP2Tests", ["HTTP2", "EventLoop", "Crypto"]),
    tests("RPCTests", at: "Shared/RPCTests", ["RPC", "HTTP2", "EventLoop", "Wire", "Crypto", "Platform"]),
    tests("APITests", at: "Shared/APITests", ["API", "RPC", "Wire", "JSON", "Platform"]),
    tests("StorageTests", at: "Shared/StorageTests", ["Storage", "Platform"]),
    tests(
        "ServiceKitTests", at: "Shared/ServiceKitTests",
        ["ServiceKit", "API", "RPC", "Wire", "JSON", "Storage", "Crypto", "Platform"]),
    tests("AccountServiceTests", at: "AccountServiceTests", ["AccountService", "API", "RPC", "Storage", "ServiceKit"]),
    tests(
        "SyncServiceTests", at: "SyncServiceTests",
        ["SyncService", "API", "RPC", "JSON", "Storage", "ServiceKit", "EventLoop", "Platform"], exclude: ["Fixtures"]),
    tests(
        "AssessmentServiceTests", at: "AssessmentServiceTests",
        ["AssessmentService", "SyncService", "API", "RPC", "Wire", "JSON", "Storage", "ServiceKit"],
        exclude: ["Controls/Fixtures"]),
    tests("CLITests", at: "CLITests", ["CLI", "API", "JSON", "Platform"]),
    tests(
        "IntegrationTests", at: "Integration",
        ["Platform", "API", "RPC", "HTTP2", "EventLoop", "JSON", "ServiceKit", "Storage", "StoreReading"]),
    tests(
        "InteropTests", at: "Interop",
        ["Crypto", "InteropShared", "Platform", "API", "RPC", "HTTP2", "EventLoop", "Wire", "JSON", "ServiceKit"],
        exclude: ["Programs", "README.md"]),
    .executableTarget(
        name: "conformance-testee", dependencies: ["Wire", "JSON", "Platform"],
        path: "Tests/Interop/Programs/ConformanceTestee", swiftSettings: strict),
    .target(
        name: "InteropShared", dependencies: ["RPC", "Wire"], path: "Tests/Interop/Programs/InteropShared",
        swiftSettings: strict),
    .executableTarget(
        name: "abuse-target", dependencies: ["RPC", "HTTP2", "Wire", "Platform"],
        path: "Tests/Abuse/Programs/AbuseTarget",
        swiftSettings: strict),
    tests("AbuseTests", at: "Abuse", ["Crypto", "JSON", "Platform"], exclude: ["Programs"]),
    .executableTarget(
        name: "interop-server", dependencies: ["InteropShared", "RPC", "Wire", "Platform"],
        path: "Tests/Interop/Programs/InteropServer", swiftSettings: strict),
    .executableTarget(
        name: "interop-client", dependencies: ["InteropShared", "RPC", "Wire", "Platform"],
        path: "Tests/Interop/Programs/InteropClient", swiftSettings: strict),
]

// MARK: Fuzzing

/// The program links with libFuzzer's runtime alone, so it is there only for `scripts/fuzz.sh`, which asks for it.
let fuzzing: [Target] =
    [
        .target(
            name: "CProtobuf", path: "Tests/Fuzz/CProtobuf", linkerSettings: [.linkedLibrary("protobuf")]),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CProtobuf", "COpenSSL", "Crypto", "API", "RPC", "HTTP2", "EventLoop", "Wire", "JSON", "Platform",
                "ServiceKit",
                "SyncService", "AssessmentService", "TestSupport",
            ],
            path: "Tests/Fuzz/Targets", exclude: ["kinds.proto", "kinds.pb"], swiftSettings: strict),
        tests("FuzzTests", at: "Fuzz/Replay", ["FuzzTargets"]),
    ]
    + (Context.environment["PARAPET_FUZZ"] == nil
        ? []
        : [
            .executableTarget(
                name: "fuzz", dependencies: ["FuzzTargets", "CProtobuf"], path: "Tests/Fuzz/Program",
                swiftSettings: strict)
        ])

let package = Package(
    name: "parapet",
    products: [
        .executable(name: "parapet", targets: ["CLI"]),
        .executable(name: "account-service", targets: ["AccountServiceMain"]),
        .executable(name: "sync-service", targets: ["SyncServiceMain"]),
        .executable(name: "assessment-service", targets: ["AssessmentServiceMain"]),
        .executable(name: "echo-server", targets: ["echo-server"]),
        .executable(name: "echo-client", targets: ["echo-client"]),
        .executable(name: "conformance-testee", targets: ["conformance-testee"]),
        .executable(name: "interop-server", targets: ["interop-server"]),
        .executable(name: "interop-client", targets: ["interop-client"]),
    ],
    targets: systemLibraries + modules + programs + suites + fuzzing
)

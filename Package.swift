// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The review page; built into the program, so that it runs from any folder.
let pageFiles = [
    "index.html", "page.css", "main.js", "server.js", "dom.js", "worklist.js", "series.js", "viewer.js", "frames.js",
    "regions.js", "stage.js", "decide.js", "rules.js", "sample.js", "keys.js", "icon.svg",
]

let package = Package(
    name: "quench",
    products: [
        .executable(name: "quench", targets: ["quench"]),
        .executable(name: "quench-review", targets: ["quench-review"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
    ],
    targets: [
        // MARK: C and C++
        .systemLibrary(name: "CTesseract", pkgConfig: "tesseract", providers: [.apt(["libtesseract-dev"])]),
        .systemLibrary(name: "CLeptonica", pkgConfig: "lept", providers: [.apt(["libleptonica-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(
            name: "CGDCMShims",
            linkerSettings: ["gdcmMSFF", "gdcmDSED", "gdcmDICT", "gdcmCommon"].map { .linkedLibrary($0) }),
        .target(
            name: "CJPEG",
            linkerSettings: ["jpeg", "gdcmjpeg8", "gdcmjpeg12", "gdcmjpeg16"].map { .linkedLibrary($0) }),
        .target(name: "CFrames"),
        .target(name: "CTextNet"),
        .target(name: "COpenJPEG", linkerSettings: [.linkedLibrary("openjp2")]),

        // MARK: Libraries, each importing only those above it
        .target(name: "DICOMModel", swiftSettings: strict),
        .target(
            name: "DICOMFile", dependencies: ["DICOMModel", "CZlib"], exclude: ["Generate"], swiftSettings: strict),
        .target(
            name: "PixelCodecs", dependencies: ["DICOMModel", "CGDCMShims", "CJPEG", "COpenJPEG", "CZlib"],
            swiftSettings: strict),
        .target(
            name: "TextFinding", dependencies: ["DICOMModel", "CFrames", "CTextNet", "CTesseract", "CLeptonica"],
            swiftSettings: strict),
        .target(name: "PHIClassification", dependencies: ["DICOMModel"], swiftSettings: strict),
        .target(
            name: "PixelRedaction", dependencies: ["DICOMModel", "DICOMFile", "PixelCodecs"], swiftSettings: strict),
        .target(
            name: "HeaderDeidentification",
            dependencies: [
                "DICOMModel", "DICOMFile", "PHIClassification", .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Generate"],
            swiftSettings: strict),
        .target(
            name: "DeviceRules", dependencies: ["DICOMModel", "DICOMFile", "HeaderDeidentification"],
            swiftSettings: strict),
        .target(
            name: "Ledger",
            dependencies: [
                "DICOMModel", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "Pipeline",
            dependencies: [
                "DICOMModel", "DICOMFile", "PixelCodecs", "TextFinding", "PHIClassification", "PixelRedaction",
                "HeaderDeidentification", "DeviceRules", "Ledger", "CZip", .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(name: "Reporting", dependencies: ["DICOMModel", "Ledger"], swiftSettings: strict),
        .target(
            name: "ReviewServer",
            dependencies: [
                "DICOMModel", "DeviceRules", "HeaderDeidentification", "Ledger", "PHIClassification", "Pipeline",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: pageFiles.map { .embedInCode("Page/" + $0) }, swiftSettings: strict),
        .executableTarget(
            name: "quench",
            dependencies: [
                "DICOMModel", "DeviceRules", "HeaderDeidentification", "Ledger", "PHIClassification", "Pipeline",
                "PixelCodecs", "Reporting", "TextFinding",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "quench-review",
            dependencies: [
                "Ledger", "Pipeline", "ReviewServer", .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: strict),

        // MARK: Benchmarks
        .executableTarget(
            name: "quench-bench",
            dependencies: [
                "DICOMModel", "DICOMFile", "HeaderDeidentification", "Ledger", "PHIClassification", "Pipeline",
                "PixelRedaction", "Reporting", "ReviewServer", "TextFinding",
            ],
            path: "Benchmarks/TextBench",
            swiftSettings: strict),

        // MARK: Tests
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "DICOMModelTests", dependencies: ["DICOMModel"], swiftSettings: strict),
        .testTarget(
            name: "DICOMFileTests", dependencies: ["DICOMModel", "DICOMFile", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "PixelCodecsTests", dependencies: ["DICOMModel", "PixelCodecs", "CGDCMShims", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TextFindingTests", dependencies: ["DICOMModel", "TextFinding", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "PHIClassificationTests", dependencies: ["DICOMModel", "PHIClassification"], swiftSettings: strict),
        .testTarget(
            name: "PixelRedactionTests",
            dependencies: ["DICOMModel", "DICOMFile", "PixelCodecs", "PixelRedaction", "TestSupport"],
            exclude: ["Judge"], swiftSettings: strict),
        .testTarget(
            name: "HeaderDeidentificationTests",
            dependencies: ["DICOMModel", "DICOMFile", "HeaderDeidentification", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "DeviceRulesTests", dependencies: ["DICOMModel", "DICOMFile", "DeviceRules"], swiftSettings: strict),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["DICOMModel", "Ledger", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests", dependencies: ["DICOMModel", "Ledger", "Reporting"], swiftSettings: strict),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "DICOMModel", "DeviceRules", "HeaderDeidentification", "Ledger", "PHIClassification", "Pipeline",
                "PixelRedaction", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReviewServerTests",
            dependencies: ["DICOMModel", "HeaderDeidentification", "Ledger", "Pipeline", "ReviewServer"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "DICOMFile", "DICOMModel", "HeaderDeidentification", "Ledger", "Pipeline", "quench", "quench-review",
            ],
            swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)

import HeaderDeidentification

/// Names of profile options on the command line.
enum LintOptions {
    private static let all: [(name: String, option: ProfileOption)] = [
        ("safe-private", .retainSafePrivate), ("uids", .retainUIDs), ("device", .retainDeviceIdentity),
        ("institution", .retainInstitutionIdentity), ("patient-characteristics", .retainPatientCharacteristics),
        ("full-dates", .retainLongitudinalFullDates), ("modified-dates", .retainLongitudinalModifiedDates),
        ("descriptors", .cleanDescriptors), ("structured-content", .cleanStructuredContent),
        ("graphics", .cleanGraphics),
    ]

    static var names: [String] { all.map(\.name) }

    static func option(_ name: String) -> ProfileOption? { all.first { $0.name == name }?.option }

    static func name(_ option: ProfileOption) -> String { all.first { $0.option == option }?.name ?? "" }

    static var inOrder: [ProfileOption] { all.map(\.option) }
}

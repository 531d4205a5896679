/// The version of this program; CHANGELOG says what is in it.
enum Version {
    static let current = "0.1.0"
}

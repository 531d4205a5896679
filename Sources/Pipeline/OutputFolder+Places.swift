import Foundation
import Glibc

extension OutputFolder {
    /// Whether something has this path; a link counts whatever it leads to.
    static func exists(_ path: String) -> Bool { mode(of: path) != nil }

    /// Whether it is a folder, and no link to one.
    static func isFolderItself(_ path: String) -> Bool { mode(of: path).map { $0 & S_IFMT == S_IFDIR } ?? false }

    /// What of the output's own files and folders is a link, or open to others though it shows originals, accounts or
    /// who did what.
    func placeProblems() -> [VerifyRun.Problem] {
        let places: [(item: String, path: String, isSecret: Bool)] = [
            ("ledger.sqlite", ledgerPath, true), ("released/", releasedPath, false), ("report/", reportPath, false),
            ("quarantine/", quarantinePath, true), ("review/", reviewPath, true), ("file-set/", fileSetPath, false),
        ]
        return places.flatMap { place -> [VerifyRun.Problem] in
            guard let mode = Self.mode(of: place.path) else { return [] }
            if mode & S_IFMT == S_IFLNK {
                return [.init(item: place.item, what: "is a link: put back what it stands for")]
            }
            guard place.isSecret, mode & 0o077 != 0 else { return [] }
            return [.init(item: place.item, what: "is open to others than its owner: run `chmod go=` on it")]
        }
    }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : nil
    }
}

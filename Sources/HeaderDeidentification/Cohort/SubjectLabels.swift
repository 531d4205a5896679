import DICOMModel

/// What XNAT files an object under: project, subject, session.
public struct SubjectLabels: Hashable, Sendable {
    public var project: String?
    public var subject: String
    public var session: String

    public init(project: String?, subject: String, session: String) {
        self.project = project
        self.subject = subject
        self.session = session
    }

    /// Whether XNAT takes it for a label: 1 to 64 letters of ASCII, digits, `_` and `-`.
    public static func isLabel(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    /// Where XNAT looks for them: Patient Comments first, then Study Description for the project, Patient's Name for the
    /// subject and Patient ID for the session (wiki.xnat.org, "How XNAT Scans DICOM to Map to Project/Subject/Session").
    var elements: [(tag: Tag, vr: VR, text: String)] {
        var elements: [(Tag, VR, String)] = [
            (.patientName, .pn, subject), (.patientID, .lo, session),
            (
                Tag(0x0010, 0x4000), .lt,
                (project.map { "Project:\($0) " } ?? "") + "Subject:\(subject) Session:\(session)"
            ),
        ]
        if let project { elements.append((Tag(0x0008, 0x1030), .lo, project)) }
        return elements
    }

    /// Whether `text` is made of the labels and of nothing else but signs between them: `P_S001_MR1`.
    func make(_ text: String) -> Bool {
        var rest = text
        let labels = [project, subject, session].compactMap { $0 }.sorted { $0.utf8.count > $1.utf8.count }
        for label in labels { rest = rest.replacing(label, with: " ") }
        return rest != text
            && !rest.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }
}

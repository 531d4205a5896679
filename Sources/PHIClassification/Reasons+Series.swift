import DICOMModel

extension Reasons {
    static let kinds: [Entry] = [
        (
            "image", "The picture is an ordinary one; the policy holds or rejects all of them.",
            "Have a person decide, or change the policy: `series: image`."
        ),
        (
            "dose-page", "The series is a page of dose figures, which carries the patient's name and number.",
            "Nothing: the project rarely needs it. Structured dose reports hold the same figures."
        ),
        (
            "patient-protocol", "The series is a page with the scan protocol and the patient's name.",
            "Nothing: the project rarely needs it."
        ),
        (
            "exam-summary", "The series is a summary page of the examination.",
            "Nothing: the project rarely needs it."
        ),
        (
            "screen-capture", "The picture was captured from the screen of a workstation.",
            "Have a person decide whether the project needs it."
        ),
        (
            "secondary-capture", "The picture was not acquired by a scanner: it was converted, digitised or captured.",
            "Have a person decide whether the project needs it."
        ),
        (
            "scanned-document", "The picture is a scanned document, such as a form or a letter.",
            "Do not release it unless a person has read all of it."
        ),
        (
            "ultrasound", "Ultrasound usually shows the patient's name in the picture.",
            "Look at the before and after: of what is held on the review page, of what was released in the report."
        ),
        (
            "structured-report", "The object is a report in structured form, with names and free text.",
            "Release it only if the project needs it and its text was checked."
        ),
        (
            "radiation-dose-report", "The object is a structured report of radiation dose.",
            "Release it only if the project needs it; it names people and devices."
        ),
        (
            "encapsulated-document", "The object is a document, for instance a PDF, wrapped in DICOM.",
            "Do not release it unless a person has read all of it."
        ),
        (
            "video", "The pixels are a video stream, which is not examined or masked.",
            "Have a person look at it, or convert it to a multi-frame image first."
        ),
        (
            "presentation-state", "The object says how to display an image, and may hold written notes.",
            "Release it only if the project needs it."
        ),
        (
            "waveform", "The object is a waveform, such as an ECG, and may hold written notes.",
            "Release it only if the project needs it."
        ),
        (
            "rt", "The object belongs to radiotherapy: a plan, structures, a dose or a record.",
            "Release it only if the project needs it; labels are free text."
        ),
        (
            "segmentation", "The object marks regions of other images.",
            "Release it if the project needs it."
        ),
        (
            "fusion", "The picture shows one series laid over another, as captured by a workstation.",
            "Look at the before and after: of what is held on the review page, of what was released in the report."
        ),
        (
            "directory", "The file is a DICOMDIR: a list of files with patients' names.",
            "Nothing: it is never released. `quench dicomdir` makes one of the released files."
        ),
        (
            "dicomdir", "A DICOMDIR was found; it names patients and files and is never released.",
            "Nothing: `quench dicomdir` makes a new one of the released files."
        ),
        (
            "raw-data", "The object holds raw measurements that cannot be examined.",
            "Do not release it unless its maker says what it holds."
        ),
        (
            "other-non-image", "The object holds no picture and is of a kind that is not examined.",
            "Have a person decide whether the project needs it."
        ),
    ]

    static let signs: [Entry] = [
        (
            "burned-in-annotation-yes", "The header itself says that text is burnt into the picture.",
            "Look at the before and after: of what is held on the review page, of what was released in the report."
        ),
        ("sign-image-type", "Image Type names a page or a capture.", noAction),
        ("sign-series-number", "The Series Number is one that this maker gives to pages.", noAction),
        ("sign-description", "The Series Description names a page.", noAction),
        ("sign-window", "The window is one or two grey values wide, as on pages of text.", noAction),
        ("sign-page-size", "Rows and columns are those of this maker's pages.", noAction),
        ("sign-slide-label", "The picture is a slide's label, or shows the whole slide with its label.", noAction),
        ("sign-exposure-dose-sequence", "The header lists the exposures of the examination.", noAction),
        ("sign-comments-on-radiation-dose", "The header holds a comment with dose figures.", noAction),
        ("sign-secondary-capture-attributes", "The header names a device or a date of secondary capture.", noAction),
        ("sign-conversion-type", "The header says that the picture was converted or captured.", noAction),
        ("sign-sop-class", "The SOP Class is Secondary Capture.", noAction),
    ]

    private static let noAction = "Nothing: it explains the kind of series."
}

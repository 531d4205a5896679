import DICOMModel

extension Reasons {
    static let input: [Entry] = [
        ("not-dicom", "The file is not a DICOM file.", "Nothing, if it does not belong to the study."),
        (
            "unreadable-file", "The file looks like DICOM, but its data set could not be read.",
            "Send the image again from the PACS, or open it in a viewer to see whether it is damaged."
        ),
        (
            "truncated", "The file ends before its data set does.",
            "The transfer was probably cut off: send the image again from the PACS."
        ),
        (
            "malformed-header", "The header breaks the rules of DICOM in a way that cannot be read safely.",
            "Send it again from the PACS, or ask the maker of the device that wrote it."
        ),
        (
            "missing-required-uid",
            "The file lacks one of the UIDs that say what it is, or name its study, series or image; or one is none.",
            "Send it again from the PACS; without these UIDs it can't be de-identified consistently."
        ),
        (
            "input-unreadable", "The file could not be opened or read: permission was refused or the disk failed.",
            "Check the permissions and the disk, then run again."
        ),
        (
            "input-changed", "The file changed while it was being processed.",
            "Wait until copying into the input folder has finished, then run again."
        ),
        (
            "archive-unreadable", "The archive is damaged, encrypted, or of a kind that cannot be read.",
            "Unpack it yourself and give the folder instead."
        ),
        (
            "archive-entry-too-large", "A file in the archive is larger than the limit when unpacked.",
            "If it is genuine, unpack it yourself and give the folder instead."
        ),
        (
            "archive-nested", "The archive holds another archive, which is not opened.",
            "Unpack the inner archive and give the folder instead."
        ),
        (
            "duplicate-identical", "The very same file was given more than once.",
            "Nothing: one copy was processed."
        ),
        (
            "duplicate-sop-instance", "Another file with different content claims to be the same image.",
            "Compare both in a viewer and keep the right one."
        ),
        (
            "study-of-two-patients",
            "Objects of one study name different patients, by Patient ID or its issuer.",
            "Find out whose it is. Where only some objects have an Issuer of Patient ID: `identifiers: issuer-of-patient-id: ignored` in the policy."
        ),
    ]

    static let examination: [Entry] = [
        (
            "unsupported-transfer-syntax", "The pixels are compressed in a way that cannot be decoded here.",
            "Ask the PACS to send the study uncompressed or in a common compression."
        ),
        (
            "unsupported-pixel-format", "The pixels are stored in a combination that cannot be examined reliably.",
            "Ask the PACS to send the image in another Transfer Syntax, or have a person look at it."
        ),
        (
            "undecodable-frame", "A frame's compressed pixels are damaged, or coded in a way that isn't decoded here.",
            "Send the image again from the PACS; if it stays, ask for it uncompressed."
        ),
        (
            "pixel-data-length-mismatch", "There are fewer or more pixel bytes than the header says.",
            "Send the image again from the PACS; if it stays, have a person look at it."
        ),
        ("no-pixels", "The object holds no picture.", "Decide by its kind whether the project needs it."),
        (
            "too-many-regions", "So much text was found that masking would leave little of the picture.",
            "Have a person look at it: it is probably a page of text or a noisy image."
        ),
        (
            "worker-failed", "This file could not be processed, for a reason that has no code of its own yet.",
            "Keep the original and report it; a person decides what becomes of it."
        ),
        (
            "suspect-series", "Another instance of the same series is suspect, so the whole series is held.",
            "Have a person look at the series; reject the suspect instances, then release the rest."
        ),
        (
            "undecodable-overlay", "An overlay plane contradicts itself, so what it shows can't be told.",
            "Have a person look at it in a viewer that shows overlays."
        ),
        (
            "unencodable-frame",
            "A masked frame can't be encoded in the file's own Transfer Syntax, or only in many more bytes.",
            "Name another `pixels: fallback`, or convert the file to a lossless Transfer Syntax, and import it again."
        ),
        (
            "invalid-region", "A region lies outside the image.", "Report it: the original is kept in quarantine."
        ),
        (
            "archive", "This is an archive; each file in it is listed on its own.", "Nothing to do."
        ),
        (
            "text-found", "Text was found, and the policy does not release images with such text.",
            "Have a person look at it, or change the policy."
        ),
        (
            "worker-crashed", "The process that examined this file crashed.",
            "The file is probably damaged: send it again; if it stays, report it."
        ),
        (
            "worker-timed-out", "Examining this file took longer than the limit.",
            "Raise the time limit in the policy for large cines, or have a person look at it."
        ),
        (
            "worker-out-of-memory", "Examining this file needed more memory than the limit.",
            "Raise the memory limit in the policy for large cines, or have a person look at it."
        ),
    ]

    static let findings: [Entry] = [
        ("text-masked", "Text was found in the picture and masked.", "Look at the before and after in the report."),
        (
            "overlay-removed", "A graphic overlay was removed, because it may hold text.",
            "Nothing, unless the project needs the graphics."
        ),
        (
            "face-risk", "The series shows a head; a face could be rebuilt from it.",
            "This is a note only: use a defacing tool if the project requires it."
        ),
    ]

    static let verification: [Entry] = [
        (
            "verification-text-remains", "The second look still found text in the masked picture.",
            "Have a person look at the original and the result in quarantine."
        ),
        (
            "verification-outside-changed", "Pixels outside the masked regions were not as they were before.",
            "Report it: this is a fault of the program or of a codec."
        ),
        (
            "verification-identifier-remains", "A value of the original header was found again in the result.",
            "Have a person look at the result in quarantine, and at the options that keep attributes."
        ),
        (
            "verification-fill", "A masked region does not hold the fill everywhere.",
            "Report it: this is a fault of the program or of a codec."
        ),
        (
            "verification-unseen-picture",
            "Something that nobody looked at is in the result: a picture in an item or in a retired attribute, or bytes "
                + "beside the picture in a compressed stream.",
            "If quench verify finds it, clean the original again; else report it: this is a fault of the program."
        ),
        (
            "verification-unreadable",
            "The written file could not be read back, or has what other readers stumble over, as elements out of order.",
            "Have the sender repair it; if it was in order, check the disk, run again, and report it if it stays."
        ),
    ]

    static let terms: [Entry] = [
        (
            "outside-cohort", "The study is not in the cohort list of this run.",
            "Add it to the list and run into a new folder, or leave it out."
        ),
        (
            "opted-out", "The patient's data may not be used: opted out, or not on the allow list.",
            "Nothing: the report says nothing else about this patient."
        ),
        (
            "no-nhs-number", "There is no NHS number in the header, so the lists of patients could not be asked.",
            "Have a person find out who it is, or let such images pass by the policy."
        ),
        (
            "script-rejected", "A script of the site or the project rejects the image.",
            "Nothing, if the script is right: `reject` stands in it."
        ),
        (
            "script-failed", "A script of the site or the project fails on this image.",
            "Run `quench explain` on it: it says the line of the script."
        ),
        (
            "script-left-identifier",
            "The scripts were to de-identify the header alone, and left a value of the original.",
            "Run `quench explain` on the original: it says which attribute; `quench lint` lists what a script leaves."
        ),
        ("script-masked", "A script asked for a rectangle of the picture to be masked.", "Nothing."),
        ("rule-masked", "A device rule of the policy masks a rectangle of the picture.", "Nothing."),
        (
            "rule-rejected", "A device rule of the policy keeps such images out.",
            "Nothing, if the rule is right: `quench explain` on the image names it."
        ),
        (
            "rule-held", "A device rule of the policy holds such images for a person.",
            "Have a person look at it: `quench explain` on the image names the rule."
        ),
        (
            "rule-failed", "A device rule of the policy can't be applied: its box lies outside the image, for one.",
            "Run `quench explain` on the image: it names the rule; then mend the rule."
        ),
    ]

    static let review: [Entry] = [
        (
            "rejected-in-review", "A person looked at what was held and keeps it out.",
            "Nothing: the ledger says who, when and why."
        ),
        (
            "sent-back", "A person sent it back to be corrected.",
            "Send it again once it is corrected: it counts as a new file."
        ),
        (
            "released-in-review", "A person looked at what was held and released it.",
            "Nothing: the ledger says who, when and why."
        ),
        (
            "withdrawn", "A person took it back after its release.",
            "Tell whoever got it. Where it is held, mask it and release it again."
        ),
    ]
}

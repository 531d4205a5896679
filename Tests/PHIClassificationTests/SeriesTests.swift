import DICOMModel
import PHIClassification
import Testing

private let ct = "1.2.840.10008.5.1.4.1.1.2"
private let sc = "1.2.840.10008.5.1.4.1.1.7"

private func signs(
    _ sopClass: String?, _ modality: String? = "CT", type: String = "", _ change: (inout SeriesSigns) -> Void = { _ in }
) -> SeriesSigns {
    var signs = SeriesSigns()
    signs.sopClassUID = sopClass.map { UID($0) }
    signs.modality = modality
    signs.imageType = type.isEmpty ? [] : type.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
    change(&signs)
    return signs
}

@Suite struct `Series rules` {
    @Test(arguments: [
        ("ORIGINAL\\PRIMARY\\LABEL\\NONE", false, true), ("ORIGINAL\\PRIMARY\\OVERVIEW\\NONE", false, true),
        ("ORIGINAL\\PRIMARY\\VOLUME\\NONE", false, false), ("ORIGINAL\\PRIMARY\\VOLUME\\NONE", true, true),
        ("DERIVED\\PRIMARY\\THUMBNAIL\\RESAMPLED", false, false),
    ])
    func `a slide's label and whatever shows it are withheld`(type: String, showsLabel: Bool, isWithheld: Bool) {
        let result = SeriesRules.classify(
            signs("1.2.840.10008.5.1.4.1.1.77.1.6", "SM", type: type) { $0.showsSpecimenLabel = showsLabel })
        #expect(result.kind == (isWithheld ? .scannedDocument : .image))
        #expect(result.reasons == (isWithheld ? ["scanned-document", "sign-slide-label"] : []))
    }

    @Test(arguments: [
        ("ORIGINAL\\PRIMARY\\AXIAL", ct, "CT"), ("DERIVED\\SECONDARY\\REFORMATTED", ct, "CT"),
        ("DERIVED\\SECONDARY\\MPR", ct, "CT"), ("DERIVED\\SECONDARY", ct, "CT"),
        ("ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI", ct, "CT"),
        ("ORIGINAL\\PRIMARY\\M\\ND\\NORM", "1.2.840.10008.5.1.4.1.1.4", "MR"),
        ("DERIVED\\PRIMARY", "1.2.840.10008.5.1.4.1.1.1", "CR"),
        ("DERIVED\\SECONDARY\\OTHER\\R\\IR", "1.2.840.10008.5.1.4.1.1.4", "MR"),
        ("ORIGINAL\\PRIMARY", "1.2.840.10008.5.1.4.1.1.128", "PT"), ("DERIVED\\SECONDARY\\MIP", ct, "CT"),
        ("ORIGINAL\\PRIMARY\\AXIAL\\DOSE", ct, "CT"), ("", ct, "CT"),
        ("DERIVED\\SECONDARY\\PROJECTION IMAGE", "1.2.840.10008.5.1.4.1.1.4", "MR"),
        ("ORIGINAL\\PRIMARY\\LOCALIZER", ct, "CT"),
    ])
    func `an ordinary series is an image`(type: String, sopClass: String, modality: String) {
        let result = SeriesRules.classify(
            signs(sopClass, modality, type: type) {
                $0.rows = 512
                $0.columns = 512
                $0.seriesNumber = 3
                $0.seriesDescription = Sensitive("Low dose chest 1.0")
                $0.windowWidth = 400
                $0.manufacturer = "TOSHIBA"
            })
        #expect(result.kind == .image)
        #expect(result.reasons.isEmpty)
    }

    @Test func `a GE dose report is known without its description`() {
        for number in [999, 10_999] {
            let result = SeriesRules.classify(
                signs(ct, type: "DERIVED\\SECONDARY\\SCREEN SAVE") {
                    $0.seriesNumber = number
                    $0.seriesDescription = Sensitive("x")
                    $0.manufacturer = "GE MEDICAL SYSTEMS"
                    $0.windowCenter = -2
                    $0.windowWidth = 1
                    $0.isSigned = true
                    $0.hasCommentsOnRadiationDose = true
                })
            #expect(result.kind == .dosePage)
            #expect(result.reasons.first == "dose-page")
            #expect(
                Set(result.reasons).isSuperset(of: [
                    "sign-comments-on-radiation-dose", "sign-series-number", "sign-window",
                ]))
        }
    }

    @Test(arguments: ["CT_SOM5 PROT", "CT_SOM7 PROT", "CT_SOM8 PROT"])
    func `a Siemens protocol page is known by Image Type`(value: String) {
        #expect(SeriesRules.classify(signs(sc, type: "DERIVED\\SECONDARY\\OTHER\\\(value)")).kind == .patientProtocol)
    }

    @Test func `a Siemens protocol page is known by number and rows`() {
        let result = SeriesRules.classify(
            signs(sc, type: "DERIVED\\SECONDARY") {
                $0.manufacturer = "SIEMENS"
                $0.seriesNumber = 501
                $0.rows = 860
            })
        #expect(result.kind == .patientProtocol)
    }

    @Test(arguments: [
        "DERIVED\\SECONDARY\\DOSE_INFO", "DERIVED\\SECONDARY\\\\DOSEINFO", "DERIVED\\SECONDARY\\DOSE REPORT",
    ])
    func `a dose page is known by Image Type`(type: String) {
        #expect(SeriesRules.classify(signs(ct, type: type)).kind == .dosePage)
    }

    @Test func `an Exposure Dose Sequence makes a derived picture a dose page`() {
        #expect(
            SeriesRules.classify(signs(ct, type: "DERIVED\\SECONDARY\\OTHER") { $0.hasExposureDoseSequence = true })
                .kind == .dosePage)
        #expect(
            SeriesRules.classify(signs(ct, type: "ORIGINAL\\PRIMARY\\AXIAL") { $0.hasExposureDoseSequence = true }).kind
                == .image)
    }

    @Test func `a Philips exam summary is known by its size though it says NO`() {
        let result = SeriesRules.classify(
            signs(sc, type: "DERIVED\\SECONDARY") {
                $0.manufacturer = "Philips"
                $0.columns = 650
                $0.rows = 512
                $0.photometricInterpretation = "RGB"
                $0.burnedInAnnotation = "NO"
            })
        #expect(result.kind == .examSummary)
    }

    @Test(arguments: ["TOSHIBA", "Canon Medical Systems"])
    func `a Toshiba dose page needs another sign beside its Image Type`(manufacturer: String) {
        let plain = signs(ct, type: "DERIVED\\SECONDARY") { $0.manufacturer = manufacturer }
        #expect(SeriesRules.classify(plain).kind == .image)
        for number in [1000, 9000] {
            var numbered = plain
            numbered.seriesNumber = number
            #expect(SeriesRules.classify(numbered).kind == .dosePage)
        }
        var windowed = plain
        windowed.windowCenter = 0
        windowed.windowWidth = 1
        #expect(SeriesRules.classify(windowed).kind == .dosePage)
    }

    @Test(arguments: [
        ("Dose Report", SeriesKind.dosePage), ("Rapport dose.", .dosePage), ("Dosisbericht", .dosePage),
        ("Dose Info", .dosePage), ("Informe de dosis", .dosePage),
        ("線量レポート", .dosePage), ("Patient Protocol", .patientProtocol), ("Patientenprotokoll", .patientProtocol),
        ("Protocole patient", .patientProtocol),
        ("Exam Summary", .examSummary),
    ])
    func `a description in any language adds suspicion`(description: String, kind: SeriesKind) {
        let result = SeriesRules.classify(signs(ct) { $0.seriesDescription = Sensitive(description) })
        #expect(result.kind == kind)
        #expect(result.reasons.contains("sign-description"))
    }

    @Test(arguments: [
        ("1.2.840.10008.1.3.10", SeriesKind.directory), ("1.2.840.10008.5.1.4.1.1.88.67", .structuredReport),
        ("1.2.840.10008.5.1.4.1.1.88.59", .structuredReport),
        ("1.2.840.10008.5.1.4.1.1.104.1", .encapsulatedDocument),
        ("1.2.840.10008.5.1.4.1.1.104.3", .encapsulatedDocument),
        ("1.2.840.10008.5.1.4.1.1.11.1", .presentationState), ("1.2.840.10008.5.1.4.1.1.9.1.1", .waveform),
        ("1.2.840.10008.5.1.4.1.1.481.2", .rt),
        ("1.2.840.10008.5.1.4.1.1.66.4", .segmentation), ("1.2.840.10008.5.1.4.1.1.66", .rawData),
        ("1.2.840.10008.5.1.4.1.1.66.1", .otherNonImage),
        ("1.2.840.10008.5.1.4.1.1.6.1", .ultrasound), ("1.2.840.10008.5.1.4.1.1.3.1", .ultrasound),
        ("1.2.840.10008.5.1.4.1.1.77.1.1.1", .video),
        ("1.2.840.10008.5.1.4.1.1.7.4", .secondaryCapture), ("1.2.840.10008.5.1.4.1.1.77.1.6", .image),
        ("1.2.840.10008.5.1.4.1.1.2.1", .image),
        ("1.2.840.10008.5.1.4.1.1.9", .waveform), ("1.2.840.10008.5.1.4.1.1.91.1", .otherNonImage),
        ("1.2.840.10008.5.1.4.39.1", .otherNonImage),
    ])
    func `the SOP Class settles the kind`(sopClass: String, kind: SeriesKind) {
        #expect(SeriesRules.classify(signs(sopClass, nil)).kind == kind)
    }

    @Test(arguments: [
        "1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.103.1", "1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.7.1",
    ])
    func `a video stream is a video whatever the SOP Class`(syntax: String) {
        #expect(
            SeriesRules.classify(signs("1.2.840.10008.5.1.4.1.1.3.1", "US") { $0.transferSyntaxUID = UID(syntax) }).kind
                == .video)
    }

    @Test(arguments: [
        "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.1",
    ])
    func `other Transfer Syntaxes are no video`(syntax: String) {
        #expect(SeriesRules.classify(signs(ct) { $0.transferSyntaxUID = UID(syntax) }).kind == .image)
    }

    @Test func `captures, scans and fusions are told apart`() {
        #expect(SeriesRules.classify(signs(sc, "OT") { $0.conversionType = "SD" }).kind == .scannedDocument)
        #expect(SeriesRules.classify(signs(sc, "OT") { $0.conversionType = "WSD" }).kind == .secondaryCapture)
        #expect(SeriesRules.classify(signs(sc, "MR", type: "DERIVED\\SECONDARY\\SCREEN SAVE")).kind == .screenCapture)
        #expect(SeriesRules.classify(signs(sc, "PT", type: "DERIVED\\SECONDARY\\OTHER\\CSA FUSED MPR")).kind == .fusion)
        #expect(
            SeriesRules.classify(signs(ct, type: "DERIVED\\SECONDARY\\MPR") { $0.hasSecondaryCaptureAttributes = true })
                .kind == .secondaryCapture)
        #expect(SeriesRules.classify(signs(nil, "US")).kind == .ultrasound)
        #expect(SeriesRules.classify(signs(nil, "SR")).kind == .structuredReport)
        #expect(SeriesRules.classify(signs(nil, nil) { $0.hasPixelData = false }).kind == .otherNonImage)
        #expect(SeriesRules.classify(signs(nil, nil)).kind == .image)
    }

    @Test func `Burned In Annotation adds suspicion and takes none away`() {
        let yes = SeriesRules.classify(signs(ct, type: "ORIGINAL\\PRIMARY\\AXIAL") { $0.burnedInAnnotation = "YES " })
        #expect(yes.reasons == ["burned-in-annotation-yes"])
        let page = signs(ct, type: "DERIVED\\SECONDARY\\DOSE_INFO")
        var no = page
        no.burnedInAnnotation = "NO"
        #expect(SeriesRules.classify(page) == SeriesRules.classify(no))
    }

    @Test func `lower case and padding do not matter`() {
        #expect(SeriesRules.classify(signs(ct, type: "Derived\\Secondary\\dose_info ")).kind == .dosePage)
    }
}

@Suite struct `Reason codes` {
    @Test func `every code is unique, lower case and explained`() {
        let codes = Reasons.all.map(\.code.rawValue)
        #expect(Set(codes).count == codes.count)
        for entry in Reasons.all {
            #expect(entry.code.rawValue.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "-") })
            #expect(entry.sentence.hasSuffix("."))
            #expect(entry.next.hasSuffix("."))
        }
    }

    @Test func `every kind but image has an entry`() {
        for kind in SeriesKind.allCases where kind != .image {
            #expect(Reasons.entry(ReasonCode(rawValue: kind.rawValue)) != nil)
        }
    }

    @Test(arguments: [
        "unreadable-file", "truncated", "malformed-header", "unsupported-transfer-syntax", "undecodable-frame",
        "worker-crashed", "worker-timed-out",
        "worker-out-of-memory", "video", "encapsulated-document", "structured-report", "dicomdir",
        "duplicate-identical", "duplicate-sop-instance",
        "verification-text-remains", "verification-outside-changed", "verification-identifier-remains",
        "verification-fill", "verification-unseen-picture", "verification-unreadable", "unencodable-frame",
        "undecodable-overlay", "invalid-region",
        "too-many-regions", "no-pixels", "not-dicom", "archive-unreadable", "archive-entry-too-large", "archive-nested",
        "missing-required-uid", "text-masked",
        "input-unreadable", "input-changed", "overlay-removed", "unsupported-pixel-format",
        "pixel-data-length-mismatch", "face-risk",
        "burned-in-annotation-yes", "sign-image-type", "sign-series-number", "sign-description", "sign-window",
        "sign-page-size", "sign-slide-label",
        "sign-exposure-dose-sequence", "sign-comments-on-radiation-dose", "sign-secondary-capture-attributes",
        "sign-conversion-type", "sign-sop-class",
        "radiation-dose-report",
    ])
    func `the pipeline's codes are in the catalogue and the document`(code: String) {
        #expect(Reasons.entry(ReasonCode(rawValue: code)) != nil)
        #expect(Reasons.markdown().contains("| `\(code)` |"))
    }
}

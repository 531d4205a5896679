import DICOMModel

/// Pages and captures: pictures of text that scanners and workstations file beside the images.
enum PageRules {
    static func classify(_ signs: SeriesSigns) -> SeriesClassification? {
        let facts = Facts(signs)
        return slideLabel(facts) ?? dosePage(facts) ?? patientProtocol(facts) ?? examSummary(facts) ?? fusion(facts)
            ?? screenCapture(facts)
    }

    /// The signs, brought to one form.
    private struct Facts {
        var signs: SeriesSigns
        var type: [String]
        /// The words of Image Type beyond the first two values; `_`, spaces and hyphens separate.
        var words: Set<String>
        var description: DescriptionKind?
        var manufacturer: String

        init(_ signs: SeriesSigns) {
            self.signs = signs
            type = signs.imageType.map(SeriesRules.upper)
            while type.last?.isEmpty == true { type.removeLast() }
            words = Set(type.dropFirst(2).flatMap { $0.split { " _-.".contains($0) }.map(String.init) })
            description = signs.seriesDescription.flatMap { DescriptionKind($0) }
            manufacturer = SeriesRules.upper(signs.manufacturer)
        }

        var isOriginal: Bool { type.first == "ORIGINAL" && type.dropFirst().first != "SECONDARY" }
        var isDerived: Bool { type.first == "DERIVED" || type.dropFirst().first == "SECONDARY" }
        var isSecondaryCapture: Bool { SOPClassKinds.isSecondaryCapture(signs.sopClassUID) }
        var isCT: Bool { SeriesRules.upper(signs.modality) == "CT" }
        var isNarrowWindow: Bool { signs.windowWidth.map { $0 <= 2 } ?? false }
        /// RT Dose and dose maps carry `DOSE` alone.
        var isDoseType: Bool {
            words.contains("DOSEINFO") || words.contains("DOSEREPORT")
                || (words.contains("DOSE") && !words.isDisjoint(with: ["INFO", "REPORT", "RECORD", "SUMMARY", "PAGE"]))
        }
        var isSaved: Bool {
            !words.isDisjoint(with: ["SAVE", "SCREEN", "SCREENSAVE", "SCREENSHOT", "SCREENCAPTURE", "SNAPSHOT"])
        }
    }

    /// A whole-slide image's label, and the overview of the slide, which shows the label (PS3.3 C.8.12.4.1.1): the
    /// patient's name stands on it in print or in handwriting.
    private static func slideLabel(_ facts: Facts) -> SeriesClassification? {
        let isSlide =
            facts.signs.sopClassUID?.value == "1.2.840.10008.5.1.4.1.1.77.1.6"
            || SeriesRules.upper(facts.signs.modality) == "SM"
        guard isSlide else { return nil }
        let isLabel = !facts.words.isDisjoint(with: ["LABEL", "OVERVIEW", "MACRO"])
        guard isLabel || facts.signs.showsSpecimenLabel else { return nil }
        return SeriesClassification(kind: .scannedDocument, reasons: ["sign-slide-label"])
    }

    private static func dosePage(_ facts: Facts) -> SeriesClassification? {
        var reasons: [ReasonCode] = []
        let number = facts.signs.seriesNumber ?? 0
        if facts.isDoseType { reasons.append("sign-image-type") }
        // Philips, and whoever else files the exposure with a picture that was not acquired.
        if facts.signs.hasExposureDoseSequence, !facts.isOriginal { reasons.append("sign-exposure-dose-sequence") }
        // GE: SCREEN SAVE with TotalDLP in the comments.
        if facts.signs.hasCommentsOnRadiationDose, !facts.isOriginal || facts.isSaved {
            reasons.append("sign-comments-on-radiation-dose")
        }
        if facts.isSaved, facts.isCT || facts.isSecondaryCapture {
            if number == 999 || number == 10_999 { reasons.append("sign-series-number") }
            if facts.isNarrowWindow { reasons.append("sign-window") }
        }
        // Toshiba, Canon: exactly DERIVED\SECONDARY, which alone means nothing.
        if facts.type == ["DERIVED", "SECONDARY"] {
            let isToshiba = facts.manufacturer.contains("TOSHIBA") || facts.manufacturer.contains("CANON")
            if isToshiba, number == 1000 || number == 9000 { reasons.append("sign-series-number") }
            if facts.isCT || isToshiba, facts.isNarrowWindow { reasons.append("sign-window") }
            if isToshiba, facts.description == .summary { reasons.append("sign-description") }
        }
        // A CT page of two grey levels, whoever made it.
        if facts.isCT, facts.isDerived, facts.isNarrowWindow, !reasons.contains("sign-window") {
            reasons.append("sign-window")
        }
        if facts.description == .dose { reasons.append("sign-description") }
        return reasons.isEmpty ? nil : SeriesClassification(kind: .dosePage, reasons: reasons)
    }

    private static func patientProtocol(_ facts: Facts) -> SeriesClassification? {
        var reasons: [ReasonCode] = []
        if !facts.words.isDisjoint(with: ["PROT", "PROTOCOL"]) { reasons.append("sign-image-type") }
        // Siemens: CT series 501 and 503 of pages with 860 rows.
        let number = facts.signs.seriesNumber ?? 0
        if facts.manufacturer.contains("SIEMENS"), facts.isDerived, facts.signs.rows == 860,
            number == 501 || number == 503 || facts.isSecondaryCapture
        {
            reasons.append("sign-series-number")
        }
        if facts.description == .patientProtocol { reasons.append("sign-description") }
        return reasons.isEmpty ? nil : SeriesClassification(kind: .patientProtocol, reasons: reasons)
    }

    private static func examSummary(_ facts: Facts) -> SeriesClassification? {
        var reasons: [ReasonCode] = []
        // Philips: an RGB page of 650 columns and 512 rows that claims to be free of annotation.
        if facts.signs.columns == 650, facts.signs.rows == 512,
            facts.manufacturer.contains("PHILIPS") || facts.isDerived,
            SeriesRules.upper(facts.signs.photometricInterpretation) == "RGB"
        {
            reasons.append("sign-page-size")
        }
        if facts.description == .summary, !facts.isOriginal { reasons.append("sign-description") }
        return reasons.isEmpty ? nil : SeriesClassification(kind: .examSummary, reasons: reasons)
    }

    private static func fusion(_ facts: Facts) -> SeriesClassification? {
        guard !facts.words.isDisjoint(with: ["FUSED", "FUSION"]) else { return nil }
        return SeriesClassification(kind: .fusion, reasons: ["sign-image-type"])
    }

    private static func screenCapture(_ facts: Facts) -> SeriesClassification? {
        let isWorkstation =
            SeriesRules.upper(facts.signs.conversionType) == "WSD" && facts.isSecondaryCapture && facts.isSaved
        guard facts.isSaved || isWorkstation else { return nil }
        return SeriesClassification(kind: .screenCapture, reasons: ["sign-image-type"])
    }
}

/// What a Series Description announces, in the languages that scanners speak.
enum DescriptionKind {
    case dose
    case patientProtocol
    case summary

    init?(_ description: Sensitive<String>) {
        let line = LineText(description.reveal())
        let words = line.words.map { TextFolding.text($0.letters) } + line.foreignWords.map(TextFolding.text)
        let isDose = words.contains { word in Self.doses.contains { word.hasPrefix($0) || word.hasSuffix($0) } }
        let isReport = words.contains { word in Self.reports.contains { word.contains($0) } }
        if isDose, isReport || words.count == 1 {
            self = .dose
        } else if words.contains(where: { $0.contains("PROTO") }), words.contains(where: Self.isPatient) {
            self = .patientProtocol
        } else if words.contains("SUMMARY") || words.contains("ZUSAMMENFASSUNG") || words.contains("RESUMEN") {
            self = .summary
        } else {
            return nil
        }
    }

    private static func isPatient(_ word: String) -> Bool { ["PATI", "PACI", "PAZI"].contains { word.hasPrefix($0) } }

    private static let doses = [
        "DOSE", "DOSIS", "DOSI", "DOSES", "DAWKA", "DAWKI", "DOZA", "ДОЗА", "線量", "剂量", "劑量", "선량",
    ]
    private static let reports = [
        "REPORT", "INFO", "RAPPORT", "BERICHT", "INFORME", "RAPPORTO", "RELAT", "SUMMARY", "RECORD", "PROTOKOLL",
        "PAGE",
        "RAPORT", "ОТЧ", "レポート", "報告", "报告", "보고", "SHEET", "BLATT",
    ]
}

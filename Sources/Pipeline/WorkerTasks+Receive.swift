import DICOMFile
import DICOMModel
import Glibc
import HeaderDeidentification
import Ledger
import PHIClassification
import PixelRedaction

extension WorkerTasks {
    /// Reads a file's header alone: what it is, which Series it belongs to, and what its header gives reason for.
    func receive(_ path: String) throws -> ReceivedFile {
        let digest = try FileCopy.digest(of: path)
        var file = ReceivedFile(
            sha256: digest.sha256, byteCount: digest.byteCount, instance: nil, reason: nil, isArchive: false)
        do {
            let source = try FileByteSource(path: path)
            defer { if file.instance == nil, !file.isArchive { file.beginning = beginning(of: source) } }
            if ArchiveReader.isArchive(try source.read(0..<min(4, source.count))) {
                file.isArchive = true
                file.reason = "archive"
            } else if !DICOMObject.isDICOM(source) {
                file.reason = "not-dicom"
            } else {
                let object = try DICOMObject.read(source)
                if isIdentified(object) {
                    file.instance = try describe(object)
                } else {
                    file.reason = "missing-required-uid"
                }
            }
        } catch {
            file.reason = FailureReason.code(for: error)
        }
        return file
    }

    /// A DICOMDIR has no SOP Instance UID; everything else needs the UIDs that say what it is and where it belongs.
    private func isIdentified(_ object: DICOMObject) -> Bool {
        Self.isDirectory(object)
            || [Tag.sopClassUID, .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID].allSatisfy { tag in
                let value =
                    object.dataSet.string(tag)
                    ?? (tag == .sopClassUID ? object.fileMeta.string(.mediaStorageSOPClassUID) : nil)
                return value.map { !$0.isEmpty } ?? false
            }
    }

    static func isDirectory(_ object: DICOMObject) -> Bool {
        object.dataSet[.directoryRecordSequence] != nil
            || object.fileMeta.string(.mediaStorageSOPClassUID) == "1.2.840.10008.1.3.10"
    }

    /// Nil also for a patient of whom nothing may be said.
    private func beginning(of source: FileByteSource) -> ReceivedInstance? {
        guard let object = DICOMObject.readBeginning(source), consent?.verdict(on: object.dataSet) != .notAllowed else {
            return nil
        }
        var summary = summary(of: object, seriesKind: "")
        // There is no picture that anybody could be shown.
        summary.rows = nil
        summary.columns = nil
        summary.numberOfFrames = nil
        summary.photometricInterpretation = nil
        return ReceivedInstance(
            summary: summary, instanceNumber: 0, reasons: [],
            link: configuration.sources.wantsLinks
                ? LinkRecord(original: object.dataSet, result: DataSet(), plan: plan) : nil)
    }

    private func describe(_ object: DICOMObject) throws -> ReceivedInstance {
        let series = SeriesRules.classify(SeriesSigns(object))
        let summary = summary(of: object, seriesKind: series.kind.rawValue)
        return ReceivedInstance(
            summary: summary,
            instanceNumber: object.dataSet.integer(.instanceNumber) ?? 0, reasons: series.reasons,
            refusals: refusals(of: object), rules: ruleVerdict(on: object, summary),
            link: configuration.sources.wantsLinks ? link(of: object) : nil)
    }

    /// The part of the header that the ledger and reports may hold: pseudonyms, and values that can't name anybody.
    ///
    /// - Parameter classifier: of the object's own identifiers, where there is one already.
    func summary(
        of object: DICOMObject, seriesKind: String, classifier: TextClassifier? = nil
    ) -> InstanceSummary {
        let header = object.dataSet
        let hasPixels = ImageReader.hasPixels(object)
        func pseudonym(_ tag: Tag) -> String {
            header.string(tag).map { pseudonyms.uid(UID($0)).value } ?? ""
        }
        return InstanceSummary(
            patient: pseudonyms.patient(of: header) ?? "",
            study: pseudonym(.studyInstanceUID),
            series: pseudonym(.seriesInstanceUID), instance: pseudonym(.sopInstanceUID),
            modality: Self.modality(header.string(.modality)),
            sopClassUID: Self.standardUID(
                header.string(.sopClassUID) ?? object.fileMeta.string(.mediaStorageSOPClassUID)),
            transferSyntaxUID: Self.standardUID(object.transferSyntax.uid.value), seriesKind: seriesKind,
            manufacturer: Self.manufacturer(header.string(.manufacturer)),
            model: Self.harmless(header.string(.manufacturerModelName)) {
                classifier ?? TextClassifier(identifiers: HeaderIdentifiers(object))
            },
            rows: hasPixels ? header.integer(.rows) : nil, columns: hasPixels ? header.integer(.columns) : nil,
            numberOfFrames: hasPixels ? max(1, header.integer(.numberOfFrames) ?? 1) : nil,
            photometricInterpretation: hasPixels
                ? header.string(.photometricInterpretation).map(PhotometricInterpretation.init)?.knownTerm : nil,
            project: plan.cohort == nil ? plan.project : plan.cohortLabels(of: header)?.project)
    }

    /// The Defined Terms of Modality (PS3.3 C.7.3.1.1.1, 2026c), with the retired ones.
    private static let modalities: Set = [
        "ANN", "AR", "ASMT", "AU", "BDUS", "BI", "BMD", "CFM", "CR", "CT", "CTPROTOCOL", "DG", "DMS", "DOC", "DX",
        "ECG", "EEG", "EMG", "EOG", "EPS", "ES", "FID", "GM", "HC", "HD", "IO", "IOL", "IVOCT", "IVUS", "KER", "KO",
        "LEN", "LS", "M3D", "MG", "MR", "NM", "OAM", "OCT", "OP", "OPM", "OPT", "OPTBSV", "OPTENF", "OPV", "OSS", "OT",
        "PA", "PLAN", "POS", "PR", "PT", "PX", "REG", "RESP", "RF", "RG", "RTDOSE", "RTIMAGE", "RTINTENT", "RTPLAN",
        "RTRAD", "RTRECORD", "RTSEGANN", "RTSTRUCT", "RWV", "SC", "SEG", "SM", "SMR", "SR", "SRF", "STAIN",
        "TEXTUREMAP", "TG", "US", "VA", "XA", "XAPROTOCOL", "XC",
        "AS", "CD", "CF", "CP", "CS", "DD", "DF", "DM", "DS", "EC", "FA", "FS", "LP", "MA", "MS", "OPR", "ST", "VF",
    ]

    /// One of the standard's terms; `?` for anything else, which may be a value in the wrong place.
    private static func modality(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return "" }
        return modalities.contains(value) ? value : "?"
    }

    private static func standardUID(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return "" }
        let uid = UID(value)
        return uid.isStandard && uid.isValid ? uid.value : "private"
    }

    /// Makers by the word that names them: what else stands in the Attribute may be anything.
    private static let manufacturers = [
        "AGFA", "ALOKA", "BRUKER", "CANON", "CARESTREAM", "ELSCINT", "ESAOTE", "FUJI", "GE", "HITACHI", "HOLOGIC",
        "KODAK", "KONICA", "MINDRAY", "PHILIPS", "PICKER", "SAMSUNG", "SHIMADZU", "SIEMENS", "SONOSITE", "TOSHIBA",
        "UIH", "VARIAN", "ELEKTA", "ZIEHM", "ACUSON", "MARCONI", "ADAC",
    ]

    /// A maker that is known, else `other`.
    private static func manufacturer(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return "" }
        let words = value.uppercased().split { !$0.isLetter }
        return manufacturers.first { maker in words.contains { $0.hasPrefix(maker) && (maker != "GE" || $0 == "GE") } }
            ?? "other"
    }

    /// A name of a model, unless it matches something in the header that identifies, or a pattern.
    private static func harmless(_ value: String?, by classifier: () -> TextClassifier) -> String {
        guard let value, !value.isEmpty, value.utf8.count <= 64 else { return "" }
        switch classifier().classify(Sensitive(value), confidence: 1).category {
        case .identifier, .pattern: return "?"
        default: return value
        }
    }
}

extension PhotometricInterpretation {
    /// The standard's term; `?` for one of the file's own.
    fileprivate var knownTerm: String {
        if case .other = self { "?" } else { term }
    }
}

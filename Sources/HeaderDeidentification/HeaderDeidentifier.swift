public import DICOMFile
public import DICOMModel
import PHIClassification

/// Rewrites the header of an object by the Basic Application Level Confidentiality Profile and its options (PS3.15 Annex
/// E, Tables E.1-1, E.3.4-1 and E.3.10-1) at every nesting level, with what `AdditionalRules` adds. What stays is kept byte for byte.
public struct HeaderDeidentifier: Sendable {
    public let profile: DeidentificationProfile
    public let pseudonyms: Pseudonyms
    private let rules: ProfileRules

    /// Implementation Class UID (0002,0012) of files written here: a UUID below 2.25 (PS3.5 B.2).
    public static let implementationClassUID = UID("2.25.83981450662914245648505324704367575611")
    /// Implementation Version Name (0002,0013), at most 16 characters.
    public static let implementationVersionName = "QUENCH_0_1"

    /// First value of De-identification Method (0012,0063).
    static let method = "Quench 0.1, PS3.15 \(DeidentificationProfile.edition)"
    /// Every text that the markers consist of.
    static let markers = Set(
        [method, ScriptedDeidentifier.method] + DeidentificationCode.allCases.map { String($0.meaning.prefix(64)) })

    public init(profile: DeidentificationProfile = .basic, pseudonyms: Pseudonyms) {
        self.profile = profile
        self.pseudonyms = pseudonyms
        rules = ProfileRules(profile)
    }

    /// De-identifies `object` in place: Data Set, File Meta Information and preamble.
    ///
    /// - Parameters:
    ///   - pixels: what is known of the pixels; decides code 113101 and Burned In Annotation.
    ///   - keepsOverlays: whether nothing was found in the Overlay Planes that have Overlay Data, so that they may stay. Only
    ///     the Clean Graphics Option lets them.
    /// - Throws: `HeaderDeidentificationError` `.notAnInstance` for a DICOMDIR, or where there is no SOP Class UID or SOP
    ///   Instance UID; `DICOMFileError` where a value can't be read. `object` is then unchanged.
    public func deidentify(
        _ object: inout DICOMObject, pixels: PixelEvidence, keepsOverlays: Bool = false
    ) throws -> HeaderSummary {
        guard
            let sopClass = Self.uid(object.dataSet, .sopClassUID)
                ?? Self.uid(object.fileMeta, .mediaStorageSOPClassUID),
            let instance = Self.uid(object.dataSet, .sopInstanceUID)
                ?? Self.uid(object.fileMeta, .mediaStorageSOPInstanceUID)
        else {
            throw HeaderDeidentificationError(.notAnInstance, "there is no SOP Class UID or no SOP Instance UID")
        }
        guard sopClass.isValid, object.transferSyntax.uid.isValid else {
            throw HeaderDeidentificationError(.notAnInstance, "the SOP Class UID or the Transfer Syntax UID is no UID")
        }
        guard sopClass.value != "1.2.840.10008.1.3.10" else {
            throw HeaderDeidentificationError(.notAnInstance, "this is a DICOMDIR")
        }
        let patient = patientPseudonym(of: object.dataSet)
        var pass = pass(through: object, sopClass: sopClass, instance: instance, patient: patient)
        if keepsOverlays, profile.keepsClearOverlays {
            pass.keptOverlays = DeidentificationPass.overlayGroups(of: object.dataSet)
        }
        var dataSet = try pass.deidentify(object.dataSet)

        removeUnusedReferences(&dataSet)
        if let patient {
            dataSet[.patientName] = DataElement(tag: .patientName, vr: .pn, ascii: patient)
            dataSet[.patientID] = DataElement(tag: .patientID, vr: .lo, ascii: patient)
        }
        // As the Data Set says it, so that the two agree: one registered by the standard, as a palette's, is kept.
        pass.summary.sopInstanceUID = Self.uid(dataSet, .sopInstanceUID) ?? pass.summary.sopInstanceUID
        pass.summary.patient = patient
        pass.summary.studyInstanceUID = Self.uid(dataSet, .studyInstanceUID)
        pass.summary.seriesInstanceUID = Self.uid(dataSet, .seriesInstanceUID)
        pass.summary.codes = setMarkers(&dataSet, original: object.dataSet, pixels: pixels)

        object.dataSet = dataSet
        // Also makes the encoding agree with what File Meta Information will say, where the input's didn't.
        object.setTransferSyntax(object.transferSyntax)
        object.preamble = [UInt8](repeating: 0, count: 128)
        object.fileMeta = Self.fileMeta(sopClass, pass.summary.sopInstanceUID, object.transferSyntax)
        object.fileMetaSize = nil
        object.trailingBytes = nil
        return pass.summary
    }

    private func pass(
        through object: DICOMObject, sopClass: UID, instance: UID, patient: String?
    ) -> DeidentificationPass {
        let isKept = profile.options.contains(.retainUIDs) && instance.isValid
        let new = isKept ? instance : pseudonyms.uid(instance)
        let isModified = profile.temporalInformation == .modified
        return DeidentificationPass(
            profile: profile, rules: rules, pseudonyms: pseudonyms,
            types: AttributeTypeTable(sopClassUID: sopClass.value), patient: patient ?? DummyValue.personName,
            shift: isModified
                ? TemporalShift(
                    pseudonyms: pseudonyms, patient: patient ?? new.value, range: profile.dateShiftDays) : nil,
            cleaner: profile.cleansText ? DescriptorCleaner(identifiers: HeaderIdentifiers(object)) : nil,
            keepsContentPositions: profile.options.contains(.cleanStructuredContent)
                && Self.hasReferencesByPosition(object.dataSet), summary: HeaderSummary(sopInstanceUID: new))
    }

    /// Whether content items are referred to by where they stand (PS3.3 C.17.3.1).
    private static func hasReferencesByPosition(_ dataSet: DataSet) -> Bool {
        guard dataSet.contains(.contentSequence) else { return false }
        var isFound = false
        dataSet.walk { path, _, _ in if path.tag == Tag(0x0040, 0xDB73) { isFound = true } }
        return isFound
    }

    /// Removes what the Common Instance Reference Module (PS3.3 C.12.2) says of references once none is left: it must not
    /// be there then.
    private func removeUnusedReferences(_ dataSet: inout DataSet) {
        // Without Pixel Data they may be the object's content, as in a presentation state.
        guard Tag.pixelDataKinds.contains(where: dataSet.contains) else { return }
        let lists: Set<Tag> = [Tag(0x0008, 0x1115), Tag(0x0008, 0x1200)]
        guard lists.contains(where: dataSet.contains) else { return }
        var isReferring = false
        dataSet.walk { path, element, _ in
            let isListed = path.sequences.first.map { lists.contains($0.tag) } ?? false
            if element.tag == Tag(0x0008, 0x1155), !isListed { isReferring = true }
        }
        guard !isReferring else { return }
        for tag in lists { dataSet[tag] = nil }
    }

    // MARK: - Patient

    /// What Patient ID and Patient's Name become; nil where the object is about no patient, as a colour palette.
    public func patientPseudonym(of dataSet: DataSet) -> String? {
        if let id = dataSet.string(.patientID) {
            return pseudonyms.patient(patientID: id, issuer: dataSet.string(.issuerOfPatientID))
        }
        let subjects: [Tag] = [.patientName, .patientID, .studyInstanceUID]
        guard subjects.contains(where: dataSet.contains) else { return nil }
        let study = Self.uid(dataSet, .studyInstanceUID) ?? Self.uid(dataSet, .sopInstanceUID) ?? UID("")
        return pseudonyms.patient(
            name: dataSet.string(.patientName) ?? "", birthDate: dataSet.string(Tag(0x0010, 0x0030)) ?? "",
            studyInstanceUID: study)
    }

    // MARK: - Markers (PS3.15 E.1.1, PS3.3 C.12.1)

    func setMarkers(
        _ dataSet: inout DataSet, original: DataSet, pixels: PixelEvidence, method: String = Self.method,
        own: [DeidentificationCode]? = nil
    ) -> [DeidentificationCode] {
        let own = own ?? profile.codes(cleanPixelData: pixels.isClean)
        // Of an earlier de-identifier only codes of the standard are taken over, with the standard's own words: its
        // free text may hold anything.
        let earlier = original.items(.deidentificationMethodCodeSequence).compactMap { item -> DeidentificationCode? in
            guard item.string(Tag(0x0008, 0x0102)) == "DCM", let value = item.string(Tag(0x0008, 0x0100)) else {
                return nil
            }
            return DeidentificationCode(rawValue: value)
        }
        let codes = DeidentificationCode.allCases.filter { code in
            own.contains(code) || (code.survives && earlier.contains(code))
        }
        dataSet[.patientIdentityRemoved] = DataElement(tag: .patientIdentityRemoved, vr: .cs, ascii: "YES")
        // LO: at most 64 characters a value.
        let methods = [method] + codes.map { String($0.meaning.prefix(64)) }
        dataSet[.deidentificationMethod] = DataElement(
            tag: .deidentificationMethod, vr: .lo, bytes: Array(methods.joined(separator: "\\").utf8))
        dataSet[.deidentificationMethodCodeSequence] = DataElement(
            tag: .deidentificationMethodCodeSequence, items: codes.map { item(for: $0, in: dataSet) })
        dataSet[.longitudinalTemporalInformationModified] = DataElement(
            tag: .longitudinalTemporalInformationModified, vr: .cs, ascii: profile.temporalInformation.rawValue)
        setBurnedInAnnotation(&dataSet, pixels: pixels)
        return codes
    }

    private func item(for code: DeidentificationCode, in dataSet: DataSet) -> DataSet {
        DataSet(
            elements: [
                DataElement(tag: Tag(0x0008, 0x0100), vr: .sh, ascii: code.rawValue),
                DataElement(tag: Tag(0x0008, 0x0102), vr: .sh, ascii: "DCM"),
                DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, ascii: code.meaning),
            ], isExplicitVR: dataSet.isExplicitVR, isBigEndian: dataSet.isBigEndian)
    }

    private func setBurnedInAnnotation(_ dataSet: inout DataSet, pixels: PixelEvidence) {
        switch pixels {
        case .examinedAndClean, .masked:
            dataSet[.burnedInAnnotation] = DataElement(tag: .burnedInAnnotation, vr: .cs, ascii: "NO")
        case .notExamined:
            // What the input claims isn't known to be true, so NO is not passed on.
            if dataSet.string(.burnedInAnnotation) != "YES" { dataSet[.burnedInAnnotation] = nil }
        case .noPixels: break
        }
    }

    // MARK: - File Meta Information (PS3.10 7.1)

    /// All of it is ours (PS3.15 E.1.1); the writer adds Group Length.
    package static func fileMeta(_ sopClass: UID, _ instance: UID, _ transferSyntax: TransferSyntax) -> DataSet {
        DataSet(elements: [
            DataElement(tag: .fileMetaInformationVersion, vr: .ob, bytes: [0, 1]),
            element(.mediaStorageSOPClassUID, sopClass),
            element(.mediaStorageSOPInstanceUID, instance),
            element(.transferSyntaxUID, transferSyntax.uid),
            element(.implementationClassUID, implementationClassUID),
            DataElement(tag: .implementationVersionName, vr: .sh, ascii: implementationVersionName),
        ])
    }

    private static func element(_ tag: Tag, _ uid: UID) -> DataElement {
        DataElement(tag: tag, vr: .ui, bytes: Array(uid.value.utf8))
    }

    private static func uid(_ dataSet: DataSet, _ tag: Tag) -> UID? {
        dataSet.string(tag).map { UID($0) }
    }
}

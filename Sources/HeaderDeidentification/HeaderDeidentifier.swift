public import DICOMFile
public import DICOMModel
import PHIClassification

/// Rewrites the header of an object by the Basic Application Level Confidentiality Profile and its options (PS3.15 Annex
/// E, Tables E.1-1, E.3.4-1 and E.3.10-1) at every nesting level, with what `AdditionalRules` adds. What stays is kept byte for byte.
public struct HeaderDeidentifier: Sendable {
    public let profile: DeidentificationProfile
    public let pseudonyms: Pseudonyms
    private let rules: ProfileRules
    /// Whether summaries say which items were left out; it costs time.
    package var keepsTrail = false

    /// Implementation Class UID (0002,0012) of files written here: a UUID below 2.25 (PS3.5 B.2).
    public static let implementationClassUID = UID("2.25.83981450662914245648505324704367575611")
    /// Implementation Version Name (0002,0013), at most 16 characters.
    public static let implementationVersionName = "QUENCH_0_1"

    public init(profile: DeidentificationProfile = .basic, pseudonyms: Pseudonyms) {
        self.profile = profile
        self.pseudonyms = pseudonyms
        rules = ProfileRules(profile)
    }

    /// De-identifies `object` in place: Data Set, File Meta Information and preamble.
    ///
    /// - Parameters:
    ///   - patient: the pseudonym of whom it is about; the object's own where nil.
    ///   - subject: by whom dates are moved, the same offset for the same text; `patient` where nil.
    ///   - pixels: what is known of the pixels; decides code 113101 and Burned In Annotation.
    ///   - keepsOverlays: whether nothing was found in the Overlay Planes that have Overlay Data, so that they may stay. Only
    ///     the Clean Graphics Option lets them.
    /// - Throws: `HeaderDeidentificationError` `.notAnInstance` for a DICOMDIR, or where there is no SOP Class UID or SOP
    ///   Instance UID, or no UID in the place of one; `DICOMFileError` where a value can't be read. `object` is then unchanged.
    public func deidentify(
        _ object: inout DICOMObject, patient: String? = nil, subject: String? = nil, pixels: PixelEvidence,
        keepsOverlays: Bool = false
    ) throws -> HeaderSummary {
        guard
            let sopClass = Self.uid(object.dataSet, .sopClassUID)
                ?? Self.uid(object.fileMeta, .mediaStorageSOPClassUID),
            let instance = Self.uid(object.dataSet, .sopInstanceUID)
                ?? Self.uid(object.fileMeta, .mediaStorageSOPInstanceUID)
        else {
            throw HeaderDeidentificationError(.notAnInstance, "there is no SOP Class UID or no SOP Instance UID")
        }
        guard sopClass.value != "1.2.840.10008.1.3.10" else {
            throw HeaderDeidentificationError(.notAnInstance, "this is a DICOMDIR")
        }
        let patient = patient ?? pseudonyms.patient(of: object.dataSet)
        let isKept = profile.options.contains(.retainUIDs) && instance.isValid
        let new = isKept ? instance : pseudonyms.uid(instance)
        var pass = pass(
            through: object, sopClass: sopClass, patient: patient, subject: subject ?? patient ?? new.value)
        if keepsOverlays, profile.keepsClearOverlays {
            pass.keptOverlays = DeidentificationPass.overlayGroups(of: object.dataSet)
        }
        var dataSet = try pass.deidentify(object.dataSet)

        removeUnusedReferences(&dataSet)
        if let patient {
            dataSet[.patientName] = DataElement(tag: .patientName, vr: .pn, ascii: patient)
            dataSet[.patientID] = DataElement(tag: .patientID, vr: .lo, ascii: patient)
        }
        let markers = DeidentificationMarkers(
            method: DeidentificationMarkers.profileMethod, codes: profile.codes(cleanPixelData: pixels.isClean),
            temporalInformation: profile.temporalInformation, pixels: pixels)
        let codes = markers.set(in: &dataSet, of: object.dataSet)
        // As the Data Set says it, so that the two agree: one registered by the standard, as a palette's, is kept.
        let newInstance = Self.uid(dataSet, .sopInstanceUID) ?? new
        try Self.finish(&object, dataSet, sopClass, newInstance)
        return HeaderSummary(patient: patient, sopInstanceUID: newInstance, codes: codes, trail: pass.trail)
    }

    /// Puts the new Data Set in, and File Meta Information and preamble of our own.
    ///
    /// - Throws: `.notAnInstance` where File Meta Information would hold something else than UIDs; nothing is changed then.
    static func finish(_ object: inout DICOMObject, _ dataSet: DataSet, _ sopClass: UID, _ instance: UID) throws {
        guard sopClass.isValid, object.transferSyntax.uid.isValid else {
            throw HeaderDeidentificationError(.notAnInstance, "the SOP Class UID or the Transfer Syntax UID is no UID")
        }
        object.dataSet = dataSet
        // Also makes the encoding agree with what File Meta Information will say, where the input's didn't.
        object.setTransferSyntax(object.transferSyntax)
        object.preamble = [UInt8](repeating: 0, count: 128)
        object.fileMeta = fileMeta(sopClass, instance, object.transferSyntax)
        object.fileMetaSize = nil
        object.trailingBytes = nil
    }

    private func pass(
        through object: DICOMObject, sopClass: UID, patient: String?, subject: String
    ) -> DeidentificationPass {
        let isModified = profile.temporalInformation == .modified
        return DeidentificationPass(
            profile: profile, rules: rules, pseudonyms: pseudonyms,
            types: AttributeTypeTable(sopClassUID: sopClass.value), patient: patient ?? DummyValue.personName,
            shift: isModified
                ? TemporalShift(pseudonyms: pseudonyms, patient: subject, range: profile.dateShiftDays)
                : nil,
            cleaner: profile.cleansText ? DescriptorCleaner(identifiers: HeaderIdentifiers(object)) : nil,
            keepsContentPositions: profile.options.contains(.cleanStructuredContent)
                && Self.hasReferencesByPosition(object.dataSet),
            trail: keepsTrail ? DeidentificationTrail() : nil)
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
        guard dataSet.hasPixelData else { return }
        let lists: Set<Tag> = [Tag(0x0008, 0x1115), Tag(0x0008, 0x1200)]
        guard lists.contains(where: dataSet.contains) else { return }
        var isReferring = false
        dataSet.walk { path, element, _ in
            let isListed = path.sequences.first.map { lists.contains($0.tag) } ?? false
            if element.tag == .referencedSOPInstanceUID, !isListed { isReferring = true }
        }
        guard !isReferring else { return }
        for tag in lists { dataSet[tag] = nil }
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

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Expected values by Python's hmac and datetime.
struct TemporalShiftTests {
    private func shift(of patientID: String, issuer: String? = nil, range: ClosedRange<Int>) -> TemporalShift {
        TemporalShift(
            pseudonyms: pseudonyms, patient: pseudonyms.patient(patientID: patientID, issuer: issuer), range: range)
    }

    @Test(arguments: [("12345", -276), ("PAT-4711", -262), ("", -49)])
    func `the offset is that of another implementation of HMAC`(_ patientID: String, _ days: Int) {
        #expect(shift(of: patientID, range: -1095 ... -30).days == days)
    }

    @Test func `no patient keeps the true dates`() {
        // 3 of -3 to 3 without 0 is 1.
        #expect(shift(of: "12345", range: -3...3).days == 1)
        let days = Set((0..<200).map { shift(of: "\($0)", range: -3...3).days })
        #expect(days == [-3, -2, -1, 1, 2, 3])
    }

    @Test func `the same id of another issuer is another patient`() {
        let range = -10_000...10_000
        let one = shift(of: "12345", issuer: "A", range: range)
        #expect(one != shift(of: "12345", issuer: "B", range: range))
        #expect(one == shift(of: " 12345 ", issuer: "A", range: range))
    }

    @Test(arguments: [
        ("20240229", "20230529"), ("2024.02.29", "20230529"), ("2024", nil), ("20240230", nil), ("", nil),
        ("20240229120000", nil), ("29.02.2024", nil),
    ])
    func `a date moves over months and leap days`(_ date: String, _ moved: String?) {
        #expect(shift(of: "12345", range: -1095 ... -30).shifted(date: date) == moved)
    }

    @Test func `a date and time moves with its precision and zone`() {
        let shift = self.shift(of: "12345", range: -1095 ... -30)
        #expect(shift.shifted(dateTime: "20240229235959.123456+0100") == "20230529235959.123456+0100")
        #expect(shift.shifted(dateTime: "202402292359") == "202305292359")
        #expect(shift.shifted(dateTime: "yesterday") == nil)
    }

    @Test func `full and modified dates are not to be had together, nor a shift of no day`() {
        let both: Set<ProfileOption> = [.retainLongitudinalFullDates, .retainLongitudinalModifiedDates]
        let error = #expect(throws: HeaderDeidentificationError.self) { try DeidentificationProfile(options: both) }
        #expect(error?.code == .contradictoryOptions)
        #expect(throws: HeaderDeidentificationError.self) {
            try DeidentificationProfile(options: [], dateShiftDays: 0...0)
        }
    }

    private static let markers: [(Set<ProfileOption>, String, String?)] = [
        ([], "REMOVED", nil), ([.retainLongitudinalFullDates], "UNMODIFIED", "19871123"),
        ([.retainLongitudinalModifiedDates], "MODIFIED", "19870220"),
    ]

    @Test(arguments: markers)
    func `the marker says what was done with dates`(_ options: Set<ProfileOption>, _ marker: String, _ date: String?)
        throws
    {
        let original = object([
            DataElement(tag: .patientID, vr: .lo, ascii: "12345"),
            DataElement(tag: .studyDate, vr: .da, ascii: Canary.date),
            DataElement(tag: Tag(0x0010, 0x0030), vr: .da, ascii: Canary.date),
            // Exclusion Start DateTime, which the table doesn't list, in the dictionary a DT
            DataElement(tag: Tag(0x0014, 0x0102), vr: .da, ascii: Canary.date),
        ])
        let dataSet = try deidentified(original, options: options).object.dataSet
        #expect(dataSet.string(.longitudinalTemporalInformationModified) == marker)
        #expect(dataSet.string(.studyDate) == date)
        #expect(dataSet.string(Tag(0x0010, 0x0030)) == nil)
        #expect(dataSet.string(Tag(0x0014, 0x0102)) == date ?? "19000101")
    }

    @Test func `what is no date is removed, not kept`() throws {
        let original = object([
            DataElement(tag: .patientID, vr: .lo, ascii: "12345"),
            DataElement(tag: .studyDate, vr: .da, ascii: "Jones"),
            DataElement(tag: Tag(0x0008, 0x0030), vr: .tm, ascii: "Jones"),
            DataElement(tag: Tag(0x0008, 0x002A), vr: .dt, ascii: "Jones"),
        ])
        let result = try deidentified(original, options: [.retainLongitudinalModifiedDates])
        #expect(result.object.dataSet[.studyDate]?.isEmpty == true)
        #expect(!String(decoding: result.bytes, as: UTF8.self).contains("Jones"))
    }
}

import DICOMModel
import PHIClassification
import Testing

/// What may stay of a description (PS3.15 E.3.5). Expected values are by hand.
struct DescriptorCleanerTests {
    private var cleaner: DescriptorCleaner {
        var identifiers = HeaderIdentifiers()
        identifiers.add(Sensitive("Hand^Lumbara^T"), kind: .personName)
        identifiers.add(Sensitive("Knee^Robert"), kind: .otherPersonName)
        identifiers.add(Sensitive("70012345"), kind: .identifier)
        identifiers.add(Sensitive("Chest Clinic Northgate"), kind: .institution)
        identifiers.add(Sensitive("Lumbara has pain in the chest"), kind: .freeText)
        return DescriptorCleaner(identifiers: identifiers)
    }

    @Test(arguments: [
        "CT CHEST W/O CONTRAST", "AX T2 FLAIR", "t2_tse_tra_p2_320x320", "Abdomen^Routine (Adult)", "Thorax 5.0 B31f",
        "Head 0.75 mm", "MRT Schädel nativ", "TE 90 TR 2000", "ep2d_diff_b1000_ADC", "L4 L5 120kV", "3D MPRAGE 1.5mm",
        "Cervical Spine, sag. T1W", "SCOUT", "Chest PA", "HeadRoutine", "DWI b1000 ADC", "TRAUMA/PLAIN HEAD",
        "T1 DIXON COR POST", "T2 TSE BLADE COR", "Edge enhanced",
        "Bone sharp 1.0 mm", "Circle of Willis", "Foot R", "Abdomen 5 min rest", "SHORT AXIS", "Colon low dose",
        "120 mA",
    ])
    func `technique, anatomy and measures stay as they are`(_ text: String) {
        #expect(cleaner.cleaned(Sensitive(text)) == text)
    }

    @Test(arguments: [
        ("CT Head 5.0 mm contrast 12345 Smith", "CT Head 5.0 mm contrast"), ("CT CHEST SMITH", "CT CHEST"),
        ("Chest for Dr Brain Abdomen Pelvis", "Chest for"),
        ("HAND right", "right"), ("Lumbara spine", "spine"), ("KNEE lat", "lat"), ("Thorax 23.11.1987", "Thorax"),
        ("Thorax 23.11", "Thorax"), ("Thorax 1987", "Thorax"), ("Thorax 2020-03-04", "Thorax"), ("CT 70012345", "CT"),
        ("CT 45Y male", "CT"), ("45 year old chest", "chest"), ("MR No 12345 brain", "MR No brain"),
        ("chest brain@hospital.org", "chest"), ("Head Jones", ""), ("Pelvis Bone", "Pelvis Bone"),
        ("Müller Schädel", "Schädel"), ("山田 CT", "CT"), ("O'Brien chest", "chest"), ("1956 mm", ""),
        ("Room 12 axial", "axial"), ("CT 12/03 head", "CT head"), ("", ""), ("   ", ""), ("12345", ""),
        ("CT Head Sharp", "CT"), ("SHARP, MAX chest", "chest"), ("chest Mark Walker", "chest"), ("LONG^SHORT CT", "CT"),
        ("Hand, Cor", ""), ("chest Best A", "chest A"), ("CT Willis Smith", "CT"), ("MR Rao Pat", "MR"),
        ("Page Smith", ""), ("MR Tse Wing", "MR"), ("Crane Swan brain", "brain"),
        ("Max Head Short CT", "CT"),
        ("Tel 0171 2345678", ""), ("Neck mass, ref. Dr. Lung", "Neck"), ("MTJS45F", ""), ("12 mm lesion", "12 mm"),
    ])
    func `names, dates, ages, numbers and unknown words go`(_ text: String, _ kept: String) {
        #expect(cleaner.cleaned(Sensitive(text)) == kept)
    }

    @Test func `a name that is also a part of the body goes only where it is a name`() {
        let plain = DescriptorCleaner(identifiers: HeaderIdentifiers())
        #expect(plain.cleaned(Sensitive("HAND right")) == "HAND right")
        #expect(cleaner.cleaned(Sensitive("CHEST PA")) == "CHEST PA")
    }

    @Test func `what is left is in the text, in its order, and no longer than it`() {
        let words = [
            "CT", "Smith", "chest", "1987", "5", "mm", "T2", "^", "_", "/", "70012345", "é", "山", "\\", ".", "-",
        ]
        var state: UInt64 = 7
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int(state >> 33) % words.count] + (state >> 40 & 1 == 0 ? " " : "")
            }
            let kept = cleaner.cleaned(Sensitive(text))
            #expect(kept.utf8.count <= text.utf8.count)
            for leak in ["smith", "1987", "70012345", "山"] { #expect(!kept.lowercased().contains(leak), "\(text)") }
        }
    }
}

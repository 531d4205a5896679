import DICOMModel
import PHIClassification

/// A classifier for a header with these values.
func classifier(_ values: [(String, HeaderIdentifiers.Kind)] = []) -> TextClassifier {
    var identifiers = HeaderIdentifiers()
    for (value, kind) in values { identifiers.add(Sensitive(value), kind: kind) }
    return TextClassifier(identifiers: identifiers)
}

/// A classifier for a header with one patient's name.
func classifier(patient: String) -> TextClassifier { classifier([(patient, .personName)]) }

extension TextClassifier {
    /// A reading of high confidence.
    func category(_ line: String) -> FindingCategory { classify(Sensitive(line), confidence: 0.95).category }

    func rules(_ line: String) -> [String] { classify(Sensitive(line), confidence: 0.95).rules }
}

/// Lines of technical text as scanners write them.
let technicalLines = [
    "120 kVp", "kV 120", "120kV", "mA 200", "200 mA", "250 mAs", "5 cm", "16cm", "11CM", "35mm", "TE 90", "TE90",
    "TE: 90",
    "TR: 2000 ms", "TR 2000", "TR 2000 TE 90", "TR/TE 2000/90", "TI 150 ms", "W:400 L:40", "W 400 L 40", "W400 L40",
    "WW/WL 400/40", "W = 1492 L = 906", "WW 1500 WL -600", "C 40 W 400", "FOV 35cm", "FOV 35 x 35 cm", "DFOV 16.0cm",
    "THK 5.0", "THK 5.0 mm", "5.0 mm", "MI 0.9", "MI: 1.4", "TIs 0.4", "TIS0.4", "TIB: 0.5",
    "TIS<0.4 MI=0.8 AO=100%", "Zoom 150%", "100%", "0%", "50 %", "Frame 3/30", "Frame 3 of 30", "IM#1", "Se: 3",
    "Im: 12/40",
    "Page 1/3", "110/111", "5.0 MHz", "2.7MHZ", "20Hz", "19fps", "65dB", "Gain=   8dB", "GAIN 82", "85BPM", "14HZ",
    "1.5T", "3.0 T", "HU", "40 HU", "512 x 512", "1.43 cm", "3.2 cm/s", "120 cm/s", "10.5 mGy", "350 mGy*cm", "DLP 350",
    "DLP: 350.5 mGy*cm", "DLP (mGy*cm): 350.5", "CTDIvol 12.3 mGy", "4.5 cm²", "4.5 cm2", "30°", "FA 90",
    "Flip angle 90",
    "Slice thickness 5 mm", "L12.3", "A 23.5", "H -20.5 mm", "Tilt: -0.0", "0.7", "14", "2", "B 1000", "b=1000",
    "SMPTE",
    "SMPTE TEST PATTERN", "AXIAL", "T2 FLAIR", "T1", "3D", "MIP", "CHEST", "BONE", "SOFT TISSUE", "ARTERIAL PHASE",
    "PORTAL VENOUS", "DELAYED", "POST CONTRAST", "60 mL/s", "Dyn R 58", "8 Bit", "Lossy 50%", "SD 3",
    "LAO 30 CRA 20", "RAO 30° CAUD 10°", "30 LAO", "Scale 1.5", "1.5x", "Depth 16 cm", "PRF 2.5 kHz", "WF 50 Hz",
    "SV 2 mm",
]

/// Markers of side, orientation, position and view.
let markerLines = [
    "L", "R", "A", "P", "H", "F", "S", "I", "AIL", "PSR", "RAS", "LPI", "R L", "A P", "AP", "PA", "LATERAL", "Lateral",
    "SUPINE", "ERECT", "PORTABLE", "Portable", "L LATERAL", "R CC", "L MLO", "RMLO", "AP SUPINE", "AP PORTABLE", "LEFT",
    "RIGHT", "RT", "LT", "SEMI ERECT", "PRONE", "L OBLIQUE", "LEFT LATERAL DECUBITUS", "CROSS TABLE LATERAL",
    "POSTERIOR", "UPRIGHT", "LAO",
]

import Foundation
import Testing

/// A policy with options, given to the built program.
@Suite(.enabled(if: Place.hasSampleData && Place.hasPython, "make sample-data"))
struct ProfileOptionTests {
    private let policy = """
        version: 1
        series:
          \(["image", "ultrasound", "segmentation", "rt", "presentation-state", "waveform", "screen-capture",
        "secondary-capture", "scanned-document", "fusion", "video", "raw-data", "other-non-image"]
            .map { $0 + ": reject" }.joined(separator: "\n  "))
          structured-report: inspect
        deidentification:
          options: [clean-structured-content, clean-descriptors, retain-longitudinal-modified-dates]

        """

    /// Reads the reports with pydicom, and looks for the canaries of SampleData in every byte.
    private let judge = """
        import json, pathlib, sys
        import pydicom
        released = [p for p in pathlib.Path(sys.argv[1]).rglob("*.dcm")]
        canaries = [c.lower().encode() for c in json.load(open(sys.argv[2]))["canaries"]]
        doses = 0
        def walk(item):
            global doses
            for child in item.get("ContentSequence", []):
                if child.ValueType == "NUM":
                    assert child.MeasuredValueSequence[0].NumericValue is not None
                    doses += child.ConceptNameCodeSequence[0].CodeValue == "113813"
                assert child.ValueType != "PNAME" or child.PersonName == "ANONYMOUS"
                walk(child)
        for path in released:
            data = pydicom.dcmread(path)
            assert data.Modality == "SR" and data.LongitudinalTemporalInformationModified == "MODIFIED"
            codes = [i.CodeValue for i in data.DeidentificationMethodCodeSequence]
            assert codes == ["113100", "113101", "113104", "113105", "113107"], codes
            walk(data)
            content = path.read_bytes().lower()
            assert not [c for c in canaries if c in content]
        print(len(released), "released,", doses, "doses")
        """

    @Test func `a dose report is released with its doses and without its patient`() throws {
        try Place.temporary { folder in
            let file = folder + "/site.yaml"
            try policy.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try Shell.quench("policy", "--check", file).status == 0)
            let run = try Shell.quench(
                "clean", Place.sampleData + "/input", "--output", folder + "/out", "--policy", file)
            #expect([0, 3].contains(run.status), "\(run.errors)")
            let judged = try Shell.run(
                "/usr/bin/python3",
                ["-c", judge, folder + "/out/released", Place.sampleData + "/truth.json"])
            #expect(judged.status == 0, "\(judged.errors)")
            #expect(judged.output.contains(/[1-9]\d* released, [1-9]\d* doses/), "\(judged.output)")
        }
    }
}

import DICOMModel

/// Many frames, and frames of many fragments.
extension MatrixCase {
    static var long: [MatrixCase] {
        var fragments = MatrixLayout.grey16
        fragments.title = "grey 16 in fragments of 1 KiB"
        var thousands = MatrixLayout.grey8
        thousands.title = "grey 8, 5,000 frames"
        return [
            MatrixCase(
                transferSyntax: .jpegLosslessSV1, layout: fragments, writer: .dcmtk(["dcmcjpeg", "+e1", "+fs", "1"]),
                decoder: ["dcmdjpeg", "+cn"]),
            MatrixCase(
                transferSyntax: .jpegLSLossless, layout: fragments, writer: .dcmtk(["dcmcjpls", "+el", "+fs", "1"]),
                decoder: ["dcmdjpls"]),
            MatrixCase(
                transferSyntax: .rleLossless, layout: fragments, writer: .dcmtk(["dcmcrle", "+fs", "1"]),
                decoder: ["dcmdrle"]),
            MatrixCase(
                transferSyntax: .rleLossless, layout: thousands, writer: .dcmtk(["dcmcrle"]), decoder: ["dcmdrle"],
                frames: 5000),
            MatrixCase(
                transferSyntax: .explicitVRLittleEndian, layout: thousands, writer: .dcmtk(["dcmconv", "+te"]),
                decoder: [], frames: 5000),
        ]
    }
}

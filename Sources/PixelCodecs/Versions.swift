import CGDCMShims
import CJPEG
import COpenJPEG
import CZlib

/// Versions of the libraries in use, by name; those that can't be told are left out. Call it as
/// `PixelCodecs.versions()`.
public func versions() -> [String: String] {
    var versions: [String: String] = [:]
    versions["GDCM"] = text(quench_gdcm_version())
    versions["OpenJPEG"] = text(quench_j2k_version())
    versions["CharLS"] = text(quench_gdcm_charls_version())
    versions["libjpeg-turbo"] = text(quench_jpeg_turbo_version())
    versions["zlib"] = text(zlibVersion())
    return versions
}

private func text(_ string: UnsafePointer<CChar>?) -> String? {
    string.map { String(cString: $0) }
}

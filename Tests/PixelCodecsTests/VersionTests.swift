import PixelCodecs
import Testing

@Suite struct VersionTests {
    @Test func `the libraries tell their versions`() {
        let versions = PixelCodecs.versions()
        #expect(versions["GDCM"]?.hasPrefix("3.") == true)
        #expect(versions["libjpeg-turbo"]?.isEmpty == false)
        #expect(versions["zlib"]?.isEmpty == false)
    }
}

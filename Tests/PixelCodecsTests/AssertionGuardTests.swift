import CGDCMShims
import Testing

@Suite struct AssertionGuardTests {
    @Test func `an assertion that fails inside of a C library becomes a status`() {
        #expect(quench_gdcm_fail_assertion() == QUENCH_GDCM_ASSERTION)
        // And again: the guard is set anew each time.
        #expect(quench_gdcm_fail_assertion() == QUENCH_GDCM_ASSERTION)
    }
}

#ifndef QUENCH_GDCM_H
#define QUENCH_GDCM_H

#include <stddef.h>
#include <stdint.h>

// GDCM's decoder for JPEG-LS (CharLS), one frame at a time. The only code that includes GDCM. No function throws;
// an assertion that fails inside GDCM or CharLS becomes QUENCH_GDCM_ASSERTION, and leaks what was allocated until then.
// `error` is the caller's buffer and gets a message without image content.

#ifdef __cplusplus
#define QUENCH_NOEXCEPT noexcept
extern "C" {
#else
#define QUENCH_NOEXCEPT
#endif

typedef enum {
    QUENCH_GDCM_OK = 0,
    // The codec refuses the stream.
    QUENCH_GDCM_REFUSED = 1,
    // What came out isn't as long as the frame.
    QUENCH_GDCM_MISMATCH = 2,
    QUENCH_GDCM_OUT_OF_MEMORY = 3,
    QUENCH_GDCM_ASSERTION = 4,
    QUENCH_GDCM_EXCEPTION = 5,
} quench_gdcm_status;

// Samples are interleaved, in one byte up to a precision of 8 bits, else in two.
typedef struct {
    uint32_t columns;
    uint32_t rows;
    // 1 or 3.
    uint32_t samples;
    // 2 to 16; what the samples mean, signed or not, is no concern of the codec.
    uint32_t precision;
} quench_gdcm_frame;

// `frame` must be what the stream's own header says: the caller has read it. `capacity` is in bytes and must be what
// the frame needs. Components must be interleaved in one scan.
quench_gdcm_status quench_gdcm_decode_jpegls(
    const quench_gdcm_frame *frame, const uint8_t *stream, size_t length, uint8_t *samples,
    size_t capacity, char *error, size_t error_capacity) QUENCH_NOEXCEPT;

// Strings with static lifetime; CharLS's is NULL where the library doesn't say.
const char *quench_gdcm_version(void) QUENCH_NOEXCEPT;
const char *quench_gdcm_charls_version(void) QUENCH_NOEXCEPT;

// For tests: fails an assertion inside the guard; returns QUENCH_GDCM_ASSERTION.
quench_gdcm_status quench_gdcm_fail_assertion(void) QUENCH_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif

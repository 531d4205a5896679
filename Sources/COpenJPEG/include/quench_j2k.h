#ifndef QUENCH_J2K_H
#define QUENCH_J2K_H

#include <stddef.h>
#include <stdint.h>

// JPEG 2000 (ISO 15444-1) codestreams by OpenJPEG, one frame in, one frame out. OpenJPEG is called directly and not
// through GDCM 3.0.21, whose encoder overran its output buffer (four bytes a pixel) on small frames, and whose signed
// frames did not all come back as they were. Nothing is printed.

typedef enum {
    QUENCH_J2K_OK = 0,
    QUENCH_J2K_MALFORMED = 1,
    // The stream is not what the caller's description says.
    QUENCH_J2K_MISMATCH = 2,
    QUENCH_J2K_OUT_OF_MEMORY = 3,
    QUENCH_J2K_REFUSED = 4,
} quench_j2k_status;

// Samples are interleaved, in one byte up to a precision of 8 bits, two up to 16, four beyond, in the machine's order.
typedef struct {
    uint32_t columns;
    uint32_t rows;
    uint32_t samples;
    uint32_t precision;
    // Signed samples are two's complement over their whole width.
    uint32_t is_signed;
    // Encoding: 1 uses the reversible component transformation; needs three samples.
    uint32_t component_transform;
} quench_j2k_frame;

// `capacity` is in bytes and must be exactly what the frame needs. A stream that ends early is malformed.
quench_j2k_status quench_j2k_decode(
    const uint8_t *stream, size_t length, const quench_j2k_frame *frame, uint8_t *samples, size_t capacity);

// Reversible, one quality layer, one tile. `*out` is freed by quench_j2k_free.
quench_j2k_status quench_j2k_encode(
    const uint8_t *samples, size_t length, const quench_j2k_frame *frame, uint8_t **out, size_t *out_length);

void quench_j2k_free(uint8_t *bytes);

// A string with static lifetime.
const char *quench_j2k_version(void);

#endif

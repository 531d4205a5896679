#ifndef QUENCH_JPEG_H
#define QUENCH_JPEG_H

#include <stddef.h>
#include <stdint.h>

// JPEG (ISO 10918-1) for one frame: libjpeg-turbo for lossy streams of 8 bits, GDCM's own libjpeg builds for lossy
// streams of 12 bits and for lossless streams of 2 to 16 bits. Nothing is printed, nothing is global, no colour is
// converted. Every function returns a status; `error` is the caller's buffer and gets a message without image content.

typedef enum {
    QUENCH_JPEG_OK = 0,
    // The stream is damaged, ends early, or asks for what the library doesn't know.
    QUENCH_JPEG_MALFORMED = 1,
    // The stream is not what the caller's description says.
    QUENCH_JPEG_MISMATCH = 2,
    QUENCH_JPEG_OUT_OF_MEMORY = 3,
    QUENCH_JPEG_UNSUPPORTED = 4,
} quench_jpeg_status;

// What the caller has read in the stream's own frame header.
typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t components;
    // 2 to 16.
    uint32_t precision;
    // 1: lossless process (SOF3).
    uint32_t lossless;
} quench_jpeg_frame;

// A box counted in MCUs (blocks of 8 x 8 where there is one component).
typedef struct {
    uint32_t x;
    uint32_t y;
    uint32_t width;
    uint32_t height;
} quench_jpeg_box;

// Decodes to interleaved samples: one byte each up to 8 bits, else a 16-bit word of the machine's byte order.
// `capacity` is in bytes and must be exactly what the frame needs.
quench_jpeg_status quench_jpeg_decode(
    const uint8_t *stream, size_t length, const quench_jpeg_frame *frame, uint8_t *samples, size_t capacity,
    char *error, size_t error_capacity);

// The DC coefficient whose block shows `level`, of 8 or 12 bits, where the quantiser's first element is `step`; at both
// ends of the range rounded outwards, where samples are clamped.
int32_t quench_jpeg_dc_of_level(uint32_t level, uint32_t precision, uint32_t step);

// Sets every block of the boxes to one level, and writes all other blocks with the coefficients they have.
// `levels` holds, per component, the sample value wanted (0 to 2^precision - 1). `*out` is the caller's to free.
quench_jpeg_status quench_jpeg_mask(
    const uint8_t *stream, size_t length, const quench_jpeg_frame *frame, const quench_jpeg_box *boxes,
    size_t box_count, const uint32_t *levels, uint8_t **out, size_t *out_length, char *error, size_t error_capacity);

// A digest (FNV-1a, 64 bits) of each 8 x 8 block's coefficients, component after component, row by row, for tests and
// verification. `*out` holds `*out_count` values and is the caller's to free with quench_jpeg_free.
quench_jpeg_status quench_jpeg_block_digests(
    const uint8_t *stream, size_t length, const quench_jpeg_frame *frame, uint64_t **out, size_t *out_count,
    char *error, size_t error_capacity);

void quench_jpeg_free(void *memory);

// A string with static lifetime, such as "2.1.5".
const char *quench_jpeg_turbo_version(void);

#endif

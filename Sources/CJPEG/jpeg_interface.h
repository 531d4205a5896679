// Common to the four builds of libjpeg that are used here; free of any libjpeg header.
#ifndef QUENCH_JPEG_INTERFACE_H
#define QUENCH_JPEG_INTERFACE_H

#include "include/quench_jpeg.h"

typedef struct {
    const uint8_t *stream;
    size_t length;
    const quench_jpeg_frame *frame;
    char *error;
    size_t error_capacity;
} quench_jpeg_input;

// A growing buffer that an encoder writes into; `bytes` is malloc'ed.
typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} quench_jpeg_output;

// One function of each kind per library; the suffix names the library.
#define QUENCH_JPEG_DECLARE(suffix) \
    quench_jpeg_status quench_jpeg_decode_##suffix(const quench_jpeg_input *input, uint8_t *samples); \
    quench_jpeg_status quench_jpeg_mask_##suffix( \
        const quench_jpeg_input *input, const quench_jpeg_box *boxes, size_t box_count, const uint32_t *levels, \
        quench_jpeg_output *output); \
    quench_jpeg_status quench_jpeg_digests_##suffix( \
        const quench_jpeg_input *input, uint64_t **digests, size_t *count);

QUENCH_JPEG_DECLARE(turbo)
QUENCH_JPEG_DECLARE(gdcm8)
QUENCH_JPEG_DECLARE(gdcm12)
QUENCH_JPEG_DECLARE(gdcm16)

#endif

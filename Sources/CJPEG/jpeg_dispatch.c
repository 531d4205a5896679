#include <stdlib.h>
#include <string.h>

#include "jpeg_interface.h"

// More than any frame that Quench accepts, and far from overflow: 65535 x 65535 x 4 x 2 fits 64 bits.
static size_t bytes_of(const quench_jpeg_frame *frame) {
    return (size_t)frame->width * frame->height * frame->components * (frame->precision > 8 ? 2 : 1);
}

static quench_jpeg_status explain(char *error, size_t capacity, quench_jpeg_status status, const char *message) {
    if (error != NULL && capacity > 0) {
        strncpy(error, message, capacity - 1);
        error[capacity - 1] = 0;
    }
    return status;
}

static int is_sensible(const quench_jpeg_frame *frame) {
    return frame->width > 0 && frame->width <= 65535 && frame->height > 0 && frame->height <= 65535 &&
           frame->components > 0 && frame->components <= 4 && frame->precision >= 2 && frame->precision <= 16;
}

quench_jpeg_status quench_jpeg_decode(
    const uint8_t *stream, size_t length, const quench_jpeg_frame *frame, uint8_t *samples, size_t capacity,
    char *error, size_t error_capacity) {
    quench_jpeg_input input = {stream, length, frame, error, error_capacity};
    if (!is_sensible(frame) || bytes_of(frame) != capacity)
        return explain(error, error_capacity, QUENCH_JPEG_MISMATCH, "the buffer doesn't fit the frame");
    if (frame->lossless) {
        if (frame->precision <= 8) return quench_jpeg_decode_gdcm8(&input, samples);
        if (frame->precision <= 12) return quench_jpeg_decode_gdcm12(&input, samples);
        return quench_jpeg_decode_gdcm16(&input, samples);
    }
    if (frame->precision == 8) return quench_jpeg_decode_turbo(&input, samples);
    if (frame->precision == 12) return quench_jpeg_decode_gdcm12(&input, samples);
    return explain(error, error_capacity, QUENCH_JPEG_UNSUPPORTED, "lossy JPEG has 8 or 12 bits");
}

int32_t quench_jpeg_dc_of_level(uint32_t level, uint32_t precision, uint32_t step) {
    int64_t middle = (int64_t)1 << (precision - 1), top = ((int64_t)1 << precision) - 1, limit = middle * 8;
    int64_t wanted = ((int64_t)level - middle) * 8, size = wanted < 0 ? -wanted : wanted, scale = step == 0 ? 1 : step;
    // Outwards where a decoder cuts what is beyond the range, else never above the level.
    int64_t steps = level == 0 || level >= top || wanted < 0 ? (size + scale - 1) / scale : size / scale;
    if (wanted < 0) return (int32_t)(steps > limit ? -limit : -steps);
    return (int32_t)(steps > limit - 1 ? limit - 1 : steps);
}

static quench_jpeg_status hand_over(
    quench_jpeg_status status, quench_jpeg_output *output, uint8_t **out, size_t *out_length) {
    if (status != QUENCH_JPEG_OK) {
        free(output->bytes);
        return status;
    }
    *out = output->bytes;
    *out_length = output->count;
    return status;
}

quench_jpeg_status quench_jpeg_mask(
    const uint8_t *stream, size_t length, const quench_jpeg_frame *frame, const quench_jpeg_box *boxes,
    size_t box_count, const uint32_t *levels, uint8_t **out, size_t *out_length, char *error, size_t error_capacity) {
    quench_jpeg_input input = {stream, length, frame, error, error_capacity};
    quench_jpeg_output output = {NULL, 0, 0};
    quench_jpeg_status status;
    *out = NULL;
    *out_length = 0;
    if (!is_sensible(frame) || frame->lossless || (frame->precision != 8 && frame->precision != 12))
        return explain(error, error_capacity, QUENCH_JPEG_UNSUPPORTED, "lossy JPEG has 8 or 12 bits");
    if (frame->precision == 8)
        status = quench_jpeg_mask_turbo(&input, boxes, box_count, levels, &output);
    else
        status = quench_jpeg_mask_gdcm12(&input, boxes, box_count, levels, &output);
    return hand_over(status, &output, out, out_length);
}

quench_jpeg_status quench_jpeg_block_digests(
    const uint8_t *stream, size_t length, const quench_jpeg_frame *frame, uint64_t **out, size_t *out_count,
    char *error, size_t error_capacity) {
    quench_jpeg_input input = {stream, length, frame, error, error_capacity};
    quench_jpeg_status status;
    *out = NULL;
    *out_count = 0;
    if (!is_sensible(frame) || frame->lossless || (frame->precision != 8 && frame->precision != 12))
        return explain(error, error_capacity, QUENCH_JPEG_UNSUPPORTED, "lossy JPEG has 8 or 12 bits");
    if (frame->precision == 8)
        status = quench_jpeg_digests_turbo(&input, out, out_count);
    else
        status = quench_jpeg_digests_gdcm12(&input, out, out_count);
    if (status != QUENCH_JPEG_OK) {
        free(*out);
        *out = NULL;
        *out_count = 0;
    }
    return status;
}

void quench_jpeg_free(void *memory) { free(memory); }

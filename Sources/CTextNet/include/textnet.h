#ifndef TEXTNET_H
#define TEXTNET_H

#include <stddef.h>
#include <stdint.h>

/// The network's inference: one 8-bit picture in, a logit for each 4 x 4 cell out.
///
/// It computes in small integers, and what is left of fractions is rounded alike, so that every instruction set gives
/// the same bits.

/// From the slowest on, but for the first.
enum textnet_instructions {
    textnet_best = 0, textnet_portable = 1, textnet_avx2 = 2, textnet_avxvnni = 3, textnet_avx512 = 4
};

/// What cells are given that weren't looked at.
#define TEXTNET_FLAT (-20.0f)

/// The model file that was built in (safetensors), and its size in bytes.
const uint8_t *textnet_model(size_t *size);

/// Whether this machine has such instructions: 1 or 0.
int textnet_supports(int instructions);

/// How many grey levels each cell of 8 x 8 pixels spans, with the row below and the column to its right.
///
/// - spans: ceil(width / 8) x ceil(height / 8), row by row.
/// - returns: 0, or -1 without memory.
int textnet_spans(const uint8_t *pixels, size_t width, size_t height, uint8_t *spans);

/// What is worked in, kept from call to call; for one thread at a time. NULL without memory.
struct textnet_memory;
struct textnet_memory *textnet_memory_make(void);
void textnet_memory_free(struct textnet_memory *memory);

/// Memory is bounded by tiles of the picture, whatever its size.
///
/// - weights: the model's tensors as they lie in its file.
/// - pixels: width x height bytes, row by row.
/// - seeds: as many as there are spans; cells near one that isn't 0 are looked at.
/// - gate: from these log odds on the gate lets a cell pass.
/// - logits: ceil(width / 8) * 2 x ceil(height / 8) * 2, row by row.
/// - instructions: one of textnet_instructions.
/// - returns: 0, or -1 without memory, or -2 where this machine hasn't the instructions.
int textnet_run(
    struct textnet_memory *memory, const uint8_t *weights, const uint8_t *pixels, size_t width, size_t height,
    const uint8_t *seeds, float gate, float *logits, int instructions);

#endif

// OpenJPEG streams over memory.
#ifndef QUENCH_J2K_MEMORY_H
#define QUENCH_J2K_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <openjpeg-2.5/openjpeg.h>

typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t position;
} quench_j2k_input;

// Grows as it is written; `bytes` is malloc'ed.
typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    size_t position;
} quench_j2k_output;

// The stream is destroyed by opj_stream_destroy; `input` and `output` are the caller's and must outlive it.
opj_stream_t *quench_j2k_open_input(quench_j2k_input *input);
opj_stream_t *quench_j2k_open_output(quench_j2k_output *output);

#endif

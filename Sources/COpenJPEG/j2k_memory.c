#include "j2k_memory.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE 65536

static OPJ_SIZE_T input_read(void *buffer, OPJ_SIZE_T count, void *context) {
    quench_j2k_input *input = context;
    size_t left = input->count - input->position;
    if (left == 0) return (OPJ_SIZE_T)-1;
    if (count > left) count = left;
    memcpy(buffer, input->bytes + input->position, count);
    input->position += count;
    return count;
}

static OPJ_OFF_T input_skip(OPJ_OFF_T count, void *context) {
    quench_j2k_input *input = context;
    size_t left = input->count - input->position;
    if (count < 0) return -1;
    if ((uint64_t)count > left) count = (OPJ_OFF_T)left;
    input->position += (size_t)count;
    return count;
}

static OPJ_BOOL input_seek(OPJ_OFF_T position, void *context) {
    quench_j2k_input *input = context;
    if (position < 0 || (uint64_t)position > input->count) return OPJ_FALSE;
    input->position = (size_t)position;
    return OPJ_TRUE;
}

static int output_reserve(quench_j2k_output *output, size_t end) {
    size_t capacity = output->capacity == 0 ? BUFFER_SIZE : output->capacity;
    if (end <= output->capacity) return 1;
    while (capacity < end) {
        if (capacity > SIZE_MAX / 2) return 0;
        capacity *= 2;
    }
    uint8_t *bytes = realloc(output->bytes, capacity);
    if (bytes == NULL) return 0;
    memset(bytes + output->capacity, 0, capacity - output->capacity);
    output->bytes = bytes;
    output->capacity = capacity;
    return 1;
}

static OPJ_SIZE_T output_write(void *buffer, OPJ_SIZE_T count, void *context) {
    quench_j2k_output *output = context;
    if (count > SIZE_MAX - output->position || !output_reserve(output, output->position + count))
        return (OPJ_SIZE_T)-1;
    memcpy(output->bytes + output->position, buffer, count);
    output->position += count;
    if (output->position > output->count) output->count = output->position;
    return count;
}

static OPJ_OFF_T output_skip(OPJ_OFF_T count, void *context) {
    quench_j2k_output *output = context;
    if (count < 0 || !output_reserve(output, output->position + (size_t)count)) return -1;
    output->position += (size_t)count;
    if (output->position > output->count) output->count = output->position;
    return count;
}

static OPJ_BOOL output_seek(OPJ_OFF_T position, void *context) {
    quench_j2k_output *output = context;
    if (position < 0 || (uint64_t)position > output->count) return OPJ_FALSE;
    output->position = (size_t)position;
    return OPJ_TRUE;
}

opj_stream_t *quench_j2k_open_input(quench_j2k_input *input) {
    opj_stream_t *stream = opj_stream_create(BUFFER_SIZE, OPJ_TRUE);
    if (stream == NULL) return NULL;
    opj_stream_set_read_function(stream, input_read);
    opj_stream_set_skip_function(stream, input_skip);
    opj_stream_set_seek_function(stream, input_seek);
    opj_stream_set_user_data(stream, input, NULL);
    opj_stream_set_user_data_length(stream, input->count);
    return stream;
}

opj_stream_t *quench_j2k_open_output(quench_j2k_output *output) {
    opj_stream_t *stream = opj_stream_create(BUFFER_SIZE, OPJ_FALSE);
    if (stream == NULL) return NULL;
    opj_stream_set_write_function(stream, output_write);
    opj_stream_set_skip_function(stream, output_skip);
    opj_stream_set_seek_function(stream, output_seek);
    opj_stream_set_user_data(stream, output, NULL);
    return stream;
}

#include "include/quench_j2k.h"

#include <stdlib.h>
#include <string.h>

#include "j2k_memory.h"

static size_t width_of(const quench_j2k_frame *frame) {
    return frame->precision <= 8 ? 1 : frame->precision <= 16 ? 2 : 4;
}

static int is_sensible(const quench_j2k_frame *frame, size_t bytes) {
    if (frame->columns == 0 || frame->columns > 65535 || frame->rows == 0 || frame->rows > 65535) return 0;
    if (frame->samples != 1 && frame->samples != 3) return 0;
    if (frame->precision < 1 || frame->precision > 31) return 0;
    return (uint64_t)frame->columns * frame->rows * frame->samples * width_of(frame) == bytes;
}

// OpenJPEG's messages may be many; the status says enough.
static void ignore(const char *message, void *context) {
    (void)message;
    (void)context;
}

static void silence(opj_codec_t *codec) {
    opj_set_info_handler(codec, ignore, NULL);
    opj_set_warning_handler(codec, ignore, NULL);
    opj_set_error_handler(codec, ignore, NULL);
}

// Every component must be what the caller has read in the size marker, before anything is copied.
static int is_expected(const opj_image_t *image, const quench_j2k_frame *frame) {
    if (image->numcomps != frame->samples) return 0;
    for (uint32_t index = 0; index < image->numcomps; index++) {
        const opj_image_comp_t *component = &image->comps[index];
        if (component->w != frame->columns || component->h != frame->rows || component->prec != frame->precision ||
            component->sgnd != frame->is_signed)
            return 0;
    }
    return 1;
}

static void copy_out(const opj_image_t *image, const quench_j2k_frame *frame, uint8_t *samples) {
    size_t pixels = (size_t)frame->columns * frame->rows, width = width_of(frame);
    for (uint32_t component = 0; component < frame->samples; component++) {
        const OPJ_INT32 *source = image->comps[component].data;
        uint8_t *target = samples + component * width;
        for (size_t index = 0; index < pixels; index++, target += frame->samples * width) {
            OPJ_INT32 value = source[index];
            memcpy(target, &value, width);
        }
    }
}

quench_j2k_status quench_j2k_decode(
    const uint8_t *stream, size_t length, const quench_j2k_frame *frame, uint8_t *samples, size_t capacity) {
    quench_j2k_status status = QUENCH_J2K_MALFORMED;
    quench_j2k_input input = {stream, length, 0};
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    if (!is_sensible(frame, capacity)) return QUENCH_J2K_MISMATCH;
    opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
    opj_stream_t *source = quench_j2k_open_input(&input);
    opj_set_default_decoder_parameters(&parameters);
    if (codec == NULL || source == NULL) {
        status = QUENCH_J2K_OUT_OF_MEMORY;
        goto done;
    }
    silence(codec);
    if (!opj_setup_decoder(codec, &parameters) || !opj_decoder_set_strict_mode(codec, OPJ_TRUE)) goto done;
    if (!opj_read_header(source, codec, &image)) goto done;
    if (!is_expected(image, frame)) {
        status = QUENCH_J2K_MISMATCH;
        goto done;
    }
    if (!opj_decode(codec, source, image)) goto done;
    // Not checked: opj_end_decompress, which wants an end marker that many encoders leave out.
    if (!is_expected(image, frame)) {
        status = QUENCH_J2K_MISMATCH;
        goto done;
    }
    for (uint32_t index = 0; index < image->numcomps; index++)
        if (image->comps[index].data == NULL) goto done;
    copy_out(image, frame, samples);
    status = QUENCH_J2K_OK;
done:
    if (image != NULL) opj_image_destroy(image);
    if (source != NULL) opj_stream_destroy(source);
    if (codec != NULL) opj_destroy_codec(codec);
    return status;
}

static opj_image_t *image_of(const uint8_t *samples, const quench_j2k_frame *frame) {
    opj_image_cmptparm_t parameters[3];
    size_t pixels = (size_t)frame->columns * frame->rows, width = width_of(frame);
    memset(parameters, 0, sizeof parameters);
    for (uint32_t index = 0; index < frame->samples; index++) {
        parameters[index].dx = parameters[index].dy = 1;
        parameters[index].w = frame->columns;
        parameters[index].h = frame->rows;
        parameters[index].prec = frame->precision;
        parameters[index].sgnd = frame->is_signed;
    }
    opj_image_t *image = opj_image_create(
        frame->samples, parameters, frame->samples == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
    if (image == NULL) return NULL;
    image->x1 = frame->columns;
    image->y1 = frame->rows;
    for (uint32_t component = 0; component < frame->samples; component++) {
        const uint8_t *source = samples + component * width;
        for (size_t index = 0; index < pixels; index++, source += frame->samples * width) {
            uint32_t value = 0;
            memcpy(&value, source, width);
            if (frame->is_signed && width == 1) value = (uint32_t)(int32_t)(int8_t)value;
            if (frame->is_signed && width == 2) value = (uint32_t)(int32_t)(int16_t)value;
            image->comps[component].data[index] = (OPJ_INT32)value;
        }
    }
    return image;
}

static void set_parameters(opj_cparameters_t *parameters, const quench_j2k_frame *frame) {
    static char comment[] = "";
    uint32_t side = frame->columns < frame->rows ? frame->columns : frame->rows;
    opj_set_default_encoder_parameters(parameters);
    parameters->cp_comment = comment;
    parameters->tcp_numlayers = 1;
    parameters->tcp_rates[0] = 0;
    parameters->cp_disto_alloc = 1;
    parameters->irreversible = 0;
    parameters->tcp_mct = frame->component_transform != 0 && frame->samples == 3 ? 1 : 0;
    // A level of the wavelet halves the image: no more levels than it has room for, five at most as is usual.
    parameters->numresolution = 1;
    while (parameters->numresolution < 6 && (side >> parameters->numresolution) > 0) parameters->numresolution++;
}

quench_j2k_status quench_j2k_encode(
    const uint8_t *samples, size_t length, const quench_j2k_frame *frame, uint8_t **out, size_t *out_length) {
    quench_j2k_status status = QUENCH_J2K_REFUSED;
    quench_j2k_output output = {NULL, 0, 0, 0};
    opj_cparameters_t parameters;
    *out = NULL;
    *out_length = 0;
    if (!is_sensible(frame, length)) return QUENCH_J2K_MISMATCH;
    opj_codec_t *codec = opj_create_compress(OPJ_CODEC_J2K);
    opj_image_t *image = image_of(samples, frame);
    opj_stream_t *target = quench_j2k_open_output(&output);
    if (codec == NULL || image == NULL || target == NULL) {
        status = QUENCH_J2K_OUT_OF_MEMORY;
        goto done;
    }
    silence(codec);
    set_parameters(&parameters, frame);
    if (opj_setup_encoder(codec, &parameters, image) && opj_start_compress(codec, image, target) &&
        opj_encode(codec, target) && opj_end_compress(codec, target))
        status = QUENCH_J2K_OK;
done:
    // Destroying the stream may still write: only after it is the output complete.
    if (target != NULL) opj_stream_destroy(target);
    if (image != NULL) opj_image_destroy(image);
    if (codec != NULL) opj_destroy_codec(codec);
    if (status == QUENCH_J2K_OK) {
        *out = output.bytes;
        *out_length = output.count;
    } else {
        free(output.bytes);
    }
    return status;
}

void quench_j2k_free(uint8_t *bytes) { free(bytes); }

const char *quench_j2k_version(void) { return opj_version(); }

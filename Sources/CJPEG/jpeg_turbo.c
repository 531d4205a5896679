// Lossy streams of 8 bits: Debian's libjpeg-turbo.
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#define QUENCH_SUFFIX turbo
#define QUENCH_BLOCKS_ACROSS width_in_blocks
#define QUENCH_BLOCKS_DOWN height_in_blocks
#define QUENCH_IS_PROGRESSIVE(source) ((source).progressive_mode)

#include "jpeg_session.inc"

#include "jpeg_samples.inc"

#include "jpeg_coefficients.inc"

#define QUENCH_TEXT(value) #value
#define QUENCH_VERSION_TEXT(value) QUENCH_TEXT(value)

const char *quench_jpeg_turbo_version(void) { return QUENCH_VERSION_TEXT(LIBJPEG_TURBO_VERSION); }

// Lossy streams of 12 bits, and lossless ones of 9 to 12: the build of libjpeg that comes with GDCM.
#include <stdio.h>

#include <gdcm-3.0/gdcmjpeg/12/jpeglib.h>

#include <gdcm-3.0/gdcmjpeg/12/jerror.h>

#define QUENCH_SUFFIX gdcm12
#define QUENCH_BLOCKS_ACROSS width_in_data_units
#define QUENCH_BLOCKS_DOWN height_in_data_units
#define QUENCH_IS_PROGRESSIVE(source) ((source).process == JPROC_PROGRESSIVE)

#include "jpeg_session.inc"

#include "jpeg_samples.inc"

#include "jpeg_coefficients.inc"

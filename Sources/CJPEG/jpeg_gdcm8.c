// Lossless streams of up to 8 bits: the build of libjpeg that comes with GDCM.
#include <stdio.h>

#include <gdcm-3.0/gdcmjpeg/8/jpeglib.h>

#include <gdcm-3.0/gdcmjpeg/8/jerror.h>

#define QUENCH_SUFFIX gdcm8

#include "jpeg_session.inc"

#include "jpeg_samples.inc"

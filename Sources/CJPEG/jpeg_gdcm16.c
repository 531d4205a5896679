// Lossless streams of 13 to 16 bits: the build of libjpeg that comes with GDCM.
#include <stdio.h>

#include <gdcm-3.0/gdcmjpeg/16/jpeglib.h>

#include <gdcm-3.0/gdcmjpeg/16/jerror.h>

#define QUENCH_SUFFIX gdcm16

#include "jpeg_session.inc"

#include "jpeg_samples.inc"

#ifndef QUENCH_CTESSERACT_SHIM_H
#define QUENCH_CTESSERACT_SHIM_H

#include <tesseract/capi.h>

#endif

#ifndef QUENCH_CLEPTONICA_SHIM_H
#define QUENCH_CLEPTONICA_SHIM_H

#include <leptonica/allheaders.h>

#endif

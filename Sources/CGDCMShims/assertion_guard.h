#ifndef QUENCH_ASSERTION_GUARD_H
#define QUENCH_ASSERTION_GUARD_H

#ifdef __cplusplus
extern "C" {
#endif

// Runs `body`; returns 0 when it came back, 1 when an assertion failed in it. `body` must let no exception out. What it
// had allocated when the assertion failed is leaked: destructors don't run.
int quench_gdcm_guard(void (*body)(void *), void *context);

// What a failing assert() calls.
void quench_gdcm_raise_assertion(void);

#ifdef __cplusplus
}
#endif

#endif

/* tests/fuzz/fuzz.h - what a fuzzer is: any bytes go in; nothing but a crash, a sanitizer's report
 * or an assert counts. */
#ifndef DAGCAST_TESTS_FUZZ_FUZZ_H
#define DAGCAST_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* the name that libFuzzer calls; returns 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

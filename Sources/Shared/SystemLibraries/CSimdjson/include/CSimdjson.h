#pragma once
// A C interface to simdjson's tape: one parsed document, read-only once made, read by index from Swift.
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct csimdjson_document csimdjson_document;

enum csimdjson_status {
    CSIMDJSON_OK = 0,
    CSIMDJSON_MALFORMED,
    CSIMDJSON_TOO_DEEP,
    CSIMDJSON_NUMBER,
    CSIMDJSON_UTF8,
    CSIMDJSON_EMPTY,
    CSIMDJSON_MEMORY,
};

// Copies and parses `length` bytes. NULL on failure, with the reason in `*status`. Whoever gets the document frees it.
// `depth_limit`: how many arrays and objects may be open at once.
csimdjson_document *csimdjson_parse(const uint8_t *bytes, size_t length, size_t depth_limit, int *status);
void csimdjson_free(csimdjson_document *document);

// The tape as simdjson's doc/tape.md has it; entry 1 is the root value. One difference: the low 56 bits of a number's
// first entry, unused there, hold where the number's text begins in `csimdjson_source`.
const uint64_t *csimdjson_tape(const csimdjson_document *document);
// Strings of the tape: a 4-byte length in host order, then the unescaped UTF-8.
const uint8_t *csimdjson_strings(const csimdjson_document *document);
// The copied input, padded with zeroes.
const uint8_t *csimdjson_source(const csimdjson_document *document);
size_t csimdjson_source_length(const csimdjson_document *document);

#ifdef __cplusplus
}
#endif

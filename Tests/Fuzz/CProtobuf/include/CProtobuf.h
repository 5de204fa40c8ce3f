// Google's protobuf runtime as an oracle, and the entry into libFuzzer.
#ifndef C_PROTOBUF_H
#define C_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes to be freed with `free`; `data` is NULL where there is no answer.
typedef struct {
    uint8_t *data;
    size_t count;
} cprotobuf_bytes;

typedef struct cprotobuf_pool cprotobuf_pool;

/// A pool of a FileDescriptorSet; NULL where its files do not fit together. It is never freed.
cprotobuf_pool *cprotobuf_pool_create(const uint8_t *set, size_t count);

/// Decodes a message and encodes it again, with maps sorted. No answer where the bytes are refused.
cprotobuf_bytes cprotobuf_decode(cprotobuf_pool *pool, const char *message, const uint8_t *bytes, size_t count);

/// The same from protobuf's JSON.
cprotobuf_bytes cprotobuf_decode_json(cprotobuf_pool *pool, const char *message, const char *text, size_t count);

/// libFuzzer's loop; there only in a program that is linked with `-fsanitize=fuzzer`.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*body)(const uint8_t *data, size_t size));

#ifdef __cplusplus
}
#endif

#endif

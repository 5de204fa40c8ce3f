#pragma once
#include <zlib.h>

// The initializers of zlib are macros. 15 + 16: the largest window, and gzip's frame (RFC 1952).
static inline int czlib_inflate_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
static inline int czlib_deflate_begin(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#pragma once
// The C interface to simdjson.
#ifdef __cplusplus
extern "C"
#endif
int csimdjson_version(void);

#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, which Swift does not import: one per type.

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *_Nullable value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *_Nullable list) {
    return curl_easy_setopt(handle, option, list);
}
static inline CURLcode ccurl_set_private(CURL *handle, void *_Nullable value) {
    return curl_easy_setopt(handle, CURLOPT_PRIVATE, value);
}
/// The body is read where it stands.
static inline CURLcode ccurl_set_body(CURL *handle, const void *_Nullable bytes, long count) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, count);
    return curl_easy_setopt(handle, CURLOPT_POSTFIELDS, bytes);
}

typedef size_t (*ccurl_sink)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
static inline CURLcode ccurl_set_write(CURL *handle, ccurl_sink _Nonnull sink, void *_Nullable context) {
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, sink);
}
static inline CURLcode ccurl_set_header(CURL *handle, ccurl_sink _Nonnull sink, void *_Nullable context) {
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    return curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, sink);
}
typedef int (*ccurl_open)(void *_Nullable context, curl_socket_t socket, curlsocktype purpose);
static inline CURLcode ccurl_set_open(CURL *handle, ccurl_open _Nonnull open, void *_Nullable context) {
    curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, context);
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, open);
}
typedef int (*ccurl_close)(void *_Nullable context, curl_socket_t socket);
static inline CURLcode ccurl_set_close(CURL *handle, ccurl_close _Nonnull close, void *_Nullable context) {
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, context);
    return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, close);
}

static inline CURLcode ccurl_get_private(CURL *handle, void *_Nullable *_Nonnull value) {
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)value);
}

/// What the last proxy answered to CONNECT; 0 where none was asked.
static inline long ccurl_connect_code(CURL *handle) {
    long code = 0;
    curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &code);
    return code;
}

typedef int (*ccurl_socket)(
    CURL *_Nullable handle, curl_socket_t socket, int what, void *_Nullable context, void *_Nullable own);
static inline CURLMcode ccurl_multi_set_socket(CURLM *multi, ccurl_socket _Nonnull callback, void *_Nullable context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
typedef int (*ccurl_timer)(CURLM *_Nullable multi, long milliseconds, void *_Nullable context);
static inline CURLMcode ccurl_multi_set_timer(CURLM *multi, ccurl_timer _Nonnull callback, void *_Nullable context) {
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}
static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
/// The result in a message's union.
static inline CURLcode ccurl_result(const CURLMsg *message) { return message->data.result; }

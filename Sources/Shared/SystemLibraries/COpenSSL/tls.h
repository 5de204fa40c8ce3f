#pragma once
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What Swift cannot import: macros with casts.

static inline int copenssl_ctx_set_min_proto(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}
static inline void copenssl_ctx_session_cache_off(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}
static inline int copenssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline long copenssl_bio_memory(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }
static inline void copenssl_bio_reset(BIO *bio) { (void)BIO_reset(bio); }
static inline void copenssl_bio_eof_is_retry(BIO *bio) { BIO_set_mem_eof_return(bio, -1); }

/// The URI name at `index` of a certificate's alternative names; NULL when that name is no URI or there is none.
static inline const unsigned char *copenssl_uri_name(const GENERAL_NAMES *names, int index, int *count) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != GEN_URI) return NULL;
    *count = ASN1_STRING_length(name->d.uniformResourceIdentifier);
    return ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
}
static inline int copenssl_tls_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline void copenssl_tls_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }
static inline void copenssl_tls_free(void *pointer) { OPENSSL_free(pointer); }
static inline void copenssl_ctx_release_buffers(SSL_CTX *context) { SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); }
static inline void copenssl_ctx_harden(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
}

/// Told of each record and message, with `argument` last.
static inline void copenssl_set_message_callback(
    SSL *ssl, void (*callback)(int, int, int, const void *, size_t, SSL *, void *), void *argument) {
    SSL_set_msg_callback(ssl, callback);
    SSL_set_msg_callback_arg(ssl, argument);
}

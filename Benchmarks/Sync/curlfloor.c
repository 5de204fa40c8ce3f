// What a small call costs at least: libcurl's multi interface and SigV4, replies thrown away.
//
//   curlfloor PORT CALLS IN_FLIGHT      prints microseconds of CPU a call
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char empty_hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static unsigned char key[32];
static char key_date[9];
static int port;

static void hmac(const void *secret, int secret_size, const char *text, unsigned char *out) {
    unsigned size = 32;
    HMAC(EVP_sha256(), secret, secret_size, (const unsigned char *)text, strlen(text), out, &size);
}

static void hex(const unsigned char *bytes, int count, char *out) {
    for (int i = 0; i < count; i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[2 * count] = 0;
}

static struct curl_slist *signed_headers(const char *path) {
    char time_text[20], line[1024], canonical[1024], hash[65], signature[65];
    unsigned char digest[32];
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(time_text, sizeof time_text, "%Y%m%dT%H%M%SZ", &parts);
    if (strncmp(key_date, time_text, 8)) {
        memcpy(key_date, time_text, 8);
        hmac("AWS4bench", 9, key_date, key);
        hmac(key, 32, "us-east-1", key);
        hmac(key, 32, "s3", key);
        hmac(key, 32, "aws4_request", key);
    }
    snprintf(canonical, sizeof canonical,
             "GET\n%s\nacl=\nhost:127.0.0.1:%d\nx-amz-content-sha256:%s\nx-amz-date:%s\n\n"
             "host;x-amz-content-sha256;x-amz-date\n%s", path, port, empty_hash, time_text, empty_hash);
    SHA256((unsigned char *)canonical, strlen(canonical), digest);
    hex(digest, 32, hash);
    snprintf(line, sizeof line, "AWS4-HMAC-SHA256\n%s\n%s/us-east-1/s3/aws4_request\n%s", time_text, key_date, hash);
    hmac(key, 32, line, digest);
    hex(digest, 32, signature);
    struct curl_slist *headers = NULL;
    snprintf(line, sizeof line,
             "Authorization: AWS4-HMAC-SHA256 Credential=bench/%s/us-east-1/s3/aws4_request, "
             "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=%s", key_date, signature);
    headers = curl_slist_append(headers, line);
    snprintf(line, sizeof line, "x-amz-date: %s", time_text);
    headers = curl_slist_append(headers, line);
    snprintf(line, sizeof line, "x-amz-content-sha256: %s", empty_hash);
    headers = curl_slist_append(headers, line);
    return curl_slist_append(headers, "Expect:");
}

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static void start(CURLM *multi, CURL *handle, long number) {
    char path[64], url[128];
    struct curl_slist *before = NULL;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &before);
    curl_slist_free_all(before);
    snprintf(path, sizeof path, "/bucket-%ld", number % 680);
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s?acl", port, path);
    struct curl_slist *headers = signed_headers(path);
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, headers);
    curl_multi_add_handle(multi, handle);
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    port = atoi(arguments[1]);
    long calls = atol(arguments[2]), begun = 0, ended = 0, failed = 0;
    int in_flight = atoi(arguments[3]), running;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)in_flight);
    for (; begun < in_flight && begun < calls; begun++) {
        CURL *handle = curl_easy_init();
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, discard);
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        start(multi, handle, begun);
    }
    while (ended < calls) {
        curl_multi_perform(multi, &running);
        CURLMsg *message;
        int left;
        while ((message = curl_multi_info_read(multi, &left))) {
            CURL *handle = message->easy_handle;
            if (message->data.result != CURLE_OK) failed++;
            ended++;
            curl_multi_remove_handle(multi, handle);
            if (begun < calls) start(multi, handle, begun++);
        }
        if (ended < calls) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    printf("%.2f\n", cpu / (double)calls);
    return failed ? 1 : 0;
}

#include "CSimdjson.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>

struct csimdjson_document {
    simdjson::dom::document document;
    std::unique_ptr<uint8_t[]> source;
    size_t length = 0;
};

namespace {

int status_of(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return CSIMDJSON_OK;
    case simdjson::DEPTH_ERROR: return CSIMDJSON_TOO_DEEP;
    case simdjson::NUMBER_ERROR: return CSIMDJSON_NUMBER;
    case simdjson::UTF8_ERROR: return CSIMDJSON_UTF8;
    case simdjson::EMPTY: return CSIMDJSON_EMPTY;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY: return CSIMDJSON_MEMORY;
    default: return CSIMDJSON_MALFORMED;
    }
}

bool starts_number(uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

// Numbers stand on the tape in the order of their tokens, so one walk over both pairs them.
void note_number_offsets(csimdjson_document &parsed, const simdjson::internal::dom_parser_implementation &parser) {
    uint64_t *tape = parsed.document.tape.get();
    const uint64_t end = tape[0] & simdjson::internal::JSON_VALUE_MASK;
    uint32_t token = 0;
    for (uint64_t index = 1; index < end; index++) {
        const char type = static_cast<char>(tape[index] >> 56);
        if (type != 'l' && type != 'u' && type != 'd') { continue; }
        while (token < parser.n_structural_indexes && !starts_number(parsed.source[parser.structural_indexes[token]])) {
            token++;
        }
        if (token >= parser.n_structural_indexes) { return; }
        tape[index] |= parser.structural_indexes[token++];
        index++;  // the entry after it is the number itself
    }
}

}  // namespace

extern "C" csimdjson_document *csimdjson_parse(
    const uint8_t *bytes, size_t length, size_t depth_limit, int *status) {
    *status = CSIMDJSON_MEMORY;
    std::unique_ptr<csimdjson_document> parsed(new (std::nothrow) csimdjson_document);
    if (!parsed) { return nullptr; }
    parsed->source.reset(new (std::nothrow) uint8_t[length + simdjson::SIMDJSON_PADDING]);
    if (!parsed->source) { return nullptr; }
    if (length > 0) { std::memcpy(parsed->source.get(), bytes, length); }
    std::memset(parsed->source.get() + length, 0, simdjson::SIMDJSON_PADDING);
    parsed->length = length;

    simdjson::dom::parser parser;
    // simdjson counts the root's scope as well.
    if (auto error = parser.allocate(length < 32 ? 32 : length, depth_limit + 1)) {
        *status = status_of(error);
        return nullptr;
    }
    auto error = parser.parse_into_document(parsed->document, parsed->source.get(), length, false).error();
    *status = status_of(error);
    if (error) { return nullptr; }
    note_number_offsets(*parsed, *parser.implementation);
    return parsed.release();
}

extern "C" void csimdjson_free(csimdjson_document *document) { delete document; }

extern "C" const uint64_t *csimdjson_tape(const csimdjson_document *document) { return document->document.tape.get(); }

extern "C" const uint8_t *csimdjson_strings(const csimdjson_document *document) {
    return document->document.string_buf.get();
}

extern "C" const uint8_t *csimdjson_source(const csimdjson_document *document) { return document->source.get(); }

extern "C" size_t csimdjson_source_length(const csimdjson_document *document) { return document->length; }

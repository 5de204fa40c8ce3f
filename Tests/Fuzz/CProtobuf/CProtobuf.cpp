#include "CProtobuf.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using namespace google::protobuf;

struct cprotobuf_pool {
    DescriptorPool pool;
    DynamicMessageFactory factory{&pool};
};

namespace {

cprotobuf_bytes owned(const std::string &bytes) {
    auto *data = static_cast<uint8_t *>(malloc(bytes.size() + 1));
    if (data == nullptr) return {nullptr, 0};
    memcpy(data, bytes.data(), bytes.size());
    return {data, bytes.size()};
}

// What is unknown in a map's entry means nothing, and dynamic messages keep it or not as it happens.
void forget_in_entries(Message &message, bool is_entry) {
    const Reflection *reflection = message.GetReflection();
    if (is_entry) reflection->MutableUnknownFields(&message)->Clear();
    std::vector<const FieldDescriptor *> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor *field : fields) {
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
        if (!field->is_repeated()) {
            forget_in_entries(*reflection->MutableMessage(&message, field), false);
            continue;
        }
        for (int index = 0; index < reflection->FieldSize(message, field); index++) {
            forget_in_entries(*reflection->MutableRepeatedMessage(&message, field, index), field->is_map());
        }
    }
}

std::string encoded(Message &message) {
    forget_in_entries(message, false);
    std::string bytes;
    {
        io::StringOutputStream stream(&bytes);
        io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        message.SerializePartialToCodedStream(&coded);
    }
    return bytes;
}

std::unique_ptr<Message> make(cprotobuf_pool *pool, const char *name) {
    const Descriptor *descriptor = pool->pool.FindMessageTypeByName(name);
    if (descriptor == nullptr) return nullptr;
    return std::unique_ptr<Message>(pool->factory.GetPrototype(descriptor)->New());
}

}  // namespace

extern "C" cprotobuf_pool *cprotobuf_pool_create(const uint8_t *bytes, size_t count) {
    // What a refused input makes it log would hide what the fuzzer has to say.
    SetLogHandler(nullptr);
    FileDescriptorSet set;
    if (!set.ParseFromArray(bytes, static_cast<int>(count))) return nullptr;
    auto pool = std::make_unique<cprotobuf_pool>();
    for (const auto &file : set.file()) {
        if (pool->pool.BuildFile(file) == nullptr) return nullptr;
    }
    return pool.release();
}

extern "C" cprotobuf_bytes cprotobuf_decode(
    cprotobuf_pool *pool, const char *name, const uint8_t *bytes, size_t count) {
    auto message = make(pool, name);
    if (message == nullptr || !message->ParsePartialFromArray(bytes, static_cast<int>(count))) return {nullptr, 0};
    return owned(encoded(*message));
}

extern "C" cprotobuf_bytes cprotobuf_decode_json(
    cprotobuf_pool *pool, const char *name, const char *text, size_t count) {
    auto message = make(pool, name);
    if (message == nullptr) return {nullptr, 0};
    std::unique_ptr<util::TypeResolver> resolver(
        util::NewTypeResolverForDescriptorPool("type.googleapis.com", &pool->pool));
    std::string binary;
    auto status = util::JsonToBinaryString(
        resolver.get(), std::string("type.googleapis.com/") + name, StringPiece(text, count), &binary);
    if (!status.ok() || !message->ParsePartialFromString(binary)) return {nullptr, 0};
    return owned(encoded(*message));
}

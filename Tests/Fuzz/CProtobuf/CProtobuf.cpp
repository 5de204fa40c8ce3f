#include "CProtobuf.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <cstdlib>
#include <cstring>
#include <map>
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

void settle(Message &message);

// One entry a key, the last, in the order of keys, without what is unknown in it: what a map holds, whether the dynamic
// message has it as a map or still as the list that came.
void settle_map(Message &message, const FieldDescriptor *field) {
    const Reflection *reflection = message.GetReflection();
    std::map<std::string, std::unique_ptr<Message>> entries;
    while (reflection->FieldSize(message, field) > 0) {
        std::unique_ptr<Message> entry(reflection->ReleaseLast(&message, field));
        entry->GetReflection()->MutableUnknownFields(entry.get())->Clear();
        settle(*entry);
        std::unique_ptr<Message> key(entry->New());
        key->CopyFrom(*entry);
        key->GetReflection()->ClearField(key.get(), field->message_type()->map_value());
        entries.emplace(key->SerializePartialAsString(), std::move(entry));
    }
    for (auto &entry : entries) reflection->AddAllocatedMessage(&message, field, entry.second.release());
}

void settle(Message &message) {
    const Reflection *reflection = message.GetReflection();
    std::vector<const FieldDescriptor *> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor *field : fields) {
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
        if (field->is_map()) {
            settle_map(message, field);
        } else if (!field->is_repeated()) {
            settle(*reflection->MutableMessage(&message, field));
        } else {
            for (int index = 0; index < reflection->FieldSize(message, field); index++) {
                settle(*reflection->MutableRepeatedMessage(&message, field, index));
            }
        }
    }
}

std::string encoded(Message &message) {
    settle(message);
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

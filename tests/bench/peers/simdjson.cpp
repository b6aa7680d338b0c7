// simdjson on demand, with its SIMD and its padding: each member is looked up from where the last one
// was, with its type and its range checked. It does not look at what nobody asks for.
#include "fields.h"

#include <simdjson.h>
#include <string_view>

using namespace simdjson;

namespace {

ondemand::parser parser;
double sum;

template <typename Into> bool put(ondemand::object &object, std::string_view name, Into &into)
{
    return object[name].get(into) == SUCCESS;
}

bool put(ondemand::object &object, std::string_view name, bench_text &into)
{
    std::string_view text;

    if (object[name].get(text) != SUCCESS)
        return false;
    into = {text.data(), text.size()};
    return true;
}

// An integer, or digits in a string.
bool put_loosely(ondemand::object &object, std::string_view name, int64_t &into)
{
    ondemand::value value;
    std::string_view text;

    if (object[name].get(value) != SUCCESS)
        return false;
    if (value.get(into) == SUCCESS)
        return true;
    if (value.get(text) != SUCCESS)
        return false;
    into = integer_of({text.data(), text.size()});
    return true;
}

bool put_raw(ondemand::object &object, std::string_view name, bench_text &into)
{
    ondemand::object inner;
    std::string_view text;

    if (object[name].get(inner) != SUCCESS || inner.raw_json().get(text) != SUCCESS)
        return false;
    into = {text.data(), text.size()};
    return true;
}

bool is_text(ondemand::object &object, std::string_view name, std::string_view expected)
{
    std::string_view text;

    return object[name].get(text) == SUCCESS && text == expected;
}

bool take_ucc(ondemand::object &root)
{
    ondemand::object in;

    return put(root, "msgId", ucc.msg_id) && is_text(root, "identifier", "updatecommonconfig") &&
           put(root, "inputParams", in) && put(in, "record_type", ucc.record_type) &&
           put(in, "open_tip_type", ucc.open_tip_type) &&
           put(in, "voltage_alarm", ucc.voltage_alarm) &&
           put(in, "sleep_trigger_time", ucc.sleep_trigger_time) &&
           put(in, "volume", ucc.volume) &&
           put(in, "volume_control_type", ucc.volume_control_type) && ucc_valid(&ucc);
}

bool take_voice(ondemand::object &root)
{
    ondemand::object in;

    return put(root, "msgId", voice.msg_id) && is_text(root, "identifier", "voice_generated") &&
           put(root, "inputParams", in) && put(in, "recordingId", voice.recording_id) &&
           put(in, "order", voice.order) && put(in, "voiceText", voice.voice_text) &&
           put(in, "voiceUrl", voice.voice_url) && put(in, "role", voice.role);
}

bool take_ota(ondemand::object &root)
{
    ondemand::object in;
    bench_text method;

    if (!put_loosely(root, "id", ota.id) || !put_loosely(root, "code", ota.code) ||
        !put(root, "params", in) || !put(in, "version", ota.version) ||
        !put_loosely(in, "size", ota.size) || !put(in, "url", ota.url) ||
        !put(in, "signMethod", method) || !put(in, "sign", ota.sign) ||
        !put(in, "module", ota.module) || !put_raw(in, "extData", ota.ext_data))
        return false;
    ota.sign_method = sign_method_of(method);
    return ota_valid(&ota);
}

bool read(bench_text text, bool (*take)(ondemand::object &root))
{
    ondemand::document document;
    ondemand::object root;

    return parser.iterate(text.ptr, text.len, text.len + BENCH_PADDING).get(document) == SUCCESS &&
           document.get_object().get(root) == SUCCESS && take(root);
}

bool read_ucc(bench_text text)
{
    return read(text, take_ucc);
}

bool read_voice(bench_text text)
{
    return read(text, take_voice);
}

bool read_ota(bench_text text)
{
    return read(text, take_ota);
}

// Shapes: every value is looked at once.
bool look_at_all(ondemand::value value);

template <typename Container> bool look_at_items(Container container)
{
    for (auto item : container) {
        if (item.error() != SUCCESS || !look_at_all(item.value_unsafe()))
            return false;
    }
    return true;
}

bool look_at_members(ondemand::object object)
{
    for (auto field : object) {
        ondemand::value value;

        if (field.value().get(value) != SUCCESS || !look_at_all(value))
            return false;
    }
    return true;
}

bool look_at_all(ondemand::value value)
{
    double number;
    std::string_view text;

    switch (value.type()) {
    case ondemand::json_type::array:
        return look_at_items(value.get_array().value_unsafe());
    case ondemand::json_type::object:
        return look_at_members(value.get_object().value_unsafe());
    case ondemand::json_type::number:
        if (value.get(number) != SUCCESS)
            return false;
        sum += number;
        return true;
    case ondemand::json_type::string:
        if (value.get(text) != SUCCESS)
            return false;
        sum += static_cast<double>(text.size());
        return true;
    default:
        return true;
    }
}

bool read_shape(bench_text text)
{
    ondemand::document document;
    ondemand::value root;

    return parser.iterate(text.ptr, text.len, text.len + BENCH_PADDING).get(document) == SUCCESS &&
           document.get_value().get(root) == SUCCESS && look_at_all(root);
}

} // namespace

extern "C" const bench_work bench_works[] = {
    {"read:ucc", nullptr, read_ucc},
    {"read:voice", nullptr, read_voice},
    {"read:ota", nullptr, read_ota},
    {"shape:numbers", nullptr, read_shape},
    {"shape:objects", nullptr, read_shape},
    {"shape:wide", nullptr, read_shape},
    {"shape:strings", nullptr, read_shape},
    {"shape:deep", nullptr, read_shape},
    {nullptr, nullptr, nullptr},
};

/*
 * nanopb on the same data as protobuf: the text is not JSON, but what encoding the fields gives.
 * Decoding copies strings into the struct; nothing but the wire format and lengths is checked.
 */
#include "fields.h"
#include "messages.pb.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

static uint8_t wire[1024];
static size_t wire_len;

static UpdateCommonConfig config_message;
static VoiceGenerated voice_message;
static OtaTask ota_message;

static bool encode(const pb_msgdesc_t *type, const void *message)
{
    pb_ostream_t stream = pb_ostream_from_buffer(wire, sizeof wire);
    const bool encoded = pb_encode(&stream, type, message);

    wire_len = stream.bytes_written;
    return encoded;
}

static bool decode(const pb_msgdesc_t *type, void *message)
{
    pb_istream_t stream = pb_istream_from_buffer(wire, wire_len);

    return pb_decode(&stream, type, message);
}

static struct bench_text text_of(const char *string)
{
    return (struct bench_text){string, strlen(string)};
}

static bool write_ucc(struct bench_text text)
{
    (void)text;
    return encode(UpdateCommonConfig_fields, &config_message);
}

static bool write_voice(struct bench_text text)
{
    (void)text;
    return encode(VoiceGenerated_fields, &voice_message);
}

static bool write_ota(struct bench_text text)
{
    (void)text;
    return encode(OtaTask_fields, &ota_message);
}

static bool prepare_ucc(struct bench_text text)
{
    config_message = (UpdateCommonConfig){
        .msg_id = printed_ucc.msg_id,
        .has_input_params = true,
        .input_params =
            {
                .record_type = (int32_t)printed_ucc.record_type,
                .open_tip_type = (int32_t)printed_ucc.open_tip_type,
                .voltage_alarm = printed_ucc.voltage_alarm,
                .sleep_trigger_time = (uint64_t)printed_ucc.sleep_trigger_time,
                .volume = (int32_t)printed_ucc.volume,
                .volume_control_type = (int32_t)printed_ucc.volume_control_type,
            },
    };
    return write_ucc(text);
}

static bool prepare_voice(struct bench_text text)
{
    GeneratedVoice *in = &voice_message.input_params;

    voice_message.msg_id = printed_voice.msg_id;
    voice_message.has_input_params = true;
    in->recording_id = printed_voice.recording_id;
    in->order = printed_voice.order;
    in->role = printed_voice.role;
    strcpy(in->voice_text, printed_voice.voice_text.ptr);
    strcpy(in->voice_url, printed_voice.voice_url.ptr);
    return write_voice(text);
}

static bool prepare_ota(struct bench_text text)
{
    OtaPackage *in = &ota_message.params;

    ota_message.id = printed_ota.id;
    ota_message.code = (int32_t)printed_ota.code;
    ota_message.has_params = true;
    in->size = printed_ota.size;
    in->sign_method = (int32_t)printed_ota.sign_method;
    strcpy(in->version, printed_ota.version.ptr);
    strcpy(in->url, printed_ota.url.ptr);
    strcpy(in->sign, printed_ota.sign.ptr);
    strcpy(in->module, printed_ota.module.ptr);
    strcpy(in->ext_data, printed_ota.ext_data.ptr);
    return write_ota(text);
}

static bool read_ucc(struct bench_text text)
{
    static UpdateCommonConfig message;

    (void)text;
    if (!decode(UpdateCommonConfig_fields, &message))
        return false;
    ucc.msg_id = message.msg_id;
    ucc.record_type = message.input_params.record_type;
    ucc.open_tip_type = message.input_params.open_tip_type;
    ucc.voltage_alarm = message.input_params.voltage_alarm;
    ucc.sleep_trigger_time = (int64_t)message.input_params.sleep_trigger_time;
    ucc.volume = message.input_params.volume;
    ucc.volume_control_type = message.input_params.volume_control_type;
    return ucc_valid(&ucc);
}

static bool read_voice(struct bench_text text)
{
    static VoiceGenerated message;

    (void)text;
    if (!decode(VoiceGenerated_fields, &message))
        return false;
    voice.msg_id = message.msg_id;
    voice.recording_id = message.input_params.recording_id;
    voice.order = message.input_params.order;
    voice.voice_text = text_of(message.input_params.voice_text);
    voice.voice_url = text_of(message.input_params.voice_url);
    voice.role = message.input_params.role;
    return true;
}

static bool read_ota(struct bench_text text)
{
    static OtaTask message;

    (void)text;
    if (!decode(OtaTask_fields, &message))
        return false;
    ota.id = message.id;
    ota.code = message.code;
    ota.version = text_of(message.params.version);
    ota.size = message.params.size;
    ota.url = text_of(message.params.url);
    ota.sign_method = message.params.sign_method;
    ota.sign = text_of(message.params.sign);
    ota.module = text_of(message.params.module);
    return ota_valid(&ota);
}

const struct bench_work bench_works[] = {
    {"read:ucc", prepare_ucc, read_ucc},
    {"read:voice", prepare_voice, read_voice},
    {"read:ota", prepare_ota, read_ota},
    {"write:ucc", prepare_ucc, write_ucc},
    {"write:voice", prepare_voice, write_voice},
    {"write:ota", prepare_ota, write_ota},
    {NULL, NULL, NULL},
};

/*
 * coreJSON: the text is validated, and every field searched for from the start of the text, with
 * its type and its range checked.
 */
#include "fields.h"

#include <core_json.h>
#include <stdlib.h>
#include <string.h>

static struct bench_text json;

static bool find(const char *path, JSONTypes_t expected, struct bench_text *value)
{
    const char *found;
    size_t len;
    JSONTypes_t type;

    if (JSON_SearchConst(json.ptr, json.len, path, strlen(path), &found, &len, &type) !=
            JSONSuccess ||
        type != expected)
        return false;
    *value = (struct bench_text){found, len};
    return true;
}

static bool integer(const char *path, int64_t *value)
{
    struct bench_text text;

    if (!find(path, JSONNumber, &text))
        return false;
    *value = strtoll(text.ptr, NULL, 10);
    return true;
}

static bool loose_integer(const char *path, int64_t *value)
{
    struct bench_text text;

    if (integer(path, value))
        return true;
    if (!find(path, JSONString, &text))
        return false;
    *value = integer_of(text);
    return true;
}

static bool string(const char *path, struct bench_text *value)
{
    return find(path, JSONString, value);
}

static bool identified(const char *identifier)
{
    struct bench_text text;

    return string("identifier", &text) && text_is(text, identifier);
}

static bool valid(struct bench_text text)
{
    json = text;
    return JSON_Validate(text.ptr, text.len) == JSONSuccess;
}

static bool read_ucc(struct bench_text text)
{
    struct bench_text alarm;

    if (!valid(text) || !identified("updatecommonconfig") || !integer("msgId", &ucc.msg_id) ||
        !integer("inputParams.record_type", &ucc.record_type) ||
        !integer("inputParams.open_tip_type", &ucc.open_tip_type) ||
        !find("inputParams.voltage_alarm", JSONNumber, &alarm) ||
        !integer("inputParams.sleep_trigger_time", &ucc.sleep_trigger_time) ||
        !integer("inputParams.volume", &ucc.volume) ||
        !integer("inputParams.volume_control_type", &ucc.volume_control_type))
        return false;
    ucc.voltage_alarm = strtod(alarm.ptr, NULL);
    return ucc_valid(&ucc);
}

static bool read_voice(struct bench_text text)
{
    return valid(text) && identified("voice_generated") && integer("msgId", &voice.msg_id) &&
           integer("inputParams.recordingId", &voice.recording_id) &&
           integer("inputParams.order", &voice.order) &&
           string("inputParams.voiceText", &voice.voice_text) &&
           string("inputParams.voiceUrl", &voice.voice_url) &&
           integer("inputParams.role", &voice.role);
}

static bool read_ota(struct bench_text text)
{
    struct bench_text method;

    if (!valid(text) || !loose_integer("id", &ota.id) || !loose_integer("code", &ota.code) ||
        !string("params.version", &ota.version) || !loose_integer("params.size", &ota.size) ||
        !string("params.url", &ota.url) || !string("params.signMethod", &method) ||
        !string("params.sign", &ota.sign) || !string("params.module", &ota.module) ||
        !find("params.extData", JSONObject, &ota.ext_data))
        return false;
    ota.sign_method = sign_method_of(method);
    return ota_valid(&ota);
}

const struct bench_work bench_works[] = {
    {"read:ucc", NULL, read_ucc},
    {"read:voice", NULL, read_voice},
    {"read:ota", NULL, read_ota},
    {NULL, NULL, NULL},
};

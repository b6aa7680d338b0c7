/*
 * cJSON: a tree is built, and every field read from it by name, with its type and its range
 * checked; unknown enum spellings too. Encoding builds a tree and prints it without blanks.
 */
#include "fields.h"

#include <cjson/cJSON.h>
#include <string.h>

static char output[4096];

static bool parse(struct bench_text text)
{
    cJSON *root = cJSON_ParseWithLength(text.ptr, text.len);

    cJSON_Delete(root);
    return root != NULL;
}

/* ---- Reading ---- */

static bool integer(const cJSON *object, const char *name, int64_t *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsNumber(item))
        return false;
    *value = (int64_t)item->valuedouble;
    return true;
}

static bool string(const cJSON *object, const char *name, struct bench_text *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsString(item))
        return false;
    *value = (struct bench_text){item->valuestring, strlen(item->valuestring)};
    return true;
}

/* An integer, or digits in a string. */
static bool loose_integer(const cJSON *object, const char *name, int64_t *value)
{
    struct bench_text text;

    if (integer(object, name, value))
        return true;
    if (!string(object, name, &text))
        return false;
    *value = integer_of(text);
    return true;
}

static bool identified(const cJSON *root, const char *identifier)
{
    struct bench_text text;

    return string(root, "identifier", &text) && text_is(text, identifier);
}

static bool take_ucc(const cJSON *root)
{
    const cJSON *in = cJSON_GetObjectItemCaseSensitive(root, "inputParams");
    const cJSON *alarm = cJSON_GetObjectItemCaseSensitive(in, "voltage_alarm");

    if (!identified(root, "updatecommonconfig") || !integer(root, "msgId", &ucc.msg_id) ||
        !integer(in, "record_type", &ucc.record_type) ||
        !integer(in, "open_tip_type", &ucc.open_tip_type) || !cJSON_IsNumber(alarm) ||
        !integer(in, "sleep_trigger_time", &ucc.sleep_trigger_time) ||
        !integer(in, "volume", &ucc.volume) ||
        !integer(in, "volume_control_type", &ucc.volume_control_type))
        return false;
    ucc.voltage_alarm = alarm->valuedouble;
    return ucc_valid(&ucc);
}

static bool take_voice(const cJSON *root)
{
    const cJSON *in = cJSON_GetObjectItemCaseSensitive(root, "inputParams");

    return identified(root, "voice_generated") && integer(root, "msgId", &voice.msg_id) &&
           integer(in, "recordingId", &voice.recording_id) && integer(in, "order", &voice.order) &&
           string(in, "voiceText", &voice.voice_text) && string(in, "voiceUrl", &voice.voice_url) &&
           integer(in, "role", &voice.role);
}

static bool take_ota(const cJSON *root)
{
    const cJSON *in = cJSON_GetObjectItemCaseSensitive(root, "params");
    struct bench_text method;

    if (!loose_integer(root, "id", &ota.id) || !loose_integer(root, "code", &ota.code) ||
        !string(in, "version", &ota.version) || !loose_integer(in, "size", &ota.size) ||
        !string(in, "url", &ota.url) || !string(in, "signMethod", &method) ||
        !string(in, "sign", &ota.sign) || !string(in, "module", &ota.module) ||
        !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(in, "extData")))
        return false;
    ota.sign_method = sign_method_of(method);
    return ota_valid(&ota);
}

/* The strings are freed with the tree; they are compared where they are printed. */
static bool read_with(bool (*take)(const cJSON *root), struct bench_text text)
{
    static cJSON *before;
    bool taken;

    cJSON_Delete(before);
    before = cJSON_ParseWithLength(text.ptr, text.len);
    taken = before && take(before);
    return taken;
}

static bool read_ucc(struct bench_text text)
{
    return read_with(take_ucc, text);
}

static bool read_voice(struct bench_text text)
{
    return read_with(take_voice, text);
}

static bool read_ota(struct bench_text text)
{
    return read_with(take_ota, text);
}

/* ---- Writing ---- */

static bool print(cJSON *root)
{
    const bool printed = cJSON_PrintPreallocated(root, output, sizeof output, false);

    cJSON_Delete(root);
    return printed;
}

static bool write_ucc(struct bench_text text)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *in;

    (void)text;
    cJSON_AddNumberToObject(root, "msgId", (double)printed_ucc.msg_id);
    cJSON_AddStringToObject(root, "identifier", "updatecommonconfig");
    in = cJSON_AddObjectToObject(root, "inputParams");
    cJSON_AddNumberToObject(in, "record_type", (double)printed_ucc.record_type);
    cJSON_AddNumberToObject(in, "open_tip_type", (double)printed_ucc.open_tip_type);
    cJSON_AddNumberToObject(in, "voltage_alarm", printed_ucc.voltage_alarm);
    cJSON_AddNumberToObject(in, "sleep_trigger_time", (double)printed_ucc.sleep_trigger_time);
    cJSON_AddNumberToObject(in, "volume", (double)printed_ucc.volume);
    cJSON_AddNumberToObject(in, "volume_control_type", (double)printed_ucc.volume_control_type);
    return print(root);
}

static bool write_voice(struct bench_text text)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *in;

    (void)text;
    cJSON_AddNumberToObject(root, "msgId", (double)printed_voice.msg_id);
    cJSON_AddStringToObject(root, "identifier", "voice_generated");
    in = cJSON_AddObjectToObject(root, "inputParams");
    cJSON_AddNumberToObject(in, "recordingId", (double)printed_voice.recording_id);
    cJSON_AddNumberToObject(in, "order", (double)printed_voice.order);
    cJSON_AddStringToObject(in, "voiceText", printed_voice.voice_text.ptr);
    cJSON_AddStringToObject(in, "voiceUrl", printed_voice.voice_url.ptr);
    cJSON_AddNumberToObject(in, "role", (double)printed_voice.role);
    return print(root);
}

static bool write_ota(struct bench_text text)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *in;

    (void)text;
    cJSON_AddStringToObject(root, "id", "123");
    cJSON_AddNumberToObject(root, "code", (double)printed_ota.code);
    in = cJSON_AddObjectToObject(root, "params");
    cJSON_AddStringToObject(in, "version", printed_ota.version.ptr);
    cJSON_AddNumberToObject(in, "size", (double)printed_ota.size);
    cJSON_AddStringToObject(in, "url", printed_ota.url.ptr);
    cJSON_AddStringToObject(in, "signMethod", printed_ota.sign_method == 1 ? "MD5" : "SHA256");
    cJSON_AddStringToObject(in, "sign", printed_ota.sign.ptr);
    cJSON_AddStringToObject(in, "module", printed_ota.module.ptr);
    cJSON_AddRawToObject(in, "extData", printed_ota.ext_data.ptr);
    return print(root);
}

const struct bench_work bench_works[] = {
    {"parse", NULL, parse},           {"read:ucc", NULL, read_ucc},
    {"read:voice", NULL, read_voice}, {"read:ota", NULL, read_ota},
    {"write:ucc", NULL, write_ucc},   {"write:voice", NULL, write_voice},
    {"write:ota", NULL, write_ota},   {NULL, NULL, NULL},
};

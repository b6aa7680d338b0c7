/* jsmn and the walk over its tokens that its example shows, which checks nothing. */
#include "fields.h"

#include <stdlib.h>
#include <string.h>
#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

static jsmntok_t tokens[64];

static int parse(struct bench_text text)
{
    jsmn_parser parser;

    jsmn_init(&parser);
    return jsmn_parse(&parser, text.ptr, text.len, tokens, 64);
}

static bool is(const char *json, const jsmntok_t *token, const char *name)
{
    return token->type == JSMN_STRING && (int)strlen(name) == token->end - token->start &&
           strncmp(json + token->start, name, (size_t)(token->end - token->start)) == 0;
}

static int64_t integer(const char *json, const jsmntok_t *token)
{
    return strtoll(json + token->start, NULL, 10);
}

static struct bench_text string(const char *json, const jsmntok_t *token)
{
    return (struct bench_text){json + token->start, (size_t)(token->end - token->start)};
}

static bool walk_ucc(struct bench_text text)
{
    const char *json = text.ptr;
    const int count = parse(text);

    for (int i = 1; i < count; i++) {
        const jsmntok_t *token = &tokens[i];

        if (is(json, token, "msgId"))
            ucc.msg_id = integer(json, &tokens[++i]);
        else if (is(json, token, "record_type"))
            ucc.record_type = integer(json, &tokens[++i]);
        else if (is(json, token, "open_tip_type"))
            ucc.open_tip_type = integer(json, &tokens[++i]);
        else if (is(json, token, "voltage_alarm"))
            ucc.voltage_alarm = strtod(json + tokens[++i].start, NULL);
        else if (is(json, token, "sleep_trigger_time"))
            ucc.sleep_trigger_time = integer(json, &tokens[++i]);
        else if (is(json, token, "volume"))
            ucc.volume = integer(json, &tokens[++i]);
        else if (is(json, token, "volume_control_type"))
            ucc.volume_control_type = integer(json, &tokens[++i]);
    }
    return count > 0;
}

static bool walk_voice(struct bench_text text)
{
    const char *json = text.ptr;
    const int count = parse(text);

    for (int i = 1; i < count; i++) {
        const jsmntok_t *token = &tokens[i];

        if (is(json, token, "msgId"))
            voice.msg_id = integer(json, &tokens[++i]);
        else if (is(json, token, "recordingId"))
            voice.recording_id = integer(json, &tokens[++i]);
        else if (is(json, token, "order"))
            voice.order = integer(json, &tokens[++i]);
        else if (is(json, token, "voiceText"))
            voice.voice_text = string(json, &tokens[++i]);
        else if (is(json, token, "voiceUrl"))
            voice.voice_url = string(json, &tokens[++i]);
        else if (is(json, token, "role"))
            voice.role = integer(json, &tokens[++i]);
    }
    return count > 0;
}

static bool walk_ota(struct bench_text text)
{
    const char *json = text.ptr;
    const int count = parse(text);

    for (int i = 1; i < count; i++) {
        const jsmntok_t *token = &tokens[i];

        if (is(json, token, "id"))
            ota.id = integer(json, &tokens[++i]);
        else if (is(json, token, "code"))
            ota.code = integer(json, &tokens[++i]);
        else if (is(json, token, "version"))
            ota.version = string(json, &tokens[++i]);
        else if (is(json, token, "size"))
            ota.size = integer(json, &tokens[++i]);
        else if (is(json, token, "url"))
            ota.url = string(json, &tokens[++i]);
        else if (is(json, token, "signMethod"))
            ota.sign_method = sign_method_of(string(json, &tokens[++i]));
        else if (is(json, token, "sign"))
            ota.sign = string(json, &tokens[++i]);
        else if (is(json, token, "module"))
            ota.module = string(json, &tokens[++i]);
        else if (is(json, token, "extData"))
            ota.ext_data = string(json, &tokens[++i]);
    }
    return count > 0;
}

const struct bench_work bench_works[] = {
    {"read:ucc", NULL, walk_ucc},
    {"read:voice", NULL, walk_voice},
    {"read:ota", NULL, walk_ota},
    {NULL, NULL, NULL},
};

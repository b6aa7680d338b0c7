/* Do one piece of work N times: bench WORK MESSAGE N. The instructions are counted from outside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "folotoy_update_common_config.h"
#include "folotoy_voice_generated.h"
#include "thingspanel_ota_task.h"

/* As the documents print them. */
static const char settings[] =
    "{\"msgId\" : 1,  \"identifier\" : \"updatecommonconfig\", \"inputParams\" : {  "
    "\"record_type\" : "
    "1,\"open_tip_type\" : 1,\"voltage_alarm\" : 3.7,\"sleep_trigger_time\" : 600,\"volume\" : 100,"
    "\"volume_control_type\" : 1 }}";
static const char voice[] =
    "{\"msgId\": 174, \"identifier\": \"voice_generated\", \"inputParams\": {\"recordingId\": 31, "
    "\"order\": 4, \"voiceText\": \" What's your first question\?\", \"voiceUrl\": "
    "\"http://192.168.52.164:8082/voice-58fa4289fcc04d89bfee38aa038a904a.mp3\", \"role\": 7}}";
static const char update[] =
    "{\n  \"id\": \"123\",\n  \"code\": 200,\n  \"params\": {\n    \"version\": \"1.1\",\n    "
    "\"size\": 432945,\n    \"url\": \"http://dev.thingspane.cn/files/ota/s121jg3245gg.zip\",\n    "
    "\"signMethod\": \"Md5\",\n    \"sign\": \"a243fgh4b9v\",\n    \"module\": \"MCU\",\n    "
    "\"extData\": {\n      \"key1\": \"value1\",\n      \"key2\": \"value2\"\n    }\n  }\n}";

static struct mqb_str payload;
static char memory[8192];
static char output[1024];

static void nothing(void)
{
}

static void tokenize(void)
{
    static jsmntok_t tokens[64];
    jsmn_parser parser;

    jsmn_init(&parser);
    if (jsmn_parse(&parser, payload.ptr, payload.len, tokens, 64) < 0)
        abort();
}

static void parse_with_cjson(void)
{
    cJSON *root = cJSON_ParseWithLength(payload.ptr, payload.len);

    if (!root)
        abort();
    cJSON_Delete(root);
}

/* decode_x(), and encode_x() of what was decoded before the counted work. */
#define MESSAGE(name)                                                                              \
    static struct name name##_message;                                                             \
    static void decode_##name(void)                                                                \
    {                                                                                              \
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);                      \
        if (name##_decode(&name##_message, payload, &scratch, NULL))                               \
            abort();                                                                               \
    }                                                                                              \
    static void encode_##name(void)                                                                \
    {                                                                                              \
        size_t len;                                                                                \
        if (name##_encode(&name##_message, output, sizeof output, &len, NULL))                     \
            abort();                                                                               \
    }

MESSAGE(folotoy_update_common_config)
MESSAGE(folotoy_voice_generated)
MESSAGE(thingspanel_ota_task)

static const struct {
    const char *name;
    struct mqb_str payload;
    void (*decode)(void);
    void (*encode)(void);
} messages[] = {
    {"settings",
     {settings, sizeof settings - 1},
     decode_folotoy_update_common_config,
     encode_folotoy_update_common_config},
    {"voice",
     {voice, sizeof voice - 1},
     decode_folotoy_voice_generated,
     encode_folotoy_voice_generated},
    {"update",
     {update, sizeof update - 1},
     decode_thingspanel_ota_task,
     encode_thingspanel_ota_task},
};

int main(int argc, char **argv)
{
    void (*work)(void) = nothing;

    for (size_t i = 0; argc == 4 && i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(argv[2], messages[i].name) != 0)
            continue;
        payload = messages[i].payload;
        messages[i].decode();
        if (strcmp(argv[1], "decode") == 0)
            work = messages[i].decode;
        else if (strcmp(argv[1], "encode") == 0)
            work = messages[i].encode;
        else if (strcmp(argv[1], "jsmn") == 0)
            work = tokenize;
        else if (strcmp(argv[1], "cjson") == 0)
            work = parse_with_cjson;
    }
    if (work == nothing)
        return EXIT_FAILURE;
    for (long n = atol(argv[3]); n > 0; n--)
        work();
    printf("%zu\n", payload.len);
    return EXIT_SUCCESS;
}

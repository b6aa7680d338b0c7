#include "fields.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

struct ucc ucc;
struct voice voice;
struct ota ota;

const struct ucc printed_ucc = {
    .msg_id = 1,
    .record_type = 1,
    .open_tip_type = 1,
    .voltage_alarm = 3.7,
    .sleep_trigger_time = 600,
    .volume = 100,
    .volume_control_type = 1,
};

const struct voice printed_voice = {
    .msg_id = 174,
    .recording_id = 31,
    .order = 4,
    .voice_text = TEXT(" What's your first question?"),
    .voice_url = TEXT("http://192.168.52.164:8082/voice-58fa4289fcc04d89bfee38aa038a904a.mp3"),
    .role = 7,
};

const struct ota printed_ota = {
    .id = 123,
    .code = 200,
    .version = TEXT("1.1"),
    .size = 432945,
    .url = TEXT("http://dev.thingspane.cn/files/ota/s121jg3245gg.zip"),
    .sign_method = 1,
    .sign = TEXT("a243fgh4b9v"),
    .module = TEXT("MCU"),
    .ext_data = TEXT("{\"key1\":\"value1\",\"key2\":\"value2\"}"),
};

static bool within(int64_t value, int64_t minimum, int64_t maximum)
{
    return minimum <= value && value <= maximum;
}

bool ucc_valid(const struct ucc *fields)
{
    return within(fields->record_type, 1, 3) && within(fields->open_tip_type, 0, 1) &&
           (fields->sleep_trigger_time == 0 || fields->sleep_trigger_time >= 30) &&
           within(fields->volume, 0, 100) && within(fields->volume_control_type, 1, 2);
}

bool ota_valid(const struct ota *fields)
{
    return fields->id >= 0 && within(fields->code, 0, 999999999) && fields->size >= 0 &&
           fields->sign_method != 0;
}

int64_t sign_method_of(struct bench_text text)
{
    if (text.len == 3 && strncasecmp(text.ptr, "MD5", 3) == 0)
        return 1;
    if (text.len == 6 && strncasecmp(text.ptr, "SHA256", 6) == 0)
        return 2;
    return 0;
}

int64_t integer_of(struct bench_text text)
{
    int64_t value = 0;

    if (text.len == 0 || text.len > 18)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

bool text_is(struct bench_text text, const char *expected)
{
    return text.len == strlen(expected) && memcmp(text.ptr, expected, text.len) == 0;
}

static void tell_text(const char *name, struct bench_text text)
{
    printf(" %s=%.*s", name, (int)text.len, text.ptr);
}

static void tell_integer(const char *name, int64_t value)
{
    printf(" %s=%lld", name, (long long)value);
}

static void tell_ucc(void)
{
    tell_integer("msg_id", ucc.msg_id);
    tell_integer("record_type", ucc.record_type);
    tell_integer("open_tip_type", ucc.open_tip_type);
    printf(" voltage_alarm=%.17g", ucc.voltage_alarm);
    tell_integer("sleep_trigger_time", ucc.sleep_trigger_time);
    tell_integer("volume", ucc.volume);
    tell_integer("volume_control_type", ucc.volume_control_type);
}

static void tell_voice(void)
{
    tell_integer("msg_id", voice.msg_id);
    tell_integer("recording_id", voice.recording_id);
    tell_integer("order", voice.order);
    tell_text("voice_text", voice.voice_text);
    tell_text("voice_url", voice.voice_url);
    tell_integer("role", voice.role);
}

static void tell_ota(void)
{
    tell_integer("id", ota.id);
    tell_integer("code", ota.code);
    tell_text("version", ota.version);
    tell_integer("size", ota.size);
    tell_text("url", ota.url);
    tell_integer("sign_method", ota.sign_method);
    tell_text("sign", ota.sign);
    tell_text("module", ota.module);
}

void fields_tell(const char *key, const char *work)
{
    static const struct {
        const char *work;
        void (*tell)(void);
    } reported[] = {{"read:ucc", tell_ucc}, {"read:voice", tell_voice}, {"read:ota", tell_ota}};

    for (size_t i = 0; i < sizeof reported / sizeof reported[0]; i++) {
        if (strcmp(reported[i].work, work) != 0)
            continue;
        printf("%s fields", key);
        reported[i].tell();
        putchar('\n');
    }
}

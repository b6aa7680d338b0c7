/*
 * yyjson in a static pool: a document is parsed, and every field read from it by name, with its
 * type and its range checked. Encoding builds a document in the pool and prints it there.
 */
#include "fields.h"

#include <yyjson.h>

static char pool[64 * 1000 * 1000];
static double sum;

static yyjson_doc *parse(struct bench_text text)
{
    yyjson_alc allocator;

    yyjson_alc_pool_init(&allocator, pool, sizeof pool);
    return yyjson_read_opts((char *)text.ptr, text.len, YYJSON_READ_NOFLAG, &allocator, NULL);
}

/* ---- Reading ---- */

static bool integer(yyjson_val *object, const char *name, int64_t *value)
{
    yyjson_val *item = yyjson_obj_get(object, name);

    if (!yyjson_is_int(item))
        return false;
    *value = yyjson_get_sint(item);
    return true;
}

static bool string(yyjson_val *object, const char *name, struct bench_text *value)
{
    yyjson_val *item = yyjson_obj_get(object, name);

    if (!yyjson_is_str(item))
        return false;
    *value = (struct bench_text){yyjson_get_str(item), yyjson_get_len(item)};
    return true;
}

/* An integer, or digits in a string. */
static bool loose_integer(yyjson_val *object, const char *name, int64_t *value)
{
    yyjson_val *item = yyjson_obj_get(object, name);

    if (yyjson_is_int(item)) {
        *value = yyjson_get_sint(item);
        return true;
    }
    if (!yyjson_is_str(item))
        return false;
    *value = integer_of((struct bench_text){yyjson_get_str(item), yyjson_get_len(item)});
    return true;
}

static bool identified(yyjson_val *root, const char *identifier)
{
    return yyjson_equals_str(yyjson_obj_get(root, "identifier"), identifier);
}

static bool read_ucc(struct bench_text text)
{
    yyjson_val *root = yyjson_doc_get_root(parse(text));
    yyjson_val *in = yyjson_obj_get(root, "inputParams");
    yyjson_val *alarm = yyjson_obj_get(in, "voltage_alarm");

    if (!identified(root, "updatecommonconfig") || !integer(root, "msgId", &ucc.msg_id) ||
        !integer(in, "record_type", &ucc.record_type) ||
        !integer(in, "open_tip_type", &ucc.open_tip_type) || !yyjson_is_num(alarm) ||
        !integer(in, "sleep_trigger_time", &ucc.sleep_trigger_time) ||
        !integer(in, "volume", &ucc.volume) ||
        !integer(in, "volume_control_type", &ucc.volume_control_type))
        return false;
    ucc.voltage_alarm = yyjson_get_num(alarm);
    return ucc_valid(&ucc);
}

static bool read_voice(struct bench_text text)
{
    yyjson_val *root = yyjson_doc_get_root(parse(text));
    yyjson_val *in = yyjson_obj_get(root, "inputParams");

    return identified(root, "voice_generated") && integer(root, "msgId", &voice.msg_id) &&
           integer(in, "recordingId", &voice.recording_id) && integer(in, "order", &voice.order) &&
           string(in, "voiceText", &voice.voice_text) && string(in, "voiceUrl", &voice.voice_url) &&
           integer(in, "role", &voice.role);
}

static bool read_ota(struct bench_text text)
{
    yyjson_val *root = yyjson_doc_get_root(parse(text));
    yyjson_val *in = yyjson_obj_get(root, "params");
    struct bench_text method;

    if (!loose_integer(root, "id", &ota.id) || !loose_integer(root, "code", &ota.code) ||
        !string(in, "version", &ota.version) || !loose_integer(in, "size", &ota.size) ||
        !string(in, "url", &ota.url) || !string(in, "signMethod", &method) ||
        !string(in, "sign", &ota.sign) || !string(in, "module", &ota.module) ||
        !yyjson_is_obj(yyjson_obj_get(in, "extData")))
        return false;
    ota.sign_method = sign_method_of(method);
    return ota_valid(&ota);
}

/* ---- Shapes: every value is looked at once ---- */

static bool look_at_all(yyjson_val *value)
{
    yyjson_val *item;
    yyjson_arr_iter items;
    yyjson_obj_iter members;

    if (yyjson_is_num(value))
        sum += yyjson_get_num(value);
    else if (yyjson_is_str(value))
        sum += (double)yyjson_get_len(value);
    if (yyjson_is_arr(value)) {
        yyjson_arr_iter_init(value, &items);
        while ((item = yyjson_arr_iter_next(&items)))
            look_at_all(item);
    }
    if (yyjson_is_obj(value)) {
        yyjson_obj_iter_init(value, &members);
        while ((item = yyjson_obj_iter_next(&members)))
            look_at_all(yyjson_obj_iter_get_val(item));
    }
    return value != NULL;
}

static bool read_shape(struct bench_text text)
{
    return look_at_all(yyjson_doc_get_root(parse(text)));
}

/* ---- Writing ---- */

static yyjson_alc writing;

static yyjson_mut_doc *new_document(void)
{
    yyjson_alc_pool_init(&writing, pool, sizeof pool);
    return yyjson_mut_doc_new(&writing);
}

static bool print(yyjson_mut_doc *doc, yyjson_mut_val *root)
{
    size_t len;

    yyjson_mut_doc_set_root(doc, root);
    return yyjson_mut_write_opts(doc, YYJSON_WRITE_NOFLAG, &writing, &len, NULL) != NULL;
}

static bool write_ucc(struct bench_text text)
{
    yyjson_mut_doc *doc = new_document();
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *in = yyjson_mut_obj(doc);

    (void)text;
    yyjson_mut_obj_add_int(doc, root, "msgId", printed_ucc.msg_id);
    yyjson_mut_obj_add_str(doc, root, "identifier", "updatecommonconfig");
    yyjson_mut_obj_add_val(doc, root, "inputParams", in);
    yyjson_mut_obj_add_int(doc, in, "record_type", printed_ucc.record_type);
    yyjson_mut_obj_add_int(doc, in, "open_tip_type", printed_ucc.open_tip_type);
    yyjson_mut_obj_add_real(doc, in, "voltage_alarm", printed_ucc.voltage_alarm);
    yyjson_mut_obj_add_int(doc, in, "sleep_trigger_time", printed_ucc.sleep_trigger_time);
    yyjson_mut_obj_add_int(doc, in, "volume", printed_ucc.volume);
    yyjson_mut_obj_add_int(doc, in, "volume_control_type", printed_ucc.volume_control_type);
    return print(doc, root);
}

static void add_text(
    yyjson_mut_doc *doc,
    yyjson_mut_val *object,
    const char *name,
    struct bench_text text)
{
    yyjson_mut_obj_add_strn(doc, object, name, text.ptr, text.len);
}

static bool write_voice(struct bench_text text)
{
    yyjson_mut_doc *doc = new_document();
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *in = yyjson_mut_obj(doc);

    (void)text;
    yyjson_mut_obj_add_int(doc, root, "msgId", printed_voice.msg_id);
    yyjson_mut_obj_add_str(doc, root, "identifier", "voice_generated");
    yyjson_mut_obj_add_val(doc, root, "inputParams", in);
    yyjson_mut_obj_add_int(doc, in, "recordingId", printed_voice.recording_id);
    yyjson_mut_obj_add_int(doc, in, "order", printed_voice.order);
    add_text(doc, in, "voiceText", printed_voice.voice_text);
    add_text(doc, in, "voiceUrl", printed_voice.voice_url);
    yyjson_mut_obj_add_int(doc, in, "role", printed_voice.role);
    return print(doc, root);
}

static bool write_ota(struct bench_text text)
{
    yyjson_mut_doc *doc = new_document();
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *in = yyjson_mut_obj(doc);
    yyjson_mut_val *extra =
        yyjson_mut_rawn(doc, printed_ota.ext_data.ptr, printed_ota.ext_data.len);

    (void)text;
    yyjson_mut_obj_add_str(doc, root, "id", "123");
    yyjson_mut_obj_add_int(doc, root, "code", printed_ota.code);
    yyjson_mut_obj_add_val(doc, root, "params", in);
    add_text(doc, in, "version", printed_ota.version);
    yyjson_mut_obj_add_int(doc, in, "size", printed_ota.size);
    add_text(doc, in, "url", printed_ota.url);
    yyjson_mut_obj_add_str(doc, in, "signMethod", printed_ota.sign_method == 1 ? "MD5" : "SHA256");
    add_text(doc, in, "sign", printed_ota.sign);
    add_text(doc, in, "module", printed_ota.module);
    yyjson_mut_obj_add_val(doc, in, "extData", extra);
    return print(doc, root);
}

const struct bench_work bench_works[] = {
    {"read:ucc", NULL, read_ucc},        {"read:voice", NULL, read_voice},
    {"read:ota", NULL, read_ota},        {"shape:numbers", NULL, read_shape},
    {"shape:objects", NULL, read_shape}, {"shape:wide", NULL, read_shape},
    {"shape:strings", NULL, read_shape}, {"shape:deep", NULL, read_shape},
    {"write:ucc", NULL, write_ucc},      {"write:voice", NULL, write_voice},
    {"write:ota", NULL, write_ota},      {NULL, NULL, NULL},
};

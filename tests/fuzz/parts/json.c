/* The scanner and the walkers of JSON, against a parser that shares no code with them. */
#include "json/duplicate_members.h"
#include "json/scanner.h"
#include "json/skip.h"
#include "json/text.h"
#include "mqbind_fuzz.h"
#include "target.h"

const struct fuzz_schema fuzz_schema;

static size_t depth_of(const struct fuzz_json *value)
{
    size_t deepest = 0;
    for (const struct fuzz_json *each = value->first; each != NULL; each = each->next) {
        const size_t depth = depth_of(each);
        if (depth > deepest)
            deepest = depth;
    }
    return deepest + (value->type == FUZZ_JSON_ARRAY || value->type == FUZZ_JSON_OBJECT);
}

static size_t tokens_of(const struct fuzz_json *value)
{
    size_t count = 1;
    for (const struct fuzz_json *each = value->first; each != NULL; each = each->next)
        count += tokens_of(each);
    return count;
}

static bool has_twice(const struct fuzz_json *value)
{
    if (value->type == FUZZ_JSON_OBJECT) {
        for (const struct fuzz_json *key = value->first; key != NULL; key = key->next->next) {
            if (fuzz_json_member(value, key->text) != key->next)
                return true;
        }
    }
    for (const struct fuzz_json *each = value->first; each != NULL; each = each->next) {
        if (has_twice(each))
            return true;
    }
    return false;
}

static void check_string(struct mqb_json json, struct mqb_str raw)
{
    char *const memory = take_block("", 0);
    struct mqb_scratch none = mqb_scratch_from(memory, 0);
    struct mqb_str text;
    const enum mqb_status without = mqb_json_get_string(json, &none, &text);
    free(memory);
    FUZZ_CHECK(without == (mqb_json_text_escaped(raw) ? MQB_ERR_SPACE : MQB_OK) || text.len == 0);

    char *const room = malloc(raw.len + 1);
    FUZZ_CHECK(room != NULL);
    struct mqb_scratch scratch = mqb_scratch_from(room, raw.len + 1);
    FUZZ_CHECK(mqb_json_get_string(json, &scratch, &text) == MQB_OK);
    FUZZ_CHECK(mqb_json_text_length(raw) == text.len);
    FUZZ_CHECK(mqb_json_text_equal(raw, text));
    FUZZ_CHECK(mqb_json_text_compare(raw, raw) == 0);

    /* Written again without need it means the same. */
    char *const quoted = malloc(6 * text.len + 2);
    FUZZ_CHECK(quoted != NULL);
    const struct mqb_json again = mqb_json_from_string(text, quoted, 6 * text.len + 2);
    FUZZ_CHECK(again.len >= 2);
    FUZZ_CHECK(fuzz_json_same_string((struct mqb_str){again.ptr + 1, again.len - 2}, raw));
    free(quoted);
    free(room);
}

static void check_value(struct mqb_json json, const struct fuzz_json *value);

static void check_items(struct mqb_json json, const struct fuzz_json *value)
{
    const bool object = value->type == FUZZ_JSON_OBJECT;
    const struct fuzz_json *each = value->first;
    struct mqb_json_walk walk = mqb_json_walk_begin(json);
    struct mqb_json key;
    struct mqb_json found;
    while (mqb_json_walk_next(&walk, &key, &found)) {
        FUZZ_CHECK(each != NULL);
        if (object) {
            FUZZ_CHECK(key.len == each->text.len + 2);
            FUZZ_CHECK(memcmp(key.ptr + 1, each->text.ptr, each->text.len) == 0);
            each = each->next;
        }
        check_value(found, each);
        each = each->next;
    }
    FUZZ_CHECK(each == NULL);
}

static enum mqb_json_type type_of(const struct fuzz_json *value)
{
    static const enum mqb_json_type types[] = {
        [FUZZ_JSON_NULL] = MQB_JSON_NULL,     [FUZZ_JSON_FALSE] = MQB_JSON_BOOLEAN,
        [FUZZ_JSON_TRUE] = MQB_JSON_BOOLEAN,  [FUZZ_JSON_NUMBER] = MQB_JSON_NUMBER,
        [FUZZ_JSON_STRING] = MQB_JSON_STRING, [FUZZ_JSON_ARRAY] = MQB_JSON_ARRAY,
        [FUZZ_JSON_OBJECT] = MQB_JSON_OBJECT,
    };
    return types[value->type];
}

static void check_value(struct mqb_json json, const struct fuzz_json *value)
{
    bool flag;
    int64_t integer;
    double number;
    struct mqb_json part;
    FUZZ_CHECK(mqb_json_type(json) == type_of(value));
    FUZZ_CHECK(
        (mqb_json_get_bool(json, &flag) == MQB_OK) ==
        (value->type == FUZZ_JSON_TRUE || value->type == FUZZ_JSON_FALSE));
    if (value->type != FUZZ_JSON_NUMBER) {
        FUZZ_CHECK(mqb_json_get_int64(json, &integer) == MQB_ERR_TYPE);
        FUZZ_CHECK(mqb_json_get_double(json, &number) == MQB_ERR_TYPE);
    }
    if (value->type == FUZZ_JSON_STRING)
        check_string(json, value->text);
    else
        FUZZ_CHECK(json.len == value->text.len);
    if (value->type == FUZZ_JSON_ARRAY || value->type == FUZZ_JSON_OBJECT)
        check_items(json, value);
    else
        FUZZ_CHECK(!mqb_json_find(json, MQB_STR("a"), &part));
}

/* Bytes that nobody has checked: steps stay within them, and go on. */
static void check_steps(struct mqb_str text)
{
    for (size_t at = 0; at < text.len; at++) {
        FUZZ_CHECK(mqb_json_blanks(text, at) >= at && mqb_json_blanks(text, at) <= text.len);
        FUZZ_CHECK(mqb_json_value_end(text, at) > at && mqb_json_value_end(text, at) <= text.len);
    }
    struct mqb_json_cursor cursor = {.raw = text};
    for (size_t count = 0; mqb_json_cursor_next(&cursor) >= 0; count++)
        FUZZ_CHECK(count <= text.len * 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    const struct mqb_str text = take_rest(&bytes);
    const struct fuzz_json *root;
    struct mqb_json_scan scan;
    const enum fuzz_json_verdict verdict = fuzz_json_parse(text, 0, &root);
    const enum mqb_status status = mqb_json_scan(text, MQB_DEPTH_MAX, &scan);
    if (verdict == FUZZ_JSON_VALID) {
        FUZZ_CHECK((status == MQB_OK) == (depth_of(root) <= MQB_DEPTH_MAX));
    } else {
        FUZZ_CHECK(status == MQB_ERR_JSON || status == MQB_ERR_LIMIT);
        FUZZ_CHECK(scan.offset <= text.len && scan.rule != NULL);
    }
    if (status == MQB_OK) {
        FUZZ_CHECK(scan.tokens == tokens_of(root));
        const char *const start = text.ptr + mqb_json_blanks(text, 0);
        const size_t end = mqb_json_value_end(text, (size_t)(start - text.ptr));
        const struct mqb_json json = {start, end - (size_t)(start - text.ptr)};
        check_value(json, root);
        char *const memory = take_block(json.ptr, json.len);
        size_t offset;
        FUZZ_CHECK(mqb_raw_twice(json, memory, json.len, &offset) == has_twice(root));
        free(memory);
    }
    check_steps(text);
    give_back(text);
    return 0;
}

/* What a request and its reply have in common. */
#include <mqbind/detail/side.h>

#include <string.h>

_Static_assert(
    MQB_CALL_KEY_BYTES >= sizeof(void *) + 4 + MQB_CORRELATION_BYTES,
    "no room for a key");
_Static_assert(MQB_CALL_KEY_BYTES < UINT16_MAX, "a part's length has 16 bits");

/* Stored instead of the length of a string. */
#define INTEGER_PART UINT16_MAX

static void add_key_bytes(struct mqb_call_key *key, const void *bytes, size_t len)
{
    if (key->len > MQB_CALL_KEY_BYTES || len > MQB_CALL_KEY_BYTES - key->len) {
        key->len = MQB_CALL_KEY_BYTES + 1;
        return;
    }
    if (len != 0)
        memcpy(key->bytes + key->len, bytes, len);
    key->len += len;
}

void mqb_call_key_init(struct mqb_call_key *key, const void *side, uint16_t kind)
{
    key->len = 0;
    add_key_bytes(key, &side, sizeof side);
    add_key_bytes(key, &kind, sizeof kind);
}

void mqb_call_key_add_string(struct mqb_call_key *key, struct mqb_str text)
{
    const uint16_t head = (uint16_t)text.len; /* A length beyond 16 bits cannot fit. */
    add_key_bytes(key, &head, sizeof head);
    add_key_bytes(key, text.ptr, text.len);
}

void mqb_call_key_add_int(struct mqb_call_key *key, int64_t integer)
{
    const uint16_t head = INTEGER_PART;
    add_key_bytes(key, &head, sizeof head);
    add_key_bytes(key, &integer, sizeof integer);
}

void mqb_call_key_add_scalar(struct mqb_call_key *key, struct mqb_scalar scalar)
{
    if (mqb_flag_is_set(&scalar.is_string))
        mqb_call_key_add_string(key, scalar.string);
    else
        mqb_call_key_add_int(key, scalar.integer);
}

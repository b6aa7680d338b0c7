/* Values that are an integer or a string and keep their JSON type. */
#include <mqbind/detail/reader.h>
#include <mqbind/detail/writer.h>

struct mqb_scalar mqb_read_scalar(struct mqb_reader *r)
{
    struct mqb_scalar scalar = {.is_text = mqb_peek_type(r) == MQB_JSON_STRING};
    if (r->status != MQB_OK)
        return scalar;
    if (scalar.is_text) {
        scalar.text = mqb_read_string(r);
        return scalar;
    }
    scalar.integer = mqb_read_int(r, INT64_MIN, INT64_MAX, "has no bounds");
    if (r->status == MQB_ERR_TYPE)
        r->rule = "must be an integer or a string";
    return scalar;
}

void mqb_write_scalar(struct mqb_writer *w, struct mqb_scalar scalar)
{
    if (mqb_flag(&scalar.is_text))
        mqb_write_string(w, scalar.text);
    else
        mqb_write_int(w, scalar.integer, INT64_MIN, INT64_MAX, "has no bounds");
}

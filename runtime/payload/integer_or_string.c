/* Values that are an integer or a string and keep their JSON type. */
#include <mqbind/detail/reader.h>
#include <mqbind/detail/writer.h>

struct mqb_scalar mqb_reader_scalar(struct mqb_reader *r)
{
    struct mqb_scalar scalar = {.is_string = mqb_reader_peek_type(r) == MQB_JSON_STRING};
    if (r->status != MQB_OK)
        return scalar;
    if (scalar.is_string) {
        scalar.string = mqb_reader_string(r);
        return scalar;
    }
    scalar.integer = mqb_reader_int(r, INT64_MIN, INT64_MAX, "has no bounds");
    if (r->status == MQB_ERR_TYPE)
        r->rule = "must be an integer or a string";
    return scalar;
}

void mqb_writer_scalar(struct mqb_writer *w, struct mqb_scalar scalar)
{
    if (mqb_flag_is_set(&scalar.is_string))
        mqb_writer_string(w, scalar.string);
    else
        mqb_writer_int(w, scalar.integer, INT64_MIN, INT64_MAX, "has no bounds");
}

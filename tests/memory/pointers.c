/* Names that are no strings, where names are kept: no pointer is subtracted from NULL. */
#include <mqbind/detail/reader.h>
#include <mqbind/detail/writer.h>

#include <stdio.h>
#include <string.h>

static enum mqb_status skip(const char *text)
{
    static char memory[1000];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_reader r;
    mqb_reader_open(&r, (struct mqb_str){text, strlen(text)}, &scratch);
    mqb_reader_skip(&r);
    return mqb_reader_close(&r, NULL);
}

static enum mqb_status write(const char *text)
{
    char buf[1000];
    struct mqb_writer w;
    mqb_writer_init(&w, buf, sizeof buf);
    mqb_writer_json(&w, (struct mqb_json){text, strlen(text)});
    return mqb_writer_close(&w, NULL, NULL);
}

int main(void)
{
    static const char *const texts[] = {
        "{\"\x01\":1}",
        "{\"a\":[{\"\\x\":1}]}",
        "{\"a\":{\"b\":{\"c\":{\"d\":{\"\\ud800\":1}}}}}",
        "[[[[[{\"a",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (skip(texts[i]) != MQB_ERR_JSON || write(texts[i]) != MQB_ERR_JSON)
            return 1;
    }
    return 0;
}

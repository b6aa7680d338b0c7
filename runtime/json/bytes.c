#include "json/bytes.h"

#include "compiler.h"

const unsigned char mqb_json_classes[256] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  18, 18, 0,  0,  18, 0, 0, /* tab, line feed, return */
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0, 0, /* control characters */
    19, 1,  16, 1,  1,  1,  1,  1,  1,  1,  1,  1,  17, 1,  1, 1, /* blank " , */
    13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 17, 1,  1,  1,  1, 1, /* 0-9 : */
    1,  9,  9,  9,  9,  9,  9,  1,  1,  1,  1,  1,  1,  1,  1, 1, /* A-F */
    1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  17, 0,  17, 1, 1, /* [ \ ] */
    1,  9,  9,  9,  9,  9,  9,  1,  1,  1,  1,  1,  1,  1,  1, 1, /* a-f */
    1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  17, 1,  17, 1, 1, /* { } */
};

MQB_RARE const char *mqb_bytes_blanks(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_blank(\at(at, Pre), at);
        loop assigns at;
        loop variant end - at; */
    while (at != end && mqb_byte_is(*at, MQB_BLANK)) {
        at++;
        /*@ assert blank: all_blank(\at(at, Pre), at); */
        at = mqb_bytes_spaces(at, end);
    }
    return at;
}

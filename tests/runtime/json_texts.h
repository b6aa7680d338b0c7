/* Valid and invalid JSON, each with its verdict. */
#ifndef TESTS_JSON_TEXTS_H
#define TESTS_JSON_TEXTS_H

#include <mqbind/mqbind.h>

struct bad_text {
    struct mqb_str text;
    size_t offset;
    const char *rule; /* Without "must be JSON: ". */
    const char *path;
};

/* MQB_STR() is no constant, so no initializer, to a pedantic compiler. */
#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

#define EARLY "ends too early"
#define VALUE "expected a value"
#define LITERAL "expected true, false or null"
#define DIGIT "expected a digit"
#define NAME "expected a member name in quotes"
#define COLON "expected a colon"
#define OBJECT "expected a comma or }"
#define ARRAY "expected a comma or ]"
#define END "expected nothing after the value"
#define CONTROL "control characters must be escaped"
#define UTF8 "strings must be UTF-8"
#define ESCAPE "unknown escape sequence"
#define SURROGATE "half a surrogate pair"

static const struct bad_text bad_texts[] = {
    /* Nothing at all. */
    {{NULL, 0}, 0, EARLY, ""},
    {TEXT(""), 0, EARLY, ""},
    {TEXT(" \t\r\n"), 4, EARLY, ""},
    /* No JSON value. */
    {TEXT("NaN"), 0, VALUE, ""},
    {TEXT("-NaN"), 1, DIGIT, ""},
    {TEXT("Infinity"), 0, VALUE, ""},
    {TEXT("-Infinity"), 1, DIGIT, ""},
    {TEXT("{\"a\":Infinity}"), 5, VALUE, "/a"},
    {TEXT("undefined"), 0, VALUE, ""},
    {TEXT("'a'"), 0, VALUE, ""},
    {TEXT("a"), 0, VALUE, ""},
    {TEXT(":"), 0, VALUE, ""},
    {TEXT("}"), 0, VALUE, ""},
    {TEXT("]"), 0, VALUE, ""},
    {TEXT(","), 0, VALUE, ""},
    {TEXT("/* a */1"), 0, VALUE, ""},
    {TEXT("[1,// a\n2]"), 3, VALUE, "/1"},
    {TEXT("\xEF\xBB\xBF{}"), 0, VALUE, ""},
    {TEXT("\xFF\xFE"), 0, VALUE, ""},
    {TEXT("\0"), 0, VALUE, ""},
    {TEXT("\f1"), 0, VALUE, ""},
    {TEXT("\xC2\xA0"
          "1"),
     0, VALUE, ""},
    /* Literals. */
    {TEXT("tru"), 3, EARLY, ""},
    {TEXT("True"), 0, VALUE, ""},
    {TEXT("[trie]"), 3, LITERAL, "/0"},
    {TEXT("nul"), 3, EARLY, ""},
    {TEXT("[falsE]"), 5, LITERAL, "/0"},
    {TEXT("truely"), 4, END, ""},
    {TEXT("nulL"), 3, LITERAL, ""},
    /* Numbers. */
    {TEXT("0x1"), 1, END, ""},
    {TEXT("+1"), 0, VALUE, ""},
    {TEXT(".5"), 0, VALUE, ""},
    {TEXT("1."), 2, EARLY, ""},
    {TEXT("[1.]"), 3, DIGIT, "/0"},
    {TEXT("[1.e1]"), 3, DIGIT, "/0"},
    {TEXT("01"), 1, END, ""},
    {TEXT("[01]"), 2, ARRAY, "/0"},
    {TEXT("-01"), 2, END, ""},
    {TEXT("-"), 1, EARLY, ""},
    {TEXT("[-]"), 2, DIGIT, "/0"},
    {TEXT("--1"), 1, DIGIT, ""},
    {TEXT("1e"), 2, EARLY, ""},
    {TEXT("1e+"), 3, EARLY, ""},
    {TEXT("[0E-]"), 4, DIGIT, "/0"},
    {TEXT("1e1.5"), 3, END, ""},
    {TEXT("1.5.5"), 3, END, ""},
    {TEXT("1_000"), 1, END, ""},
    {TEXT("1 000"), 2, END, ""},
    {TEXT("[1-2]"), 2, ARRAY, "/0"},
    {TEXT("1f"), 1, END, ""},
    /* A second root, trailing bytes. */
    {TEXT("{}{}"), 2, END, ""},
    {TEXT("1 2"), 2, END, ""},
    {TEXT("{},"), 2, END, ""},
    {TEXT("[]]"), 2, END, ""},
    {TEXT("\"a\"b"), 3, END, ""},
    {TEXT("{}\0"), 2, END, ""},
    {TEXT("1\0"), 1, END, ""},
    {TEXT("{\"a\":1}\0{\"a\":2}"), 7, END, ""},
    /* Commas and colons. */
    {TEXT("{\"a\":1,}"), 7, NAME, ""},
    {TEXT("[1,]"), 3, VALUE, "/1"},
    {TEXT("[,1]"), 1, VALUE, "/0"},
    {TEXT("{,\"a\":1}"), 1, NAME, ""},
    {TEXT("[1,,2]"), 3, VALUE, "/1"},
    {TEXT("[1 2]"), 3, ARRAY, "/0"},
    {TEXT("[1:2]"), 2, ARRAY, "/0"},
    {TEXT("{\"a\" 1}"), 5, COLON, "/a"},
    {TEXT("{\"a\"::1}"), 5, VALUE, "/a"},
    {TEXT("{\"a\":}"), 5, VALUE, "/a"},
    {TEXT("{\"a\"}"), 4, COLON, "/a"},
    {TEXT("{\"a\",\"b\":1}"), 4, COLON, "/a"},
    {TEXT("{\"a\":1 \"b\":2}"), 7, OBJECT, "/a"},
    {TEXT("{\"a\":1,,\"b\":2}"), 7, NAME, ""},
    {TEXT("{\"a\":1;}"), 6, OBJECT, "/a"},
    /* Names. */
    {TEXT("{a:1}"), 1, NAME, ""},
    {TEXT("{'a':1}"), 1, NAME, ""},
    {TEXT("{1:1}"), 1, NAME, ""},
    {TEXT("{null:1}"), 1, NAME, ""},
    {TEXT("{[]:1}"), 1, NAME, ""},
    {TEXT("{{}:1}"), 1, NAME, ""},
    {TEXT("{\"a\":1,\"b"), 9, EARLY, ""},
    {TEXT("{\"a\\x\":1}"), 4, ESCAPE, ""},
    /* Brackets. */
    {TEXT("{"), 1, EARLY, ""},
    {TEXT("["), 1, EARLY, "/0"},
    {TEXT("[1"), 2, EARLY, "/0"},
    {TEXT("[1,"), 3, EARLY, "/1"},
    {TEXT("{\"a\":"), 5, EARLY, "/a"},
    {TEXT("{\"a\":1"), 6, EARLY, "/a"},
    {TEXT("{\"a\":1]"), 6, OBJECT, "/a"},
    {TEXT("[1}"), 2, ARRAY, "/0"},
    {TEXT("[}"), 1, VALUE, "/0"},
    {TEXT("{]"), 1, NAME, ""},
    {TEXT("[[]"), 3, EARLY, "/0"},
    {TEXT("{\"a\":{\"b\":[1,{\"c\":x}]}}"), 18, VALUE, "/a/b/1/c"},
    /* Strings. */
    {TEXT("\""), 1, EARLY, ""},
    {TEXT("\"abc"), 4, EARLY, ""},
    {TEXT("\"\\"), 2, EARLY, ""},
    {TEXT("\"\\\""), 3, EARLY, ""},
    {TEXT("\"a\nb\""), 2, CONTROL, ""},
    {TEXT("\"\t\""), 1, CONTROL, ""},
    {TEXT("\"\0\""), 1, CONTROL, ""},
    {TEXT("\"abcdefgh\x1F\""), 9, CONTROL, ""},
    {TEXT("[\"a\x1B[31m\"]"), 3, CONTROL, "/0"},
    {TEXT("\"\\x41\""), 2, ESCAPE, ""},
    {TEXT("\"\\'\""), 2, ESCAPE, ""},
    {TEXT("\"\\\0\""), 2, ESCAPE, ""},
    {TEXT("\"\\U0041\""), 2, ESCAPE, ""},
    {TEXT("\"\\u12G4\""), 5, ESCAPE, ""},
    {TEXT("\"\\u123\""), 6, ESCAPE, ""},
    {TEXT("\"\\u12"), 5, EARLY, ""},
    {TEXT("\"\\u"), 3, EARLY, ""},
    /* UTF-8 and surrogates. */
    {TEXT("\"\x80\""), 1, UTF8, ""},
    {TEXT("\"\xC0\x80\""), 1, UTF8, ""},
    {TEXT("\"\xE0\x80\x80\""), 1, UTF8, ""},
    {TEXT("\"\xED\xA0\x80\""), 1, UTF8, ""},
    {TEXT("\"\xED\xA0\xBD\xED\xB8\x80\""), 1, UTF8, ""},
    {TEXT("\"\xF4\x90\x80\x80\""), 1, UTF8, ""},
    {TEXT("\"\xE4\xB8\""), 1, UTF8, ""},
    {TEXT("\"\xE4\xB8"), 1, UTF8, ""},
    {TEXT("\"ok\xFFxxxxxxxx\""), 3, UTF8, ""},
    {TEXT("{\"\xFF\":1}"), 2, UTF8, ""},
    {TEXT("\"\\uD800\""), 1, SURROGATE, ""},
    {TEXT("\"\\uD800"), 7, EARLY, ""},
    {TEXT("\"\\uD800\\"), 8, EARLY, ""},
    {TEXT("\"\\uD800\\n\""), 1, SURROGATE, ""},
    {TEXT("\"\\uD800x\""), 1, SURROGATE, ""},
    {TEXT("\"\\uD800\\u0041\""), 1, SURROGATE, ""},
    {TEXT("\"\\uD800\\uD800\""), 1, SURROGATE, ""},
    {TEXT("\"\\uD800\\uDC\""), 11, ESCAPE, ""},
    {TEXT("\"ab\\uDC00\""), 3, SURROGATE, ""},
    {TEXT("[\"\\udbff\\uE000\"]"), 2, SURROGATE, "/0"},
};

struct good_text {
    struct mqb_str text;
    size_t tokens;
    bool escapes;
};

static const struct good_text good_texts[] = {
    {TEXT("{}"), 1, false},
    {TEXT("[]"), 1, false},
    {TEXT(" {\t}\r\n"), 1, false},
    {TEXT("[ ]"), 1, false},
    {TEXT("null"), 1, false},
    {TEXT("true"), 1, false},
    {TEXT("false"), 1, false},
    {TEXT(" 1 "), 1, false},
    {TEXT("0"), 1, false},
    {TEXT("-0"), 1, false},
    {TEXT("-0.0e-0"), 1, false},
    {TEXT("10"), 1, false},
    {TEXT("1.50E+10"), 1, false},
    {TEXT("1e400"), 1, false},
    {TEXT("123456789012345678901234567890"), 1, false},
    {TEXT("\"\""), 1, false},
    {TEXT("\"a\""), 1, false},
    {TEXT("\"abcdefghijklmnopqrstuvwxyz {}[]:,'\x7F\""), 1, false},
    {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\""), 1, true},
    {TEXT("\"\\uD83D\\uDE00 \\uFFFF\""), 1, true},
    {TEXT("\"\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\xEF\xBF\xBF\""), 1, false},
    {TEXT("\"12345678\xE4\xB8\xAD"
          "12345678\""),
     1, false},
    {TEXT("[1,\"a\",null,true,[],{}]"), 7, false},
    {TEXT("[ 1 , 2 ]"), 3, false},
    {TEXT("{\"a\":1}"), 3, false},
    {TEXT("{ \"a\" : 1 , \"b\" : [ { } ] }"), 6, false},
    {TEXT("{\"\":{\"\":{\"\":[[[]]]}}}"), 9, false},
    {TEXT("{\"\\u0061\":1,\"a\":2}"), 5, true},
    {TEXT("[[[[]],[]],[[]]]"), 7, false},
    {TEXT("[0,-1,1.5,1E5,1e-5]"), 6, false},
};

#endif

/*
 * fields.h - what the three messages carry that every peer reads and writes.
 *
 * Peers put what they read into these variables, and write what is in them. So all of them take
 * out the same fields, and run_bench.py can compare what each of them found.
 */
#ifndef TESTS_BENCH_FIELDS_H
#define TESTS_BENCH_FIELDS_H

#include "harness.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** FoloToy updatecommonconfig. */
struct ucc {
    int64_t msg_id;
    int64_t record_type;
    int64_t open_tip_type;
    double voltage_alarm;
    int64_t sleep_trigger_time;
    int64_t volume;
    int64_t volume_control_type;
};

/** FoloToy voice_generated. */
struct voice {
    int64_t msg_id;
    int64_t recording_id;
    int64_t order;
    struct bench_text voice_text;
    struct bench_text voice_url;
    int64_t role;
};

/** ThingsPanel OTA task. `ext_data` is the text of an object. */
struct ota {
    int64_t id;
    int64_t code;
    struct bench_text version;
    int64_t size;
    struct bench_text url;
    int64_t sign_method; /**< 1 is MD5, 2 is SHA256. */
    struct bench_text sign;
    struct bench_text module;
    struct bench_text ext_data;
};

extern struct ucc ucc;
extern struct voice voice;
extern struct ota ota;

/** What peers encode: the values that the documents print. */
extern const struct ucc printed_ucc;
extern const struct voice printed_voice;
extern const struct ota printed_ota;

/** The rules of the schema that a walk over a document must check by itself. */
bool ucc_valid(const struct ucc *fields);
bool ota_valid(const struct ota *fields);

/** 1 or 2, or 0 if it is not one of the spellings. */
int64_t sign_method_of(struct bench_text text);

/** Digits only, 1 to 18; -1 if it is something else. */
int64_t integer_of(struct bench_text text);

bool text_is(struct bench_text text, const char *expected);

/** Print what a work "read:ucc", "read:voice" or "read:ota" found; nothing for other works. */
void fields_tell(const char *key, const char *work);

#ifdef __cplusplus
}
#endif

#endif

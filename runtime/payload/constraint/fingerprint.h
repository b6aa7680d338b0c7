/*
 * fingerprint.h - hashes of values of any shape.
 */
#ifndef MQB_FINGERPRINT_H
#define MQB_FINGERPRINT_H

#include "payload/constraint/check.h"

/**
 * For a given key, equal values have equal fingerprints, others almost never. Nobody can choose
 * colliding values, because the key is a hash of JSON text that contains them.
 */
uint64_t mqb_check_fingerprint(struct mqb_check *check, uint64_t key, struct mqb_json value);
uint64_t mqb_check_key(struct mqb_check *check, struct mqb_json value);

#endif

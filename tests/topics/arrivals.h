/* What the test's program and the sides that are generated for it know of each other. */
#ifndef ARRIVALS_H
#define ARRIVALS_H

#include <mqbind/mqbind.h>

#define VALUES_MAX 32

extern struct mqb_client leaf_client;
extern struct mqb_client hub_client;

/** A handler of the hub was called. */
enum mqb_status arrived(size_t hub, size_t address, const struct mqb_str *values, size_t count);
int32_t integer_of(struct mqb_str value);

enum mqb_status bind_hub(size_t hub, const struct mqb_str *values);
enum mqb_status send_on(size_t address, const struct mqb_str *values);

#endif

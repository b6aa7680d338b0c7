/* What is hot, once more as functions: for code that is to be small, and calls them. */
#define MQB_DIRECT_ONCE
#include <mqbind/payload.h>

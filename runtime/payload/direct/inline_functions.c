/* The inline functions as external functions, for code optimized for size. */
#define MQB_DIRECT_ONCE
#include <mqbind/detail/reader.h>

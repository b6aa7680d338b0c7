/* The inline functions of bytes.h as external functions, for code optimized for size. */
#ifdef MQB_PARSER_DIRECT
#define MQB_BYTES_ONCE
#endif
#include <mqbind/detail/bytes.h>

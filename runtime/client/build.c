#include "client/build.h"

#include <string.h>

enum mqb_status mqb_build_check(const struct mqb_build *build)
{
    const struct mqb_build own = mqb_build_current();
    return memcmp(build, &own, sizeof own) == 0 ? MQB_OK : MQB_ERR_BUILD;
}

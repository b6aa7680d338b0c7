#include <mqbind/version.h>

const char *mqb_version(void)
{
    return MQBIND_VERSION;
}

/*
 * build.h - whether the code that calls has the limits and the engine of this library.
 */
#ifndef MQB_BUILD_H
#define MQB_BUILD_H

#include <mqbind/mqbind.h>

/** MQB_ERR_BUILD if the calling code was built differently. */
enum mqb_status mqb_build_check(const struct mqb_build *build);

#endif

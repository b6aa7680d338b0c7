/*
 * version.h - the version of mqbind.
 */
#ifndef MQBIND_VERSION_H
#define MQBIND_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/** First number of the version of these headers: incompatible changes increment it. */
#define MQBIND_VERSION_MAJOR 0
/** Second number of the version: new functions increment it; before 1.0, incompatible changes too.
 */
#define MQBIND_VERSION_MINOR 1
/** Third number of the version: fixes increment it. */
#define MQBIND_VERSION_PATCH 0
/** The version of these headers as a string literal, such as "1.2.3". */
#define MQBIND_VERSION                                                                             \
    MQBIND_VERSION_STRING_(MQBIND_VERSION_MAJOR, MQBIND_VERSION_MINOR, MQBIND_VERSION_PATCH)

/** @cond */
#define MQBIND_VERSION_STRING_(major, minor, patch) MQBIND_VERSION_JOIN_(major, minor, patch)
#define MQBIND_VERSION_JOIN_(major, minor, patch) #major "." #minor "." #patch
/** @endcond */

/** The version of the library that is linked, such as "1.2.3". A static string, never NULL. */
const char *mqb_version(void);

/**
 * What generated code expects of the runtime. It is incremented when the two no longer fit
 * together; generated headers then refuse to compile until they are generated again.
 */
#define MQB_GENERATED_ABI 8

#ifdef __cplusplus
}
#endif

#endif

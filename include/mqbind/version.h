/*
 * version.h - which version of mqbind this is.
 */
#ifndef MQBIND_VERSION_H
#define MQBIND_VERSION_H

/** Raised when generated code and the runtime no longer fit; generated headers check it. */
#define MQB_GENERATED_ABI 6

#endif

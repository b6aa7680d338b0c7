/*
 * rare.h - keeps rare code out of line, so that what is common needs fewer registers.
 */
#ifndef MQB_RARE_H
#define MQB_RARE_H

#if defined(__GNUC__)
#define MQB_RARE __attribute__((noinline))
#else
#define MQB_RARE
#endif

#endif

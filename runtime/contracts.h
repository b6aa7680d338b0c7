/*
 * contracts.h - definitions shared by the contracts of several files. Contracts are comments that
 * begin with an at sign, are written in ACSL, and are proved by `make prove`; compilers ignore
 * them.
 */
#ifndef MQB_CONTRACTS_H
#define MQB_CONTRACTS_H

#include <mqbind/mqbind.h>

/*@ // All its bytes may be read.
  predicate readable(char *ptr, integer len) = \valid_read(ptr + (0 .. len - 1));
  predicate readable_text(struct mqb_str text) = readable(text.ptr, text.len);
  // The bytes from one place up to another of the same text.
  predicate between(char *at, char *end) =
      \base_addr(at) == \base_addr(end) && 0 <= end - at <= PTRDIFF_MAX && readable(at, end - at);
  predicate within(char *p, char *at, char *end) =
      \base_addr(p) == \base_addr(at) && \base_addr(p) == \base_addr(end) && at <= p < end;

  logic integer byte_at{L}(char *ptr, integer at) = (unsigned char)ptr[at];
*/

#endif

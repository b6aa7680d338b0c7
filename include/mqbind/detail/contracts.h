/*
 * contracts.h - definitions shared by the contracts of several files. Contracts are comments that
 * begin with an at sign, are written in ACSL, and are proved by `make prove`; compilers ignore
 * them.
 */
#ifndef MQBIND_DETAIL_CONTRACTS_H
#define MQBIND_DETAIL_CONTRACTS_H

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

  // Whitespace of JSON.
  predicate is_blank(integer byte) = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
  predicate all_blank{L}(char *at, char *end) =
      \forall char *p; within(p, at, end) ==> is_blank((unsigned char)*p);
  predicate all_spaces{L}(char *at, char *end) =
      \forall char *p; within(p, at, end) ==> (unsigned char)*p == ' ';
*/

#endif

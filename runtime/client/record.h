/*
 * record.h - a message as one piece of bytes, for queues and for files. Memory for records is
 * aligned like a uint64_t.
 */
#ifndef MQB_RECORD_H
#define MQB_RECORD_H

#include <mqbind/mqbind.h>

/** The alignment of records; what follows a record starts at a multiple of it. */
#define MQB_RECORD_ALIGN 8U

/** False if something is longer than a packet can be. Only what fits has a record. */
bool mqb_record_fits(const struct mqb_publish *message);
/** Size of the record of a message, in bytes. */
size_t mqb_record_bytes(const struct mqb_publish *message);
/** Write the record of a message to memory of that size. */
void mqb_record_write(const struct mqb_publish *message, void *memory);
/** Let mqb_record_is_valid() know the record again; before anything reads it. */
void mqb_record_seal(void *memory, size_t bytes);
/** The message as views of its record, until that is moved. Its strings have a NUL behind them. */
void mqb_record_read(void *memory, struct mqb_publish *message);
/** Leave out all but the topic. Returns the new size. */
size_t mqb_record_strip(void *memory);

/** False if it is not a whole record as it was sealed, or has no topic. */
bool mqb_record_is_valid(void *memory, size_t bytes);

#endif

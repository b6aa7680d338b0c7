/* Messages in files: what the broker has not confirmed outlives the process. */
#ifndef EXAMPLE_STORE_H
#define EXAMPLE_STORE_H

#include <mqbind/queue.h>

/** The files are numbered, and those of this run follow those that were there. */
struct store {
    const char *folder;
    uint64_t last; /**< The highest number of an earlier run. */
};

/** False if the folder cannot be read. */
bool store_open(struct store *store, const char *folder);

/** Send what earlier runs stored, in order. Call it again later if it returns false. */
bool store_resend(struct store *store, struct mqb_client *client);

/** For struct mqb_queue_settings; `user` is the store. */
mqb_queue_keep store_keep;
mqb_queue_forget store_forget;

#endif

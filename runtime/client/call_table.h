/*
 * call_table.h - the calls of a client that wait for their replies.
 */
#ifndef MQB_CALL_TABLE_H
#define MQB_CALL_TABLE_H

#include <mqbind/detail/side.h>

void mqb_call_table_init(struct mqb_client *client);

/** The call with this key, or NULL. */
struct mqb_call *mqb_call_find(const struct mqb_client *client, const struct mqb_call_key *key);

/** Put a call into the table, which is not full. Its timer does not run yet. */
struct mqb_call *mqb_call_put_in(
    struct mqb_client *client,
    const struct mqb_call_key *key,
    struct mqb_binding *binding);
void mqb_call_take_out(struct mqb_client *client, struct mqb_call *call);

/** From here on the call is one whose request is sent, with this token, and can be due. */
void mqb_call_set_sent(struct mqb_client *client, struct mqb_call *call, uint64_t token);

/** The call whose request has this token, or NULL. */
struct mqb_call *mqb_call_find_token(const struct mqb_client *client, uint64_t token);

static inline bool mqb_call_is_sent(const struct mqb_call *call)
{
    return call->slot != 0;
}

/** The one that is due before all others whose timers run; NULL if there are none. */
struct mqb_call *mqb_call_first_due(const struct mqb_client *client);

/* Lists of calls, with which unbinding a side looks at no calls of others. */

/** Put the call in front of the others. */
void mqb_call_push(struct mqb_call **list, struct mqb_call *call);
/** Take it out of its list, if it is in one. */
void mqb_call_drop(struct mqb_call *call);

#endif

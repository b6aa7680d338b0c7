/* own_messages.h - sides that would receive what they send. */
#ifndef MQB_OWN_MESSAGES_H
#define MQB_OWN_MESSAGES_H

#include <mqbind/detail/side.h>

/** Why the route must not be subscribed to with this filter, or NULL. */
const char *mqb_own_messages_rule(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str filter);

#endif

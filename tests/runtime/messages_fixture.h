/* A message of the asker, and all properties that can be set for it. */
#ifndef MQB_TEST_MESSAGES_FIXTURE_H
#define MQB_TEST_MESSAGES_FIXTURE_H

#include "properties_fixture.h"

static const struct mqb_user_property pairs[] = {
    {{"tenant!", 6}, {"north!", 5}},
    {{"empty", 5}, {NULL, 0}}};

static inline struct mqb_properties all_properties(void)
{
    return (struct mqb_properties){
        .content_type = {"text/plain!", 10},
        .user = pairs,
        .user_count = 2,
        .expiry_s = 7,
        .is_text = true,
    };
}

static inline enum mqb_status ask(struct fixture *f)
{
    const struct properties_ask message = {.about = MQB_STR("rain")};
    return properties_asker_send_ask(&f->asker, MQB_STR(INBOX), MQB_STR("1"), &message);
}

#endif

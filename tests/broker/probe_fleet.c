/* Many sides of the probe, each with a filter of its own. */
#include "console.h"
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>

#define FLEET_MAX 100000

static struct {
    struct mqb_binding binding;
    struct mqb_binding_link links[1];
    struct mqb_str value;
    char name[32];
} fleet[FLEET_MAX];
static size_t fleet_count;
static struct mqb_binding_link *buckets[FLEET_MAX];

void probe_fleet_configure(struct mqb_client_config *config)
{
    config->buckets = buckets;
    config->bucket_count = FLEET_MAX;
}

void probe_fleet_bind(const char *count)
{
    enum mqb_status status = MQB_OK;
    const size_t all = strtoul(count, NULL, 10);
    while (fleet_count < all && status == MQB_OK) {
        const size_t i = fleet_count++;
        snprintf(fleet[i].name, sizeof fleet[i].name, "device%zu", i);
        fleet[i].value = mqb_str_from(fleet[i].name);
        fleet[i].binding = (struct mqb_binding){
            .client = &probe_client,
            .router = &probe_router,
            .values = &fleet[i].value,
            .links = fleet[i].links,
            .side = fleet[i].name,
        };
        status = mqb_binding_add(&fleet[i].binding);
    }
    console_status("fleet_bound", status);
}

/* Every `step`-th side, from the last to the first. */
void probe_fleet_unbind(const char *step)
{
    enum mqb_status status = MQB_OK;
    const size_t each = strtoul(step, NULL, 10);
    for (size_t i = fleet_count; i > 0 && status == MQB_OK; i--) {
        if ((i - 1) % each == 0 && mqb_binding_is_active(&fleet[i - 1].binding))
            status = mqb_binding_remove(&fleet[i - 1].binding);
    }
    console_status("fleet_unbound", status);
}

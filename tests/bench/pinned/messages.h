/* The messages of which test_counts.py counts the instructions. */
#include "folotoy_update_common_config.h"
#include "folotoy_voice_generated.h"
#include "thingsboard_telemetry.h"
#include "thingspanel_attributes_get.h"
#include "thingspanel_event.h"
#include "thingspanel_ota_task.h"

#define MESSAGES                                                                                   \
    MESSAGE(folotoy_update_common_config, struct folotoy_update_common_config)                     \
    MESSAGE(folotoy_voice_generated, struct folotoy_voice_generated)                               \
    MESSAGE(thingsboard_telemetry, struct thingsboard_telemetry)                                   \
    MESSAGE(thingspanel_attributes_get, struct thingspanel_attributes_get)                         \
    MESSAGE(thingspanel_event, struct thingspanel_event)                                           \
    MESSAGE(thingspanel_ota_task, struct thingspanel_ota_task)

/* What a toy does in the examples that are about something else. */
#ifndef EXAMPLE_VOLUME_H
#define EXAMPLE_VOLUME_H

#include "folotoy_toy.h"

/** Print the volume that the server sets, and acknowledge the settings. */
extern const struct folotoy_toy_handlers example_volume_handlers;

#endif

// SPDX-License-Identifier: MIT
#pragma once
/* An event as the JSON of its line in a capture. Pure. */
#include <jansson.h>

#include "coxad/wire/capture.h"

/* Of a header; the recorder may raise it later. */
#define CAPTURE_LINE_VERSION 1

/* X(kind, text of `e`) */
#define CAPTURE_KIND_LIST(X)                                                                       \
	X(CONNECTED, "connected")                                                                  \
	X(READ, "read")                                                                            \
	X(NOTIFY, "notify")                                                                        \
	X(DISCONNECTED, "disconnected")                                                            \
	X(RSSI, "rssi")                                                                            \
	X(COMMAND, "command")                                                                      \
	X(WALL, "wall")                                                                            \
	X(CONFIG, "config")

/* Returns-owned. event->size is at most CAPTURE_VALUE_MAX. */
json_t *capture_line_make(const struct capture_event *event);

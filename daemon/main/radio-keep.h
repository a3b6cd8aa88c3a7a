// SPDX-License-Identifier: MIT
#pragma once
/* Batches with symptoms, on disk until the brain has them: they outlive this process, and the machine. */
#include "daemon/main/radio-private.h"

/* What earlier runs kept; before anything is sent. */
void radio_keep_recall(struct radio *radio);
/* For radio_uplink_ops; user is the radio. */
void radio_keep_put(void *user, int64_t number, const char *text, size_t size);
void radio_keep_done(void *user, int64_t boot, int64_t number);
void radio_keep_free(struct radio *radio);

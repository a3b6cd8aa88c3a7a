// SPDX-License-Identifier: MIT
#pragma once
/* What the brain wants served: given to the station and followed by the source, and kept on disk, so that a radio
 * that starts while broker and brain are away serves it too. */
#include "daemon/main/radio-private.h"

/* What an earlier run kept. */
void radio_serve_recall(struct radio *radio);
/* The disk was not readable then. For history_persister_options; user is the radio. */
void radio_serve_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size);
void radio_serve_take(struct radio *radio, const char *text, size_t size);
void radio_serve_advance(struct radio *radio, int64_t now_us);

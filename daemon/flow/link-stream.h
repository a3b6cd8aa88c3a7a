// SPDX-License-Identifier: MIT
#pragma once
/* What is subscribed, by which path, and when its silence is too long. Changes no state. */
#include "daemon/flow/link-private.h"

/* The subscription of link->step has succeeded by link->path. */
void link_stream_add(struct link *link, int64_t now_us);
/* The start plan is through: polls and checks begin. */
void link_stream_begin(struct link *link, int64_t now_us);
void link_stream_bytes(struct link *link, int64_t now_us);
/* A socket ended; false: it is none of the open ones. */
bool link_stream_closed(struct link *link, int64_t now_us, const struct uuid *characteristic);
bool link_stream_has_closed(const struct link *link);
/* When silence becomes too long: after the start, after bytes. T_NEVER: it means nothing. */
int64_t link_stream_first_deadline(const struct link *link, int64_t now_us);
int64_t link_stream_deadline(const struct link *link, int64_t now_us);
bool link_stream_is_by_signal(const struct link *link, const struct uuid *characteristic);

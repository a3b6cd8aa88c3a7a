// SPDX-License-Identifier: MIT
#pragma once
/* What a brain and its radios say to each other beside the batches. Pure. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/fleet/radio-clock.h"
#include "coxad/core/fleet/radio-flow.h"

#define RADIO_MESSAGE_MAX 192

/* {"boot":1795368600000,"done":17} or {"boot":1795368600000,"from":18}. Returns the size. */
size_t radio_message_write_flow(const struct radio_flow *flow, char ret[static RADIO_MESSAGE_MAX]);
/* -EINVAL: neither. */
int radio_message_read_flow(const char *text, size_t size, struct radio_flow *ret);

/* {"n":5,"t1":...} asks, {"n":5,"t1":...,"boot":...,"t2":...,"t3":...} answers; see radio-clock.h. */
size_t radio_message_write_clock(
	const struct radio_clock_answer *clock, bool is_answer, char ret[static RADIO_MESSAGE_MAX]);
/* 1: an answer, 0: a question, -EINVAL: neither. t4_us is not set. */
int radio_message_read_clock(const char *text, size_t size, struct radio_clock_answer *ret);

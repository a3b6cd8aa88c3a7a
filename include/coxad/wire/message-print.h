// SPDX-License-Identifier: MIT
#pragma once
/* Messages as text: the lines of --print and --replay, and the mark of an event that was late. Pure.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/wire/message.h"

/* One line with its newline, the topic printed in full. Returns the length, or -ENOBUFS. */
int message_print_line(const struct message *message, char *buffer, size_t size);
/* The payload with ,"late_ms":N before its last brace. Returns the length, -ENOBUFS, or -EINVAL if
 * the payload is not an object. */
int message_print_late(
	const char *payload, size_t size, int64_t late_ms, char *buffer, size_t capacity);

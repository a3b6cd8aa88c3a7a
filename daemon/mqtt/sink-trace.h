// SPDX-License-Identifier: MIT
#pragma once
/* Entries of the outbox in words. A topic may name an athlete: only the trace, which is at debug
 * level, has it.
 */
struct outbox_entry;
struct sink_mqtt;

void sink_trace_entry(const struct sink_mqtt *sink, const struct outbox_entry *entry,
	const char *what, int reason);
/* For the journal: its id, or its kind. */
const char *sink_trace_name(const struct outbox_entry *entry);

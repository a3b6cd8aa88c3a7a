// SPDX-License-Identifier: MIT
#pragma once
/* The links of all wearables. One whose wearable was removed from the configuration ends in good order
 * and is freed then; its place is free until another wearable has that index. */
#include "daemon/bluez/source-bluez-private.h"

#define SOURCE_BLUEZ_CANDIDATES_MAX (CONF_WEARABLES_MAX * 2)

/* -errno. */
int source_bluez_links_add(
	struct source_bluez *source, unsigned wearable, const struct bluez_link_ops *ops);
void source_bluez_links_remove(struct source_bluez *source, unsigned wearable);
/* Frees those that have ended. Not from a link's callback. */
void source_bluez_links_sweep(struct source_bluez *source);
void source_bluez_links_configure(struct source_bluez *source);
void source_bluez_links_bus_lost(struct source_bluez *source);
void source_bluez_links_stop(struct source_bluez *source);
bool source_bluez_links_are_stopped(const struct source_bluez *source);
void source_bluez_links_free(struct source_bluez *source);

/* NULL: none that is configured. */
struct bluez_link *source_bluez_links_find(const struct source_bluez *source, const char *address);
size_t source_bluez_links_candidates(const struct source_bluez *source,
	struct slots_candidate ret[static SOURCE_BLUEZ_CANDIDATES_MAX]);
void source_bluez_links_adapters(
	const struct source_bluez *source, struct slots_adapter ret[static SLOTS_ADAPTERS_MAX]);
/* Those that take up a slot of the adapter, without one. */
unsigned source_bluez_links_count(
	const struct source_bluez *source, const struct bluez_adapter *adapter, unsigned except);
void source_bluez_links_demand(const struct source_bluez *source,
	const struct bluez_adapter *adapter, struct bluez_radio_demand *ret);

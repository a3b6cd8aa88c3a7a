// SPDX-License-Identifier: MIT
#include "daemon/bluez/source-bluez-links.h"

#include <string.h>

#include "coxad/loop/clock.h"
#include "daemon/bluez/source-bluez-private.h"

/* False: nobody there, or removed from the configuration and about to end. */
static bool is_kept(const struct source_bluez *source, size_t i)
{
	if (i >= CONF_WEARABLES_MAX)
		return source->link[i] && !source->is_trial_ending[i - CONF_WEARABLES_MAX];
	return source->link[i] && !source->context.conf->wearable[i].is_gone;
}

int source_bluez_links_add(
	struct source_bluez *source, unsigned wearable, const struct bluez_link_ops *ops)
{
	int r;

	source->link[wearable] = bluez_link_free(source->link[wearable]);
	r = bluez_link_new(&source->context, wearable, ops, source, &source->link[wearable]);
	if (r >= 0 && source->n_links <= wearable)
		source->n_links = wearable + 1;
	return r;
}

void source_bluez_links_remove(struct source_bluez *source, unsigned wearable)
{
	if (source->link[wearable])
		bluez_link_stop(source->link[wearable]);
}

void source_bluez_links_sweep(struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links && i < CONF_WEARABLES_MAX; i++)
		if (source->link[i] && source->context.conf->wearable[i].is_gone &&
			bluez_link_state(source->link[i]) == LINK_STATE_STOPPED)
			source->link[i] = bluez_link_free(source->link[i]);
}

size_t source_bluez_links_candidates(const struct source_bluez *source,
	struct slots_candidate ret[static SOURCE_BLUEZ_CANDIDATES_MAX])
{
	size_t n = 0, end;

	for (size_t i = 0; i < source->n_links && !source->context.is_stopping; i++) {
		if (!is_kept(source, i))
			continue;
		end = n + bluez_link_candidates(
				  source->link[i], &ret[n], SOURCE_BLUEZ_CANDIDATES_MAX - n);
		while (n < end)
			ret[n++].wearable = (unsigned)i;
	}
	return n;
}

void source_bluez_links_adapters(
	const struct source_bluez *source, struct slots_adapter ret[static SLOTS_ADAPTERS_MAX])
{
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		ret[i] = (struct slots_adapter){
			.is_usable = source->radio[i] && bluez_radio_is_usable(source->radio[i])};
	for (size_t i = 0; i < source->n_links; i++) {
		const struct bluez_adapter *adapter =
			source->link[i] ? bluez_link_adapter(source->link[i]) : NULL;

		if (!adapter)
			continue;
		ret[adapter->slot].in_use++;
		ret[adapter->slot].is_connecting |=
			bluez_link_state(source->link[i]) == LINK_STATE_CONNECTING;
	}
}

struct bluez_link *source_bluez_links_find(const struct source_bluez *source, const char *address)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (is_kept(source, i) && strcmp(bluez_link_address(source->link[i]), address) == 0)
			return source->link[i];
	return NULL;
}

/* Without a connection, and to be scanned for. */
static bool is_missing(enum link_state state)
{
	switch (state) {
	case LINK_STATE_ABSENT:
	case LINK_STATE_SEEN:
	case LINK_STATE_CONNECTING:
	case LINK_STATE_DRAINING:
	case LINK_STATE_BACKOFF:
		return true;
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
	case LINK_STATE_QUARANTINED:
	case LINK_STATE_STOPPED:
		break;
	}
	return false;
}

static void add_connection(struct bluez_radio_demand *demand, const struct bluez_link *link)
{
	int64_t alive_us = bluez_link_alive_us(link);

	demand->linked++;
	demand->stalled += bluez_link_state(link) == LINK_STATE_STALLED;
	demand->sign_us = alive_us > demand->sign_us ? alive_us : demand->sign_us;
}

static bool has_others(const struct source_bluez *source, const struct bluez_adapter *adapter)
{
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i] && bluez_radio_is_usable(source->radio[i]) &&
			bluez_radio_adapter(source->radio[i]) != adapter &&
			!bluez_radio_adapter(source->radio[i])->is_silent)
			return true;
	return false;
}

void source_bluez_links_demand(const struct source_bluez *source,
	const struct bluez_adapter *adapter, struct bluez_radio_demand *ret)
{
	*ret = (struct bluez_radio_demand){.connecting = -1,
		.has_others = has_others(source, adapter),
		.wants_all = source->sightings && !source->context.is_stopping,
		.sign_us = adapter ? bluez_radio_heard_us(source->radio[adapter->slot]) : 0};
	for (unsigned i = 0; i < source->n_links; i++) {
		enum link_state state;

		if (!source->link[i])
			continue;
		state = bluez_link_state(source->link[i]);
		ret->is_missing |=
			is_kept(source, i) && is_missing(state) && !source->context.is_stopping;
		ret->is_unsettled |=
			is_kept(source, i) && (is_missing(state) || state == LINK_STATE_RESOLVING ||
						      state == LINK_STATE_PREPARING);
		if (!adapter || bluez_link_adapter(source->link[i]) != adapter)
			continue;
		add_connection(ret, source->link[i]);
		if (state == LINK_STATE_CONNECTING)
			ret->connecting = (int)i;
	}
	ret->is_linked = ret->linked &&
			 clock_now_us() - ret->sign_us < source->context.timing.adapter_silent_us;
}

void source_bluez_links_configure(struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (is_kept(source, i))
			bluez_link_configure(source->link[i]);
}

unsigned source_bluez_links_count(
	const struct source_bluez *source, const struct bluez_adapter *adapter, unsigned except)
{
	unsigned n = 0;

	for (size_t i = 0; i < source->n_links; i++)
		n += i != except && source->link[i] &&
		     bluez_link_adapter(source->link[i]) == adapter;
	return n;
}

void source_bluez_links_bus_lost(struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (source->link[i])
			bluez_link_bus_lost(source->link[i]);
}

void source_bluez_links_stop(struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (source->link[i])
			bluez_link_stop(source->link[i]);
}

bool source_bluez_links_are_stopped(const struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (source->link[i] && bluez_link_state(source->link[i]) != LINK_STATE_STOPPED)
			return false;
	return true;
}

void source_bluez_links_free(struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		source->link[i] = bluez_link_free(source->link[i]);
}

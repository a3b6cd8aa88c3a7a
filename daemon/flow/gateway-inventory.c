// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-inventory.h"

#include "coxad/base/alloc.h"
#include "coxad/base/hash.h"
#include "coxad/base/units.h"
#include "coxad/wire/message-inventory.h"
#include "daemon/flow/gateway-deliver.h"

#define INTERVAL_US US_PER_S

_Static_assert(DRIVER_ORDERS <= MESSAGE_INVENTORY_ORDERS_MAX, "each order has its place");

static const char *const order_names[DRIVER_ORDERS] = {
	[DRIVER_ORDER_IDENTIFY] = "identify", [DRIVER_ORDER_HAPTIC] = "haptic"};

static bool can(const struct gateway *g, unsigned wearable, enum driver_order_kind order)
{
	struct driver_step step;

	return intake_order(g->wearable[wearable].intake, order, 1, 0, &step) > 0;
}

static void describe(
	const struct gateway *g, unsigned wearable, struct message_inventory_wearable *ret)
{
	const struct intake *intake = g->wearable[wearable].intake;
	const struct driver *driver = intake_driver(intake);

	*ret = (struct message_inventory_wearable){
		.streams = intake_streams(intake), .radio = intake_radio(intake)};
	if (!driver)
		return;
	ret->driver = driver->id;
	for (unsigned i = 0; i < DRIVER_ORDERS; i++)
		if (can(g, wearable, (enum driver_order_kind)i))
			ret->orders[ret->n_orders++] = order_names[i];
}

static int encode(struct gateway *g, struct message *ret)
{
	struct message_inventory_wearable wearables[CONF_WEARABLES_MAX];

	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		describe(g, i, &wearables[i]);
	return message_inventory_encode(g->encoder, g->now_us, wearables, ret);
}

void gateway_inventory_changed(struct gateway *g)
{
	g->inventory.is_dirty = true;
}

/* A sum of all that makes the entry of a wearable, so that its text is only made when it differs. */
static uint64_t sum_of(const struct message_inventory_wearable *w)
{
	uint64_t sum = hash_text(HASH_START, w->driver ? w->driver : "");

	sum = hash_bytes(sum, &w->streams, sizeof(w->streams));
	sum = hash_text(sum, w->radio ? w->radio : "");
	for (unsigned i = 0; i < w->n_orders; i++)
		sum = hash_text(sum, w->orders[i]);
	return sum;
}

void gateway_inventory_look(struct gateway *g, unsigned wearable)
{
	struct message_inventory_wearable now;
	uint64_t sum;

	describe(g, wearable, &now);
	sum = sum_of(&now);
	if (g->wearable[wearable].inventory_sum == sum)
		return;
	g->wearable[wearable].inventory_sum = sum;
	gateway_inventory_changed(g);
}

int64_t gateway_inventory_deadline(const struct gateway *g)
{
	return g->inventory.is_dirty ? g->inventory.next_us : T_NEVER;
}

void gateway_inventory_advance(struct gateway *g)
{
	struct message message;
	uint64_t sum;

	if (gateway_inventory_deadline(g) > g->now_us)
		return;
	g->inventory.is_dirty = false;
	if (encode(g, &message) < 0)
		return;
	sum = hash_bytes(HASH_START, message.payload, message.size);
	if (sum == g->inventory.sum)
		return;
	g->inventory.sum = sum;
	g->inventory.next_us = g->now_us + INTERVAL_US;
	gateway_deliver(g, &message);
}

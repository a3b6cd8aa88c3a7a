// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-plan.h"

#include <errno.h>

#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-peer.h"

static int on_plan(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	const struct bluez_plan *self = user;
	const struct bluez_context *context = self->context;
	struct bluez_peer peer;

	if (!*self->device)
		return -ENOTCONN;
	bluez_peer_describe(&peer, context->conf, self->wearable, *self->device);
	return context->ops->plan(context->user, self->wearable, &peer.driver, plan, index, ret);
}

static int on_properties(void *user, const struct uuid *uuid)
{
	const struct bluez_plan *self = user;

	return *self->device ? bluez_peer_properties(*self->device, uuid) : -ENOENT;
}

static void on_profile(void *user, struct link_profile *ret)
{
	const struct bluez_plan *self = user;
	const struct bluez_context *context = self->context;

	*ret = bluez_peer_profile(context->ops->driver(context->user, self->wearable));
}

const struct link_ops bluez_plan_ops = {on_plan, on_properties, on_profile};

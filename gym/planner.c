// SPDX-License-Identifier: MIT
#include "gym/planner.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/drivers/driver-list.h"

struct planner {
	struct device *device;
	const struct driver *driver;
	void *state;
	enum placement placement;
	double rate_hz;
	unsigned mtu, index;
	enum driver_plan plan;
};

struct planner *planner_new(struct device *device, enum placement placement, double rate_hz)
{
	struct planner *p = new0(struct planner);
	size_t n;
	const struct device_characteristic *c = device_characteristics(device, &n);

	p->device = device;
	p->placement = placement;
	p->rate_hz = rate_hz;
	for (size_t i = 0; i < n && !p->driver; i++)
		p->driver = driver_list_find_by_characteristic(&c[i].uuid);
	if (p->driver)
		p->state = alloc_zero(1, p->driver->state_size);
	return p;
}

struct planner *planner_free(struct planner *p)
{
	if (p)
		free(p->state);
	free(p);
	return NULL;
}

const struct driver *planner_driver(const struct planner *p)
{
	return p->driver;
}

void planner_connected(struct planner *p, unsigned mtu)
{
	p->mtu = mtu;
	if (p->driver && p->driver->connected)
		p->driver->connected(p->state, mtu);
}

void planner_begin(struct planner *p, enum driver_plan plan)
{
	p->plan = plan;
	p->index = 0;
}

static unsigned index_of(const struct planner *p, const struct uuid *uuid)
{
	size_t n, i = 0;
	const struct device_characteristic *c = device_characteristics(p->device, &n);

	while (i < n && !uuid_is_equal(&c[i].uuid, uuid))
		i++;
	return (unsigned)i;
}

static int take_step(struct planner *p, int64_t t_us, const struct driver_step *step,
	struct device_pdu *ret_read)
{
	unsigned c = index_of(p, &step->characteristic);
	size_t n;
	const struct device_characteristic *all = device_characteristics(p->device, &n);
	int size;

	if (c >= n)
		return -1;
	switch (step->kind) {
	case DRIVER_STEP_READ:
		size = device_read(p->device, t_us, c, ret_read->value);
		if (size < 0)
			return size;
		ret_read->characteristic = c;
		ret_read->size = (size_t)size;
		planner_received(
			p, t_us, DRIVER_ORIGIN_READ, ret_read, (struct planner_sink){NULL, NULL});
		return 0;
	case DRIVER_STEP_SUBSCRIBE:
		device_subscribe(p->device, t_us, c, all[c].properties & DEVICE_NOTIFY ? 1 : 2);
		return 0;
	case DRIVER_STEP_WRITE:
	case DRIVER_STEP_WRITE_COMMAND:
		return device_write(p->device, t_us, c, step->bytes, step->size);
	case DRIVER_STEP_WAIT:
		break;
	}
	return 0;
}

int64_t planner_step(
	struct planner *p, int64_t t_us, int64_t interval_us, struct device_pdu *ret_read)
{
	size_t n;
	const struct device_characteristic *all = device_characteristics(p->device, &n);
	_auto_free_ struct uuid *uuids = alloc_zero(n, sizeof(*uuids));
	struct driver_peer peer = {.characteristics = uuids,
		.n_characteristics = n,
		.mtu = p->mtu,
		.rate_hz = p->rate_hz,
		.wants_acoustic = p->placement == PLACEMENT_ROOM,
		.wants_pops = placement_is_pad(p->placement)};
	struct driver_step step = {0};

	ret_read->size = 0;
	for (size_t i = 0; i < n; i++)
		uuids[i] = all[i].uuid;
	if (p->driver->plan(p->state, &peer, p->plan, p->index, &step) <= 0)
		return T_NEVER;
	p->index++;
	if (step.kind == DRIVER_STEP_WAIT)
		return t_us + (int64_t)step.wait_ms * US_PER_MS;
	if (take_step(p, t_us, &step, ret_read) < 0 && !step.is_optional)
		return -1;
	return t_us + interval_us;
}

static void drop_record(const struct record *record, void *user)
{
}

int planner_received(struct planner *p, int64_t arrival_us, enum driver_origin origin,
	const struct device_pdu *pdu, struct planner_sink sink)
{
	size_t n;
	const struct uuid *uuid = &device_characteristics(p->device, &n)[pdu->characteristic].uuid;
	struct driver_input in = {uuid, origin, pdu->value, pdu->size, arrival_us};

	return p->driver->decode(p->state, &in, sink.emit ? sink.emit : drop_record, sink.user);
}

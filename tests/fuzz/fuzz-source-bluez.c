// SPDX-License-Identifier: MIT
/* The whole BlueZ source, with its links, radios, streams and agent, against a bluetoothd that says
 * anything in any order while time goes on. The first bytes of the input are the configuration, then
 * each byte is something that happens. Whatever it is: data only while connected, none in clear where
 * that is forbidden, no bond is removed, nothing spins or is left behind, and an orderly end comes to
 * its end.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/core/health.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/intake.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/source-bluez-private.h"
#include "tests/fuzz/fuzz-main.h"
#include "tests/fuzz/fuzz-packets.h"
#include "tests/fuzz/hostile-bluez.h"
#include "tests/fuzz/hostile-value.h"
#include "tests/fuzz/virtual-bus.h"
#include "tests/fuzz/virtual-event.h"

#define SOCKETS_MAX 64
#define STEPS_MAX   400
#define MINUTE_US   (60 * (int64_t)US_PER_S)

struct world {
	sd_event *loop;
	struct conf conf;
	struct analysis_conf analysis;
	struct source_bluez *source;
	struct intake *intake[HOSTILE_BLUEZ_WEARABLES];
	bool is_up[HOSTILE_BLUEZ_WEARABLES];
	int socket[SOCKETS_MAX];
	size_t n_sockets;
	bool is_stopping;
};

static struct world world;

static void complain(const char *what)
{
	fprintf(stderr, "fuzz-source-bluez: %s\n", what);
	abort();
}

/* --- what the source does --- */

static void on_event(void *user, const struct capture_event *event)
{
	int which = -1;

	for (unsigned i = 0; i < HOSTILE_BLUEZ_WEARABLES; i++)
		if (strcmp(world.conf.wearable[i].address, event->address) == 0)
			which = (int)i;
	if (which < 0 || world.conf.wearable[which].is_gone || event->t_us > clock_now_us())
		complain("an event of nobody, or of the future");
	if (event->kind == CAPTURE_CONNECTED) {
		if (world.is_up[which])
			complain("connected twice");
		world.is_up[which] = true;
		intake_connected(world.intake[which], event->t_us, event->mtu);
	} else if (event->kind == CAPTURE_RSSI) {
		intake_rssi(world.intake[which], event->t_us, event->rssi_dbm);
	} else if (!world.is_up[which]) {
		complain("data or an end without a connection");
	} else if (event->kind == CAPTURE_DISCONNECTED) {
		world.is_up[which] = false;
		intake_disconnected(world.intake[which], event->t_us);
	} else {
		if (event->size > CAPTURE_VALUE_MAX)
			complain("a value longer than a capture can hold");
		if (world.conf.bluetooth.require_encryption && !hostile_value_has_bonded())
			complain("data in clear");
		intake_bytes(world.intake[which],
			&(struct driver_input){&event->characteristic,
				event->kind == CAPTURE_READ ? DRIVER_ORIGIN_READ
							    : DRIVER_ORIGIN_NOTIFY,
				event->value, event->size, event->t_us});
	}
}

/* Six parameters: those of gateway_plan. */
static int on_plan(void *user, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	return intake_plan(world.intake[wearable], peer, plan, index, ret);
}

static const struct driver *on_driver(void *user, unsigned wearable)
{
	return intake_driver(world.intake[wearable]);
}

static void on_problem(void *user, unsigned wearable, enum wearable_problem problem)
{
	if (wearable >= HOSTILE_BLUEZ_WEARABLES)
		complain("a problem of nobody");
}

static void on_adapters_changed(void *user)
{
	const char *address[SLOTS_ADAPTERS_MAX];

	if (world.source && source_bluez_adapters(world.source, address, SLOTS_ADAPTERS_MAX) >
				    SLOTS_ADAPTERS_MAX)
		complain("more adapters than there is room for");
}

static void on_health(void *user, const struct health_report *report)
{
	if (report->text && (!report->subject[0] || !report->text[0]))
		complain("a problem without words");
}

static const struct source_bluez_ops ops = {
	on_event, on_plan, on_driver, on_problem, on_adapters_changed, NULL, on_health, NULL};

static void on_call(DBusMessage *call)
{
	const char *path;

	if (!dbus_message_has_member(call, "RemoveDevice") || !world.source ||
		!dbus_message_get_args(call, NULL, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID))
		return;
	for (struct bluez_device *d = bluez_objects_devices(world.source->context.objects); d;
		d = d->next)
		if (strcmp(d->node.path, path) == 0 && d->is_bonded)
			complain("a bond is removed");
}

static void on_record(void *user, const struct record *record)
{
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
}

static const struct intake_ops intake_ops = {on_record, on_changed};

/* --- what happens --- */

static void answer(struct bytes *input, unsigned how)
{
	size_t n = virtual_bus_calls(), index;
	DBusMessage *call, *reply;
	int fd = -1;

	if (!n)
		return;
	index = how & 0x80 ? bytes_u8(input) % n : 0;
	call = virtual_bus_call(index);
	reply = how % 3 == 0   ? hostile_bluez_answer(call, input, &fd)
		: how % 3 == 1 ? hostile_bluez_error(call, input)
			       : hostile_bluez_nonsense(call, input);
	if (fd >= 0 && world.n_sockets < SOCKETS_MAX)
		world.socket[world.n_sockets++] = fd;
	else if (fd >= 0)
		close(fd);
	virtual_bus_answer(index, reply);
}

/* As by a bluetoothd that is well: each call as it wishes. The input: the wearables' state, which
 * objects there are, the first of their characteristics. */
static void answer_all(struct bytes *input)
{
	uint8_t what[4] = {bytes_u8(input), bytes_u8(input), bytes_u8(input)};

	for (unsigned i = 0; i < 32 && virtual_bus_calls(); i++) {
		struct bytes same = bytes_of(what, sizeof(what));

		answer(&same, 0);
		virtual_event_advance(world.loop, clock_now_us() + US_PER_MS);
	}
}

static void name_owner_changed(const char *owner)
{
	const char *name = "org.bluez", *before = "";
	DBusMessage *signal =
		dbus_message_new_signal(DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "NameOwnerChanged");

	dbus_message_append_args(signal, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING, &before,
		DBUS_TYPE_STRING, &owner, DBUS_TYPE_INVALID);
	virtual_bus_deliver(signal);
}

static void use_socket(struct bytes *input)
{
	unsigned which = bytes_u8(input);
	size_t size = bytes_u8(input);
	const uint8_t *data = size <= bytes_left(input) ? bytes_take(input, size) : NULL;

	if (!world.n_sockets)
		return;
	which %= (unsigned)world.n_sockets;
	if (size == UINT8_MAX)
		shutdown(world.socket[which], SHUT_RDWR);
	else if (data)
		send(world.socket[which], data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A message as it is on the wire, with its length before it. */
static void raw_signal(struct bytes *input)
{
	size_t size = bytes_le16(input);
	const char *data = size <= bytes_left(input) ? (const char *)bytes_take(input, size) : NULL;
	DBusMessage *message = data ? dbus_message_demarshal(data, (int)size, NULL) : NULL;

	if (!message)
		return;
	dbus_message_set_sender(message, VIRTUAL_BUS_BLUETOOTHD);
	virtual_bus_deliver(message);
}

static void write_to(struct bytes *input)
{
	struct driver_step step = {.kind = DRIVER_STEP_WRITE, .size = 2};
	unsigned wearable = bytes_u8(input) % (HOSTILE_BLUEZ_WEARABLES + 1);

	if (wearable < HOSTILE_BLUEZ_WEARABLES)
		intake_plan(world.intake[wearable], &(struct driver_peer){.mtu = 23},
			DRIVER_PLAN_START, bytes_u8(input) % 8, &step);
	source_bluez_write(world.source, wearable, &step);
}

static void bus_event(unsigned what)
{
	switch (what % 4) {
	case 0:
		virtual_bus_cut();
		break;
	case 1:
		virtual_bus_set_up(what & 4);
		break;
	case 2:
		name_owner_changed("");
		break;
	default:
		name_owner_changed(what & 4 ? VIRTUAL_BUS_BLUETOOTHD : ":1.8");
	}
}

/* Its link ends in good order, and nothing more is said of it. */
static void remove_one(unsigned which, struct conf_change *change)
{
	if (world.conf.wearable[which].is_gone)
		return;
	world.conf.wearable[which].is_gone = true;
	world.conf.wearable[which].kit = CONF_NO_KIT;
	change->wearable[which] = CONF_FATE_REMOVED;
	world.is_up[which] = false;
}

static void configure(unsigned what)
{
	static struct conf_change change;

	change = (struct conf_change){0};
	if (what >= 224)
		remove_one(what % HOSTILE_BLUEZ_WEARABLES, &change);
	world.conf.bluetooth.slots = 1 + what % 7;
	world.conf.bluetooth.notify = (enum notify_mode)(what / 8 % 3);
	source_bluez_reload(world.source, &change);
}

static void happen(struct bytes *input)
{
	static DBusMessage *(*const says[])(struct bytes *) = {hostile_bluez_signal,
		hostile_bluez_arrival, hostile_bluez_connected, hostile_bluez_resolved,
		hostile_bluez_value, hostile_bluez_pairing};
	unsigned what = bytes_u8(input);

	switch (what % 16) {
	case 0:
		virtual_event_advance(world.loop, clock_now_us() + bytes_u8(input) * US_PER_MS);
		break;
	case 1:
		virtual_event_advance(
			world.loop, clock_now_us() + bytes_u8(input) * (int64_t)US_PER_S);
		break;
	case 2:
	case 3:
		answer(input, bytes_u8(input));
		break;
	case 4:
	case 5:
		answer_all(input);
		break;
	case 6:
		use_socket(input);
		break;
	case 7:
		raw_signal(input);
		break;
	case 8:
		write_to(input);
		break;
	case 9:
		bus_event(bytes_u8(input));
		break;
	case 10:
		what = bytes_u8(input);
		if (what == 0 && !world.is_stopping)
			source_bluez_stop(world.source);
		else
			configure(what);
		world.is_stopping |= what == 0;
		break;
	default:
		virtual_bus_deliver(says[what / 16 % ARRAY_LEN(says)](input));
	}
}

/* --- one run --- */

static void set_up(struct bytes *input)
{
	unsigned what = bytes_u8(input), version = bytes_u8(input);
	size_t n_drivers;
	const struct driver *const *drivers = driver_list(&n_drivers);

	journal_start(LOG_EMERG);
	world = (struct world){.loop = virtual_event_new()};
	hostile_value_reset();
	virtual_bus_on_call(on_call);
	analysis_conf_default(&world.analysis);
	world.conf.bluetooth.slots = 7;
	world.conf.bluetooth.notify = (enum notify_mode)(what % 3);
	world.conf.bluetooth.pairing = what & 4 ? PAIRING_MODE_CONFIGURED : PAIRING_MODE_NEVER;
	world.conf.bluetooth.require_encryption = what & 8;
	world.conf.n_wearables = HOSTILE_BLUEZ_WEARABLES;
	for (unsigned i = 0; i < HOSTILE_BLUEZ_WEARABLES; i++) {
		const struct driver *driver = i == 2 ? NULL : drivers[(version + i) % n_drivers];

		hostile_bluez_address(i, world.conf.wearable[i].address);
		world.conf.wearable[i].bond = what & 16u << i;
		world.conf.wearable[i].placement = i ? PLACEMENT_PELVIS : PLACEMENT_HIP_LEFT;
		world.intake[i] = intake_new(i, driver, &world.analysis, &intake_ops, NULL);
	}
}

static void end(void)
{
	int64_t until_us;

	if (!source_bluez_is_alive(world.source))
		complain("it hangs");
	if (!world.is_stopping)
		source_bluez_stop(world.source);
	until_us = clock_now_us() + 2 * MINUTE_US;
	while (!source_bluez_is_stopped(world.source) && clock_now_us() < until_us) {
		virtual_event_advance(world.loop, clock_now_us() + US_PER_S / 4);
		virtual_bus_time_out();
	}
	if (!source_bluez_is_stopped(world.source))
		complain("it does not stop");
	world.source = source_bluez_free(world.source);
	for (unsigned i = 0; i < HOSTILE_BLUEZ_WEARABLES; i++) {
		if (world.is_up[i])
			complain("it left a connection");
		intake_free(world.intake[i]);
	}
	for (size_t i = 0; i < world.n_sockets; i++) {
		struct pollfd p = {.fd = world.socket[i], .events = POLLRDHUP};

		if (poll(&p, 1, 0) != 1 || !(p.revents & (POLLHUP | POLLRDHUP)))
			complain("it left a socket open");
		close(world.socket[i]);
	}
	virtual_event_free(world.loop);
	virtual_bus_reset();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct source_bluez_options options = {.conf = &world.conf};

	set_up(&input);
	options.loop = world.loop;
	if (source_bluez_new(&options, &ops, NULL, &world.source) < 0)
		abort();
	for (unsigned i = 0; i < STEPS_MAX && bytes_left(&input) > 0; i++) {
		happen(&input);
		virtual_bus_time_out();
		virtual_event_advance(world.loop, clock_now_us());
	}
	end();
	return 0;
}

/* --- seeds --- */

const unsigned fuzz_slowness = 8;

/* Where a driver's characteristics begin among those of all drivers. */
static uint8_t first_of(const struct driver *driver)
{
	static struct fuzz_packets_table all, own;
	uint8_t first = 0;

	fuzz_packets_init(&all, NULL);
	fuzz_packets_init(&own, driver);
	while (first < all.n && !uuid_is_equal(&all.uuid[first], &own.uuid[0]))
		first++;
	return first;
}

/* bluetoothd comes, the first wearable is found, connects, resolves, streams by a socket and by
 * signals, and leaves; then bluetoothd dies and comes again. */
size_t fuzz_seed(unsigned index, uint8_t ret[static FUZZ_SEED_MAX])
{
	size_t n_drivers;
	const struct driver *const *drivers = driver_list(&n_drivers);
	uint8_t first = index < 4 * n_drivers ? first_of(drivers[index % n_drivers]) : 0;
	const uint8_t life[] = {(uint8_t)(index * 7),
		(uint8_t)(index % n_drivers),     /* configuration */
		4, 8, 15, first, 4, 8, 15, first, /* the bus, bluetoothd */
		0x1b, 0, 8, 4, 9, 15, first, 0x2b, 0, 13, 0x2b, 0,
		15, /* it is there, and connects */
		4, 11, 15, first, 0, 100, 4, 11, 15, first, 0, 100, 4, 15, 15, first, /* its plan */
		0, 250, 4, 15, 15, first, 6, 0, 6, 1, 2, 3, 4, 5, 6, 6, 1, 4, 9, 9, 9, 9, /* data */
		0x4b, 0, 0, 4, 1, 2, 3, 4, 0x4b, 0, 1, 2, 1, 2, 8, 0, 3, 4, 15, 15, first, 6, 0,
		255, 1, 3, 4, 15, 15, first, 1, 30, 3, 1, 2, 4, /* a socket closes, an error */
		0x2b, 0, 8, 1, 10, 4, 8, 15, first, 9, 2, 9, 3, 4, 9, 15, first, 9, 0, 1, 20, 4, 8,
		15, first, 10, 9, 10, 0, 4, 8, 15, first};

	if (index >= 4 * n_drivers)
		return 0;
	memcpy(ret, life, sizeof(life));
	return sizeof(life);
}

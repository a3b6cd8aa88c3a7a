// SPDX-License-Identifier: MIT
#include "gym/door-vhci.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "gym/hci-controller.h"
#include "gym/peripheral.h"

const char door_vhci_orders[] = "lose DEVICE     its link ends as by supervision timeout\n"
				"forget DEVICE   its bond is gone\n"
				"fail N STATUS   the next N connections fail with this HCI status\n"
				"silent          the controller answers nothing any more\n"
				"answer          it answers again\n"
				"unplug          the adapter is gone\n"
				"plug            it is there again\n"
				"stop            the end\n"
				"DEVICE is an address, or all\n";

#define PACKETS_KEPT 8 /* what the kernel may say before the device is made known */

struct door {
	const struct door_vhci_options *options;
	struct gym *gym;
	int fd, control;
	int64_t start_us;
	size_t n;
	struct peripheral **peripheral;
	unsigned *subscriptions; /* as last logged */
	struct hci_controller *controller;
	size_t command_at;
	bool is_stopped;
	char order[128];
	size_t order_size;
};

static int64_t now_us(const struct door *door)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000 - door->start_us;
}

static void note(const struct door *door, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void note(const struct door *door, const char *format, ...)
{
	va_list ap;

	if (!door->options->log)
		return;
	fprintf(door->options->log, "%.3f ", (double)now_us(door) / 1e6);
	va_start(ap, format);
	vfprintf(door->options->log, format, ap);
	va_end(ap);
	fputc('\n', door->options->log);
	fflush(door->options->log);
}

static struct device *device_of(const struct door *door, unsigned peer)
{
	return peripheral_device(door->peripheral[peer]);
}

static void peer_address(unsigned peer, struct hci_address *ret, void *user)
{
	peripheral_address(((struct door *)user)->peripheral[peer], ret);
}

static size_t peer_advert(unsigned peer, uint8_t ret[31], void *user)
{
	return device_advert(device_of(user, peer), ret);
}

static size_t peer_scan_response(unsigned peer, uint8_t ret[31], void *user)
{
	return device_scan_response(device_of(user, peer), ret);
}

static int64_t peer_advert_interval_us(unsigned peer, void *user)
{
	return device_advert_interval_us(device_of(user, peer));
}

static int peer_rssi_dbm(unsigned peer, int64_t t_us, void *user)
{
	return device_rssi_dbm(device_of(user, peer), t_us);
}

static bool peer_is_reachable(unsigned peer, int64_t t_us, void *user)
{
	return device_is_reachable(device_of(user, peer), t_us);
}

static void peer_radio(unsigned peer, double *ret_loss, int64_t *ret_supervision_us, void *user)
{
	const struct device_radio *radio = device_radio(device_of(user, peer));

	*ret_loss = radio->loss;
	*ret_supervision_us = radio->supervision_us;
}

static void peer_connected(unsigned peer, int64_t t_us, const struct hci_address *central,
	int64_t interval_us, void *user)
{
	struct door *door = user;

	peripheral_connected(door->peripheral[peer], t_us, central, interval_us);
	note(door, "connected %s interval_ms=%.2f", device_address(device_of(door, peer)),
		(double)interval_us / 1e3);
}

static void peer_disconnected(unsigned peer, int64_t t_us, void *user)
{
	struct door *door = user;

	peripheral_disconnected(door->peripheral[peer], t_us);
	door->subscriptions[peer] = 0;
	note(door, "disconnected %s", device_address(device_of(door, peer)));
}

static void peer_received(
	unsigned peer, int64_t t_us, const uint8_t *frame, size_t size, void *user)
{
	struct door *door = user;
	unsigned n;

	peripheral_received(door->peripheral[peer], t_us, frame, size);
	n = peripheral_subscriptions(door->peripheral[peer]);
	if (n == door->subscriptions[peer])
		return;
	door->subscriptions[peer] = n;
	note(door, "subscribed %s to=%u mtu=%u encrypted=%s", device_address(device_of(door, peer)),
		n, peripheral_mtu(door->peripheral[peer]),
		peripheral_is_encrypted(door->peripheral[peer]) ? "yes" : "no");
}

static size_t peer_transmit(unsigned peer, int64_t t_us, uint8_t ret[HCI_FRAME_MAX], void *user)
{
	return peripheral_transmit(((struct door *)user)->peripheral[peer], t_us, ret);
}

static bool peer_key(unsigned peer, uint8_t ret[16], void *user)
{
	return peripheral_key(((struct door *)user)->peripheral[peer], ret);
}

static void peer_encrypted(unsigned peer, int64_t t_us, void *user)
{
	struct door *door = user;

	peripheral_encrypted(door->peripheral[peer], t_us);
	note(door, "encrypted %s", device_address(device_of(door, peer)));
}

static const struct hci_peer_ops peer_ops = {
	.address = peer_address,
	.advert = peer_advert,
	.scan_response = peer_scan_response,
	.advert_interval_us = peer_advert_interval_us,
	.rssi_dbm = peer_rssi_dbm,
	.is_reachable = peer_is_reachable,
	.radio = peer_radio,
	.connected = peer_connected,
	.disconnected = peer_disconnected,
	.received = peer_received,
	.transmit = peer_transmit,
	.key = peer_key,
	.encrypted = peer_encrypted,
};

static void to_host(const uint8_t *packet, size_t size, void *user)
{
	struct door *door = user;

	if (door->fd >= 0 && write(door->fd, packet, size) != (ssize_t)size)
		note(door, "the kernel took no packet: %s", strerror(errno));
}

/* hci_vhci makes an hciN on request and answers with its number. The kernel's first commands may
 * come before that answer: they are kept and then obeyed.
 */
static int plug(struct door *door)
{
	const char *path = door->options->device ? door->options->device : "/dev/vhci";
	static const uint8_t create[2] = {HCI_PACKET_VENDOR, 0x00}; /* a primary controller */
	uint8_t packet[PACKETS_KEPT][HCI_ACL_MAX + 8];
	ssize_t size[PACKETS_KEPT];
	unsigned n = 0;

	door->fd = open(path, O_RDWR | O_CLOEXEC);
	if (door->fd < 0)
		return -errno;
	if (write(door->fd, create, sizeof(create)) != sizeof(create))
		goto refused;
	for (;;) {
		size[n] = read(door->fd, packet[n], sizeof(packet[n]));
		if (size[n] <= 0)
			goto refused;
		if (packet[n][0] == HCI_PACKET_VENDOR && size[n] >= 4)
			break;
		if (++n == PACKETS_KEPT)
			goto refused;
	}
	note(door, "adapter hci%u", hci_get_le16(packet[n] + 2));
	if (fcntl(door->fd, F_SETFL, O_NONBLOCK) < 0)
		goto refused;
	for (unsigned i = 0; i < n; i++)
		hci_controller_host_packet(
			door->controller, now_us(door), packet[i], (size_t)size[i]);
	return 0;
refused:
	close(door->fd);
	door->fd = -1;
	return -EIO;
}

static void read_host(struct door *door)
{
	uint8_t packet[HCI_ACL_MAX + 1024];
	ssize_t size;

	while (door->fd >= 0 && (size = read(door->fd, packet, sizeof(packet))) > 0)
		hci_controller_host_packet(door->controller, now_us(door), packet, (size_t)size);
}

/* The adapter goes as a dongle does: its links go with it, and it wakes up without a memory. */
static void unplug(struct door *door)
{
	static const uint8_t reset[4] = {HCI_PACKET_COMMAND, (uint8_t)HCI_RESET, HCI_RESET >> 8, 0};

	if (door->fd < 0)
		return;
	close(door->fd);
	door->fd = -1;
	hci_controller_host_packet(door->controller, now_us(door), reset, sizeof(reset));
}

static int order_devices(struct door *door, const char *verb, const char *who)
{
	unsigned n = 0;

	for (unsigned i = 0; i < door->n; i++) {
		if (strcmp(who, "all") != 0 &&
			strcasecmp(who, device_address(device_of(door, i))) != 0)
			continue;
		n++;
		if (strcmp(verb, "lose") == 0)
			hci_controller_lose_link(door->controller, now_us(door), i);
		else
			peripheral_forget(door->peripheral[i]);
	}
	return n > 0 ? 0 : -ENODEV;
}

static int obey(struct door *door, char *line)
{
	char verb[16] = "", who[24] = "", status[16] = "";
	int n = sscanf(line, "%15s %23s %15s", verb, who, status);

	if (n == 2 && (strcmp(verb, "lose") == 0 || strcmp(verb, "forget") == 0))
		return order_devices(door, verb, who);
	if (n == 3 && strcmp(verb, "fail") == 0)
		hci_controller_fail_connects(door->controller, (unsigned)strtoul(who, NULL, 0),
			(enum hci_status)strtoul(status, NULL, 0));
	else if (n == 1 && strcmp(verb, "silent") == 0)
		hci_controller_set_silent(door->controller, true);
	else if (n == 1 && strcmp(verb, "answer") == 0)
		hci_controller_set_silent(door->controller, false);
	else if (n == 1 && strcmp(verb, "unplug") == 0)
		unplug(door);
	else if (n == 1 && strcmp(verb, "plug") == 0)
		return door->fd < 0 ? plug(door) : -EALREADY;
	else if (n == 1 && strcmp(verb, "stop") == 0)
		door->is_stopped = true;
	else
		return -EINVAL;
	return 0;
}

static void read_orders(struct door *door)
{
	char byte;

	while (read(door->control, &byte, 1) == 1) {
		int r;

		if (byte != '\n') {
			if (door->order_size + 1 < sizeof(door->order))
				door->order[door->order_size++] = byte;
			continue;
		}
		door->order[door->order_size] = '\0';
		door->order_size = 0;
		r = obey(door, door->order);
		note(door, "order %s: %s", door->order, r < 0 ? strerror(-r) : "done");
	}
}

/* Returns when the next command is due. */
static int64_t send_commands(struct door *door)
{
	const char *topic, *payload;
	int64_t t_us;

	while (door->options->command &&
		gym_command(door->gym, door->command_at, &t_us, &topic, &payload)) {
		if (t_us > now_us(door))
			return t_us;
		note(door, "command %s", topic);
		door->options->command(topic, payload, door->options->user);
		door->command_at++;
	}
	return INT64_MAX;
}

static void wait_until(struct door *door, int64_t t_us, int signals)
{
	struct pollfd fds[] = {
		{.fd = signals, .events = POLLIN},
		{.fd = door->fd, .events = POLLIN},
		{.fd = door->control, .events = POLLIN},
	};
	int64_t left_us = t_us - now_us(door);
	struct timespec ts = {.tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000};

	if (left_us < 0)
		ts = (struct timespec){0};
	if (ppoll(fds, 3, &ts, NULL) <= 0)
		return;
	if (fds[0].revents)
		door->is_stopped = true;
	if (fds[1].revents)
		read_host(door);
	if (fds[2].revents)
		read_orders(door);
}

static void play(struct door *door, int signals)
{
	int64_t script_us = gym_end_us(door->gym);
	int64_t end_us = script_us + (int64_t)(door->options->stay_s * 1e6);

	while (!door->is_stopped && now_us(door) < end_us) {
		int64_t command_us = send_commands(door), next_us;

		if (now_us(door) >= script_us) {
			note(door, "ended");
			script_us = INT64_MAX;
		}
		hci_controller_advance(door->controller, now_us(door));
		next_us = hci_controller_next(door->controller);
		if (command_us < next_us)
			next_us = command_us;
		if (script_us < next_us)
			next_us = script_us;
		wait_until(door, next_us < end_us ? next_us : end_us, signals);
	}
}

static int open_control(const struct door *door)
{
	if (!door->options->control)
		return -1;
	if (mkfifo(door->options->control, 0600) < 0 && errno != EEXIST)
		return -1;
	/* Both ends: a writer that leaves is no end of file. */
	return open(door->options->control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

int door_vhci_run(struct gym *gym, const struct door_vhci_options *options)
{
	struct hci_controller_options controller = {
		.address = {.b = {0x01, 0x00, 0x00, 0x00, 0xa5, 0xc0}},
		.n_peers = (unsigned)gym_n_devices(gym),
		.seed = options->seed,
	};
	struct door door = {.options = options, .gym = gym, .fd = -1, .n = gym_n_devices(gym)};
	sigset_t mask, before;
	int signals, r;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &before);
	signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	door.start_us = now_us(&door);
	door.control = open_control(&door);
	door.peripheral = alloc_zero(door.n + 1, sizeof(*door.peripheral));
	door.subscriptions = alloc_zero(door.n + 1, sizeof(*door.subscriptions));
	for (size_t i = 0; i < door.n; i++)
		door.peripheral[i] = peripheral_new(gym_get_device(gym, i));
	door.controller = hci_controller_new(&controller, &peer_ops, to_host, &door);
	r = plug(&door);
	if (r == 0) {
		play(&door, signals);
		if (hci_controller_refused(door.controller) > 0)
			note(&door, "packets refused: %u", hci_controller_refused(door.controller));
		if (hci_controller_unknown(door.controller) != 0)
			note(&door, "last unknown command: %04x",
				hci_controller_unknown(door.controller));
		unplug(&door);
	}
	hci_controller_free(door.controller);
	for (size_t i = 0; i < door.n; i++)
		peripheral_free(door.peripheral[i]);
	free(door.peripheral);
	free(door.subscriptions);
	if (door.control >= 0)
		close(door.control);
	if (signals >= 0)
		close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

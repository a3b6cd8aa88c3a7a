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

const char door_vhci_orders[] =
	"  lose DEVICE     its link is lost, as by a supervision timeout\n"
	"  forget DEVICE   it loses its bond\n"
	"  fail N STATUS   the next N connections fail with this HCI status\n"
	"  silent          the controller stops answering\n"
	"  answer          it answers again\n"
	"  unplug          the adapter is removed\n"
	"  plug            it is plugged in again\n"
	"  stop            ends the program\n"
	"  DEVICE is an address, or all\n";

#define PACKET_MAX   (HCI_ACL_MAX + 1024)
#define PACKETS_KEPT 8 /* what the kernel can send before it has told us the number of the hciN */

struct vhci {
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

static int64_t now_us(const struct vhci *vhci)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000 - vhci->start_us;
}

static void note(const struct vhci *vhci, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void note(const struct vhci *vhci, const char *format, ...)
{
	va_list ap;

	if (!vhci->options->log)
		return;
	fprintf(vhci->options->log, "%.3f ", (double)now_us(vhci) / 1e6);
	va_start(ap, format);
	vfprintf(vhci->options->log, format, ap);
	va_end(ap);
	fputc('\n', vhci->options->log);
	fflush(vhci->options->log);
}

static struct device *device_of(const struct vhci *vhci, unsigned peer)
{
	return peripheral_device(vhci->peripheral[peer]);
}

static void peer_address(unsigned peer, struct hci_address *ret, void *user)
{
	peripheral_address(((struct vhci *)user)->peripheral[peer], ret);
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
	struct vhci *vhci = user;

	peripheral_connected(vhci->peripheral[peer], t_us, central, interval_us);
	note(vhci, "connected %s interval_ms=%.2f", device_address(device_of(vhci, peer)),
		(double)interval_us / 1e3);
}

static void peer_disconnected(unsigned peer, int64_t t_us, void *user)
{
	struct vhci *vhci = user;

	peripheral_disconnected(vhci->peripheral[peer], t_us);
	vhci->subscriptions[peer] = 0;
	note(vhci, "disconnected %s", device_address(device_of(vhci, peer)));
}

static void peer_received(
	unsigned peer, int64_t t_us, const uint8_t *frame, size_t size, void *user)
{
	struct vhci *vhci = user;
	unsigned n;

	peripheral_received(vhci->peripheral[peer], t_us, frame, size);
	n = peripheral_subscriptions(vhci->peripheral[peer]);
	if (n == vhci->subscriptions[peer])
		return;
	vhci->subscriptions[peer] = n;
	note(vhci, "subscribed %s to=%u mtu=%u encrypted=%s", device_address(device_of(vhci, peer)),
		n, peripheral_mtu(vhci->peripheral[peer]),
		peripheral_is_encrypted(vhci->peripheral[peer]) ? "yes" : "no");
}

static size_t peer_transmit(unsigned peer, int64_t t_us, uint8_t ret[HCI_FRAME_MAX], void *user)
{
	return peripheral_transmit(((struct vhci *)user)->peripheral[peer], t_us, ret);
}

static bool peer_key(unsigned peer, uint8_t ret[16], void *user)
{
	return peripheral_key(((struct vhci *)user)->peripheral[peer], ret);
}

static void peer_encrypted(unsigned peer, int64_t t_us, void *user)
{
	struct vhci *vhci = user;

	peripheral_encrypted(vhci->peripheral[peer], t_us);
	note(vhci, "encrypted %s", device_address(device_of(vhci, peer)));
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
	struct vhci *vhci = user;

	if (vhci->fd >= 0 && write(vhci->fd, packet, size) != (ssize_t)size)
		note(vhci, "the kernel refused a packet: %s", strerror(errno));
}

/* hci_vhci creates an hciN on request and answers with its number. The kernel's first commands can
 * come before that answer: they are kept and carried out afterwards. Returns the number of kept
 * packets.
 */
static int create_adapter(
	struct vhci *vhci, uint8_t packet[PACKETS_KEPT][PACKET_MAX], size_t size[PACKETS_KEPT])
{
	static const uint8_t create[2] = {HCI_PACKET_VENDOR, 0x00}; /* a primary controller */

	if (write(vhci->fd, create, sizeof(create)) != sizeof(create))
		return -EIO;
	for (int n = 0; n < PACKETS_KEPT; n++) {
		ssize_t got = read(vhci->fd, packet[n], PACKET_MAX);

		if (got <= 0)
			return -EIO;
		size[n] = (size_t)got;
		if (packet[n][0] == HCI_PACKET_VENDOR && got >= 4) {
			note(vhci, "adapter hci%u", hci_get_le16(packet[n] + 2));
			return n;
		}
	}
	return -EIO;
}

static int plug(struct vhci *vhci)
{
	const char *path = vhci->options->device ? vhci->options->device : "/dev/vhci";
	uint8_t packet[PACKETS_KEPT][PACKET_MAX];
	size_t size[PACKETS_KEPT];
	int n;

	vhci->fd = open(path, O_RDWR | O_CLOEXEC);
	if (vhci->fd < 0)
		return -errno;
	n = create_adapter(vhci, packet, size);
	if (n < 0 || fcntl(vhci->fd, F_SETFL, O_NONBLOCK) < 0) {
		close(vhci->fd);
		vhci->fd = -1;
		return -EIO;
	}
	for (int i = 0; i < n; i++)
		hci_controller_host_packet(vhci->controller, now_us(vhci), packet[i], size[i]);
	return 0;
}

static void read_host(struct vhci *vhci)
{
	uint8_t packet[PACKET_MAX];
	ssize_t size;

	while (vhci->fd >= 0 && (size = read(vhci->fd, packet, sizeof(packet))) > 0)
		hci_controller_host_packet(vhci->controller, now_us(vhci), packet, (size_t)size);
}

/* The adapter is pulled out like a dongle: its links are lost, and it remembers nothing. */
static void unplug(struct vhci *vhci)
{
	static const uint8_t reset[4] = {HCI_PACKET_COMMAND, (uint8_t)HCI_RESET, HCI_RESET >> 8, 0};

	if (vhci->fd < 0)
		return;
	close(vhci->fd);
	vhci->fd = -1;
	hci_controller_host_packet(vhci->controller, now_us(vhci), reset, sizeof(reset));
}

static int order_devices(struct vhci *vhci, const char *verb, const char *who)
{
	unsigned n = 0;

	for (unsigned i = 0; i < vhci->n; i++) {
		if (strcmp(who, "all") != 0 &&
			strcasecmp(who, device_address(device_of(vhci, i))) != 0)
			continue;
		n++;
		if (strcmp(verb, "lose") == 0)
			hci_controller_lose_link(vhci->controller, now_us(vhci), i);
		else
			peripheral_forget(vhci->peripheral[i]);
	}
	return n > 0 ? 0 : -ENODEV;
}

static int run_order(struct vhci *vhci, char *line)
{
	char verb[16] = "", who[24] = "", status[16] = "";
	int n = sscanf(line, "%15s %23s %15s", verb, who, status);

	if (n == 2 && (strcmp(verb, "lose") == 0 || strcmp(verb, "forget") == 0))
		return order_devices(vhci, verb, who);
	if (n == 3 && strcmp(verb, "fail") == 0)
		hci_controller_fail_connects(vhci->controller, (unsigned)strtoul(who, NULL, 0),
			(enum hci_status)strtoul(status, NULL, 0));
	else if (n == 1 && strcmp(verb, "silent") == 0)
		hci_controller_set_silent(vhci->controller, true);
	else if (n == 1 && strcmp(verb, "answer") == 0)
		hci_controller_set_silent(vhci->controller, false);
	else if (n == 1 && strcmp(verb, "unplug") == 0)
		unplug(vhci);
	else if (n == 1 && strcmp(verb, "plug") == 0)
		return vhci->fd < 0 ? plug(vhci) : -EALREADY;
	else if (n == 1 && strcmp(verb, "stop") == 0)
		vhci->is_stopped = true;
	else
		return -EINVAL;
	return 0;
}

static void read_orders(struct vhci *vhci)
{
	char byte;

	while (read(vhci->control, &byte, 1) == 1) {
		int r;

		if (byte != '\n') {
			if (vhci->order_size + 1 < sizeof(vhci->order))
				vhci->order[vhci->order_size++] = byte;
			continue;
		}
		vhci->order[vhci->order_size] = '\0';
		vhci->order_size = 0;
		r = run_order(vhci, vhci->order);
		note(vhci, "order %s: %s", vhci->order, r < 0 ? strerror(-r) : "done");
	}
}

/* Returns when the next command is due. */
static int64_t send_commands(struct vhci *vhci)
{
	struct gym_command command;

	while (vhci->options->command && gym_get_command(vhci->gym, vhci->command_at, &command)) {
		if (command.t_us > now_us(vhci))
			return command.t_us;
		note(vhci, "command %s", command.topic);
		vhci->options->command(command.topic, command.payload, vhci->options->user);
		vhci->command_at++;
	}
	return INT64_MAX;
}

static void wait_until(struct vhci *vhci, int64_t t_us, int signals)
{
	struct pollfd fds[] = {
		{.fd = signals, .events = POLLIN},
		{.fd = vhci->fd, .events = POLLIN},
		{.fd = vhci->control, .events = POLLIN},
	};
	int64_t left_us = t_us - now_us(vhci);
	struct timespec ts = {.tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000};

	if (left_us < 0)
		ts = (struct timespec){0};
	if (ppoll(fds, 3, &ts, NULL) <= 0)
		return;
	if (fds[0].revents)
		vhci->is_stopped = true;
	if (fds[1].revents)
		read_host(vhci);
	if (fds[2].revents)
		read_orders(vhci);
}

static void play(struct vhci *vhci, int signals)
{
	int64_t script_us = gym_end_us(vhci->gym);
	int64_t end_us = script_us + (int64_t)(vhci->options->stay_s * 1e6);

	while (!vhci->is_stopped && now_us(vhci) < end_us) {
		int64_t command_us = send_commands(vhci), next_us;

		if (now_us(vhci) >= script_us) {
			note(vhci, "ended");
			script_us = INT64_MAX;
		}
		hci_controller_advance(vhci->controller, now_us(vhci));
		next_us = hci_controller_next(vhci->controller);
		if (command_us < next_us)
			next_us = command_us;
		if (script_us < next_us)
			next_us = script_us;
		wait_until(vhci, next_us < end_us ? next_us : end_us, signals);
	}
}

static int open_control(const struct vhci *vhci)
{
	if (!vhci->options->control)
		return -1;
	if (mkfifo(vhci->options->control, 0600) < 0 && errno != EEXIST)
		return -1;
	/* Both ends, so that it does not end when a writer closes it. */
	return open(vhci->options->control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static void init(struct vhci *vhci)
{
	struct hci_controller_options controller = {
		.address = {.b = {0x01, 0x00, 0x00, 0x00, 0xa5, 0xc0}},
		.n_peers = (unsigned)vhci->n,
		.seed = vhci->options->seed,
	};

	vhci->start_us = now_us(vhci);
	vhci->control = open_control(vhci);
	vhci->peripheral = alloc_zero(vhci->n + 1, sizeof(*vhci->peripheral));
	vhci->subscriptions = alloc_zero(vhci->n + 1, sizeof(*vhci->subscriptions));
	for (size_t i = 0; i < vhci->n; i++)
		vhci->peripheral[i] = peripheral_new(gym_get_device(vhci->gym, i));
	vhci->controller = hci_controller_new(&controller, &peer_ops, to_host, vhci);
}

static void note_refusals(const struct vhci *vhci)
{
	unsigned refused = hci_controller_refused(vhci->controller);
	unsigned unknown = hci_controller_unknown(vhci->controller);

	if (refused > 0)
		note(vhci, "packets refused: %u", refused);
	if (unknown != 0)
		note(vhci, "last unknown command: %04x", unknown);
}

static void done(struct vhci *vhci)
{
	hci_controller_free(vhci->controller);
	for (size_t i = 0; i < vhci->n; i++)
		peripheral_free(vhci->peripheral[i]);
	free(vhci->peripheral);
	free(vhci->subscriptions);
	if (vhci->control >= 0)
		close(vhci->control);
}

int door_vhci_run(struct gym *gym, const struct door_vhci_options *options)
{
	struct vhci vhci = {.options = options, .gym = gym, .fd = -1, .n = gym_n_devices(gym)};
	sigset_t mask, before;
	int signals, r;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &before);
	signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	init(&vhci);
	r = plug(&vhci);
	if (r == 0) {
		play(&vhci, signals);
		note_refusals(&vhci);
		unplug(&vhci);
	}
	done(&vhci);
	if (signals >= 0)
		close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

// SPDX-License-Identifier: MIT
#include "gym/vhci-adapter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MAX   (HCI_ACL_MAX + 1024)
#define PACKETS_KEPT 8 /* what the kernel can send before it has told us the number of the hciN */

/* Each adapter hears some wearables better than the others do: they spread. */
#define NEARER_DB 10

int64_t vhci_adapter_now_us(const struct vhci *vhci)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000 - vhci->start_us;
}

void vhci_adapter_note(const struct vhci *vhci, const char *format, ...)
{
	va_list ap;

	if (!vhci->options->log)
		return;
	fprintf(vhci->options->log, "%.3f ", (double)vhci_adapter_now_us(vhci) / 1e6);
	va_start(ap, format);
	vfprintf(vhci->options->log, format, ap);
	va_end(ap);
	fputc('\n', vhci->options->log);
	fflush(vhci->options->log);
}

struct device *vhci_adapter_device(const struct vhci *vhci, unsigned peer)
{
	return peripheral_device(vhci->peripheral[peer]);
}

static struct vhci *vhci_of(void *user)
{
	return ((struct vhci_adapter *)user)->vhci;
}

static void peer_address(unsigned peer, struct hci_address *ret, void *user)
{
	peripheral_address(vhci_of(user)->peripheral[peer], ret);
}

static size_t peer_advert(unsigned peer, uint8_t ret[31], void *user)
{
	return device_advert(vhci_adapter_device(vhci_of(user), peer), ret);
}

static size_t peer_scan_response(unsigned peer, uint8_t ret[31], void *user)
{
	return device_scan_response(vhci_adapter_device(vhci_of(user), peer), ret);
}

static int64_t peer_advert_interval_us(unsigned peer, void *user)
{
	return device_advert_interval_us(vhci_adapter_device(vhci_of(user), peer));
}

static int peer_rssi_dbm(unsigned peer, int64_t t_us, void *user)
{
	const struct vhci_adapter *adapter = user;
	bool is_near = peer % adapter->vhci->n_adapters == adapter->index;

	return device_rssi_dbm(vhci_adapter_device(adapter->vhci, peer), t_us) -
	       (is_near ? 0 : NEARER_DB);
}

static bool peer_is_reachable(unsigned peer, int64_t t_us, void *user)
{
	const struct vhci_adapter *adapter = user, *holder = adapter->vhci->holder[peer];

	/* With a link, it advertises to nobody else. */
	return (!holder || holder == adapter) &&
	       device_is_reachable(vhci_adapter_device(adapter->vhci, peer), t_us);
}

static void peer_radio(unsigned peer, double *ret_loss, int64_t *ret_supervision_us, void *user)
{
	const struct device_radio *radio = device_radio(vhci_adapter_device(vhci_of(user), peer));

	*ret_loss = radio->loss;
	*ret_supervision_us = radio->supervision_us;
}

static void peer_connected(unsigned peer, int64_t t_us, const struct hci_address *central,
	int64_t interval_us, void *user)
{
	struct vhci *vhci = vhci_of(user);

	vhci->holder[peer] = user;
	peripheral_connected(vhci->peripheral[peer], t_us, central, interval_us);
	vhci_adapter_note(vhci, "connected %s interval_ms=%.2f adapter=%u",
		device_address(vhci_adapter_device(vhci, peer)), (double)interval_us / 1e3,
		vhci->holder[peer]->index);
}

static void peer_disconnected(unsigned peer, int64_t t_us, void *user)
{
	struct vhci *vhci = vhci_of(user);

	vhci->holder[peer] = NULL;
	peripheral_disconnected(vhci->peripheral[peer], t_us);
	vhci->subscriptions[peer] = 0;
	vhci_adapter_note(vhci, "disconnected %s", device_address(vhci_adapter_device(vhci, peer)));
}

static void peer_received(
	unsigned peer, int64_t t_us, const uint8_t *frame, size_t size, void *user)
{
	struct vhci *vhci = vhci_of(user);
	unsigned n;

	peripheral_received(vhci->peripheral[peer], t_us, frame, size);
	n = peripheral_subscriptions(vhci->peripheral[peer]);
	if (n == vhci->subscriptions[peer])
		return;
	vhci->subscriptions[peer] = n;
	vhci_adapter_note(vhci, "subscribed %s to=%u mtu=%u encrypted=%s",
		device_address(vhci_adapter_device(vhci, peer)), n,
		peripheral_mtu(vhci->peripheral[peer]),
		peripheral_is_encrypted(vhci->peripheral[peer]) ? "yes" : "no");
}

static size_t peer_transmit(unsigned peer, int64_t t_us, uint8_t ret[HCI_FRAME_MAX], void *user)
{
	return peripheral_transmit(vhci_of(user)->peripheral[peer], t_us, ret);
}

static bool peer_key(unsigned peer, uint8_t ret[16], void *user)
{
	return peripheral_key(vhci_of(user)->peripheral[peer], ret);
}

static void peer_encrypted(unsigned peer, int64_t t_us, void *user)
{
	struct vhci *vhci = vhci_of(user);

	peripheral_encrypted(vhci->peripheral[peer], t_us);
	vhci_adapter_note(vhci, "encrypted %s", device_address(vhci_adapter_device(vhci, peer)));
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
	struct vhci_adapter *adapter = user;

	if (adapter->fd >= 0 && write(adapter->fd, packet, size) != (ssize_t)size)
		vhci_adapter_note(
			adapter->vhci, "the kernel refused a packet: %s", strerror(errno));
}

/* hci_vhci creates an hciN on request and answers with its number. The kernel's first commands can
 * come before that answer: they are kept and carried out afterwards. Returns the number of kept
 * packets.
 */
static int create_adapter(struct vhci_adapter *adapter, uint8_t packet[PACKETS_KEPT][PACKET_MAX],
	size_t size[PACKETS_KEPT])
{
	static const uint8_t create[2] = {HCI_PACKET_VENDOR, 0x00}; /* a primary controller */

	if (write(adapter->fd, create, sizeof(create)) != sizeof(create))
		return -EIO;
	for (int n = 0; n < PACKETS_KEPT; n++) {
		ssize_t got = read(adapter->fd, packet[n], PACKET_MAX);

		if (got <= 0)
			return -EIO;
		size[n] = (size_t)got;
		if (packet[n][0] == HCI_PACKET_VENDOR && got >= 4) {
			vhci_adapter_note(
				adapter->vhci, "adapter hci%u", hci_get_le16(packet[n] + 2));
			return n;
		}
	}
	return -EIO;
}

int vhci_adapter_plug(struct vhci_adapter *adapter)
{
	const char *path =
		adapter->vhci->options->device ? adapter->vhci->options->device : "/dev/vhci";
	uint8_t packet[PACKETS_KEPT][PACKET_MAX];
	size_t size[PACKETS_KEPT];
	int n;

	adapter->fd = open(path, O_RDWR | O_CLOEXEC);
	if (adapter->fd < 0)
		return -errno;
	n = create_adapter(adapter, packet, size);
	if (n < 0 || fcntl(adapter->fd, F_SETFL, O_NONBLOCK) < 0) {
		close(adapter->fd);
		adapter->fd = -1;
		return -EIO;
	}
	for (int i = 0; i < n; i++)
		hci_controller_host_packet(adapter->controller, vhci_adapter_now_us(adapter->vhci),
			packet[i], size[i]);
	return 0;
}

void vhci_adapter_read(struct vhci_adapter *adapter)
{
	uint8_t packet[PACKET_MAX];
	ssize_t size;

	while (adapter->fd >= 0 && (size = read(adapter->fd, packet, sizeof(packet))) > 0)
		hci_controller_host_packet(adapter->controller, vhci_adapter_now_us(adapter->vhci),
			packet, (size_t)size);
}

void vhci_adapter_unplug(struct vhci_adapter *adapter)
{
	static const uint8_t reset[4] = {HCI_PACKET_COMMAND, (uint8_t)HCI_RESET, HCI_RESET >> 8, 0};

	if (adapter->fd < 0)
		return;
	close(adapter->fd);
	adapter->fd = -1;
	hci_controller_set_silent(adapter->controller, false);
	hci_controller_host_packet(
		adapter->controller, vhci_adapter_now_us(adapter->vhci), reset, sizeof(reset));
}

void vhci_adapter_init(struct vhci *vhci, unsigned index)
{
	struct vhci_adapter *adapter = &vhci->adapter[index];
	struct hci_controller_options controller = {
		.address = {.b = {(uint8_t)(index + 1), 0x00, 0x00, 0x00, 0xa5, 0xc0}},
		.n_peers = (unsigned)vhci->n,
		.links = vhci->options->links,
		.seed = vhci->options->seed + index,
	};

	*adapter = (struct vhci_adapter){.vhci = vhci, .index = index, .fd = -1};
	adapter->controller = hci_controller_new(&controller, &peer_ops, to_host, adapter);
}

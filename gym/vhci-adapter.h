// SPDX-License-Identifier: MIT
#pragma once
/* One adapter of the third door: an hciN of the kernel, with a controller behind it that hears all the
 * gym's wearables. A wearable that has a link with one adapter advertises to no other.
 */
#include "gym/door-vhci.h"
#include "gym/hci-controller.h"
#include "gym/peripheral.h"

#define VHCI_ADAPTERS_MAX 4

struct vhci;

struct vhci_adapter {
	struct vhci *vhci;
	unsigned index;
	int fd; /* -1: unplugged */
	struct hci_controller *controller;
};

struct vhci {
	const struct door_vhci_options *options;
	struct gym *gym;
	int control;
	int64_t start_us;
	size_t n;
	struct peripheral **peripheral;
	unsigned *subscriptions;            /* as last logged */
	const struct vhci_adapter **holder; /* the adapter that has a link with it; NULL: none */
	struct vhci_adapter adapter[VHCI_ADAPTERS_MAX];
	unsigned n_adapters;
	size_t command_at;
	bool is_stopped;
	char order[128];
	size_t order_size;
};

int64_t vhci_adapter_now_us(const struct vhci *vhci);
/* A line for the log, if there is one. */
void vhci_adapter_note(const struct vhci *vhci, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct device *vhci_adapter_device(const struct vhci *vhci, unsigned peer);
/* Unplugged. */
void vhci_adapter_init(struct vhci *vhci, unsigned index);
/* The kernel gets a new hciN; -errno. */
int vhci_adapter_plug(struct vhci_adapter *adapter);
/* The adapter is pulled out like a dongle: its links are lost, and it remembers nothing. */
void vhci_adapter_unplug(struct vhci_adapter *adapter);
/* What the kernel sent. */
void vhci_adapter_read(struct vhci_adapter *adapter);

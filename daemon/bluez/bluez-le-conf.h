// SPDX-License-Identifier: MIT
#pragma once
/* The connection parameters in bluetoothd's main.conf, section [LE]. They are nowhere on the bus, and a
 * link lives or dies by them: the supervision timeout is how long it survives silence. coxad cannot set
 * them, but it can say what to set.
 */
#include <stdbool.h>
#include <stdint.h>

#define BLUEZ_LE_CONF_PATH "/etc/bluetooth/main.conf"

struct bluez_le_conf {
	int64_t interval_min_us, interval_max_us, supervision_us;
	unsigned latency; /* connection events that a wearable may skip */
	bool has_supervision;
	bool is_unread; /* the file could not be read: these are the kernel's defaults */
};

/* What is missing or out of range has the kernel's default. */
void bluez_le_conf_read(const char *path, struct bluez_le_conf *ret);
/* supervision > 2 (1 + latency) interval, Core Vol 6 Part B 4.5.2; the kernel takes no others. */
bool bluez_le_conf_fits(const struct bluez_le_conf *conf);

/* Losses of links that a longer supervision timeout would have spared. */
struct bluez_le_losses {
	int64_t first_us, last_us;
	unsigned n;
	bool has_warned;
};

/* A streaming link was lost. True, once, where that happens often. */
bool bluez_le_conf_lost(struct bluez_le_losses *losses, int64_t now_us);
/* The same; then says so in the journal, unless the file sets a timeout. */
void bluez_le_conf_report_loss(struct bluez_le_losses *losses, const char *path, int64_t now_us);
/* Says so in the journal where the file's values do not fit. */
void bluez_le_conf_report_misfit(const char *path);

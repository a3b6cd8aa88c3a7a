// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-le-conf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/regular-file.h"

/* Core Vol 4 Part E 7.8.12. */
#define INTERVAL_US    1250
#define SUPERVISION_US 10000
/* Linux, net/bluetooth/hci_core.c: le_conn_min_interval, le_conn_max_interval, le_supv_timeout. */
#define INTERVAL_MIN_DEFAULT 24
#define INTERVAL_MAX_DEFAULT 40
#define SUPERVISION_DEFAULT  42

#define LOSSES_TO_WARN 3
#define LOSSES_US      (15 * 60 * (int64_t)US_PER_S)
/* Links that end together end for another reason: an adapter, or bluetoothd. */
#define TOGETHER_US (2 * (int64_t)US_PER_S)

enum key { KEY_MIN, KEY_MAX, KEY_LATENCY, KEY_SUPERVISION, KEYS };

/* The ranges that bluetoothd allows (src/main.c); it ignores what is outside. */
static const struct {
	const char *name;
	long least, most;
} keys[KEYS] = {
	[KEY_MIN] = {"MinConnectionInterval", 6, 3200},
	[KEY_MAX] = {"MaxConnectionInterval", 6, 3200},
	[KEY_LATENCY] = {"ConnectionLatency", 0, 499},
	[KEY_SUPERVISION] = {"ConnectionSupervisionTimeout", 10, 3200},
};

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text;
}

static void take_pair(const char *key, const char *text, long values[static KEYS])
{
	char *end;
	long value = strtol(text, &end, 0);

	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(key, keys[i].name) == 0 && end != text && !*end &&
			value >= keys[i].least && value <= keys[i].most)
			values[i] = value;
}

static void read_lines(FILE *file, long values[static KEYS])
{
	char line[512];
	bool is_ours = false;

	while (fgets(line, sizeof(line), file)) {
		char *text = trim(line), *equals = strchr(text, '=');

		if (*text == '[') {
			is_ours = strcmp(text, "[LE]") == 0;
		} else if (is_ours && *text != '#' && equals) {
			*equals = '\0';
			take_pair(trim(text), trim(equals + 1), values);
		}
	}
}

void bluez_le_conf_read(const char *path, struct bluez_le_conf *ret)
{
	long values[KEYS] = {INTERVAL_MIN_DEFAULT, INTERVAL_MAX_DEFAULT, 0, -1};
	int fd = regular_file_open(path);
	FILE *file = fd >= 0 ? fdopen(fd, "re") : NULL;

	if (file)
		read_lines(file, values);
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	*ret = (struct bluez_le_conf){.interval_min_us = values[KEY_MIN] * INTERVAL_US,
		.interval_max_us = values[KEY_MAX] * INTERVAL_US,
		.latency = (unsigned)values[KEY_LATENCY],
		.has_supervision = values[KEY_SUPERVISION] >= 0,
		.is_unread = !file};
	ret->supervision_us =
		(ret->has_supervision ? values[KEY_SUPERVISION] : SUPERVISION_DEFAULT) *
		SUPERVISION_US;
}

bool bluez_le_conf_fits(const struct bluez_le_conf *conf)
{
	return conf->interval_min_us <= conf->interval_max_us &&
	       conf->supervision_us > 2 * (1 + (int64_t)conf->latency) * conf->interval_max_us;
}

bool bluez_le_conf_lost(struct bluez_le_losses *losses, int64_t now_us)
{
	bool is_together = losses->n && now_us - losses->last_us < TOGETHER_US;

	if (!losses->n || now_us - losses->first_us > LOSSES_US)
		*losses = (struct bluez_le_losses){
			.first_us = now_us, .has_warned = losses->has_warned};
	losses->last_us = now_us;
	if (is_together)
		return false;
	if (++losses->n < LOSSES_TO_WARN || losses->has_warned)
		return false;
	losses->has_warned = true;
	return true;
}

void bluez_le_conf_report_loss(struct bluez_le_losses *losses, const char *path, int64_t now_us)
{
	struct bluez_le_conf conf;

	if (!bluez_le_conf_lost(losses, now_us))
		return;
	bluez_le_conf_read(path, &conf);
	if (conf.has_supervision)
		return;
	journal_write(LOG_WARNING, "bluez",
		"links drop, and %s %s: with bluetoothd's own %d ms a link ends when a body hides a "
		"sensor; see SUPERVISION TIMEOUT in coxad(8)",
		path, conf.is_unread ? "cannot be read" : "sets no ConnectionSupervisionTimeout",
		(int)(conf.supervision_us / US_PER_MS));
}

void bluez_le_conf_report_misfit(const char *path)
{
	struct bluez_le_conf conf;

	bluez_le_conf_read(path, &conf);
	if (!bluez_le_conf_fits(&conf))
		journal_write(LOG_WARNING, "bluez",
			"%s: the connection parameters in [LE] do not fit together, so the kernel "
			"refuses them; see SUPERVISION TIMEOUT in coxad(8)",
			path);
}

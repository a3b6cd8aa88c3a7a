// SPDX-License-Identifier: MIT
#pragma once
/* The source's own state, which its tests look into. */
#include "coxad/bluez/source-bluez.h"
#include "coxad/flow/slots.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-le-conf.h"
#include "daemon/bluez/bluez-link.h"
#include "daemon/bluez/bluez-radio.h"
#include "daemon/bluez/bluez-sightings.h"

struct source_bluez {
	struct bluez_context context;
	struct slots slots;
	sd_event_source *schedule;
	struct bluez_radio *radio[SLOTS_ADAPTERS_MAX]; /* its index is the adapter's slot */
	struct bluez_link *link[CONF_WEARABLES_MAX];   /* in the order of the configuration */
	size_t n_links;
	unsigned odd; /* properties that made no sense, as reported */
	struct journal_limit odd_limit;
	const char *le_conf_path;
	struct bluez_le_losses losses;
	/* Of bluez-silence. */
	sd_event_source *silence_timer; /* NULL: not needed yet */
	int64_t silence_armed_us;       /* when it ends; 0: it does not run */
	/* Of source-bluez-scan. */
	struct bluez_sightings *sightings; /* NULL: nobody looks for new wearables */
	sd_event_source *scan_timer;
};

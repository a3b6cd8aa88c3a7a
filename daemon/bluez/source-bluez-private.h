// SPDX-License-Identifier: MIT
#pragma once
/* The source's own state, which its tests look into. */
#include "coxad/bluez/source-bluez-pair.h"
#include "coxad/bluez/source-bluez-trial.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/flow/slots.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-health.h"
#include "daemon/bluez/bluez-le-conf.h"
#include "daemon/bluez/bluez-link.h"
#include "daemon/bluez/bluez-radio.h"
#include "daemon/bluez/bluez-sightings.h"
#include "daemon/bluez/source-bluez-left.h"

#define SOURCE_BLUEZ_LINKS_MAX (CONF_WEARABLES_MAX + SOURCE_BLUEZ_TRIAL_MAX)

struct source_bluez_trials;

struct source_bluez {
	struct bluez_context context;
	struct slots slots;
	sd_event_source *schedule;
	struct bluez_radio *radio[SLOTS_ADAPTERS_MAX]; /* its index is the adapter's slot */
	/* In the order of the configuration; behind them those on trial. */
	struct bluez_link *link[SOURCE_BLUEZ_LINKS_MAX];
	struct source_bluez_trials *trials; /* NULL: there was none yet */
	bool is_trial_ending[SOURCE_BLUEZ_TRIAL_MAX];
	struct source_bluez_left left;
	size_t n_links;
	unsigned odd; /* properties that made no sense, as reported */
	struct journal_limit odd_limit;
	const char *le_conf_path;
	struct bluez_le_losses losses;
	/* Of bluez-silence. */
	sd_event_source *silence_timer; /* NULL: not needed yet */
	int64_t silence_armed_us;       /* when it ends; 0: it does not run */
	struct bluez_health health;
	/* Of source-bluez-pair. */
	const struct source_bluez_pair_ops *pair_ops; /* NULL: nobody wants to know any more */
	void *pair_user;
	/* Of source-bluez-scan. */
	struct bluez_sightings *sightings; /* NULL: nobody looks for new wearables */
	sd_event_source *scan_timer;
};

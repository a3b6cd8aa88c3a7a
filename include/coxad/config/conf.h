// SPDX-License-Identifier: MIT
#pragma once
/* The configuration, as plain data. conf-table.h has a row for each key, conf-read.h reads the files.
 * The struct owns its strings.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"
#include "coxad/core/analysis.h"
#include "coxad/core/terms.h"

#define CONF_KITS_MAX      64
#define CONF_WEARABLES_MAX 256
#define CONF_HASH_SIZE     17

enum notify_mode { NOTIFY_MODE_AUTO, NOTIFY_MODE_FD, NOTIFY_MODE_SIGNAL };

enum pairing_mode { PAIRING_MODE_NEVER, PAIRING_MODE_CONFIGURED };

struct kit_conf {
	char *name;
	enum exercise exercise; /* EXERCISE_NONE: not set (a kit of room microphones only) */
	char *athlete;          /* NULL: none until a session says so */
};

struct wearable_conf {
	char *name;
	char address[ADDRESS_SIZE]; /* upper case */
	unsigned kit;               /* index */
	enum placement placement;
	char *driver; /* NULL: auto */
	enum notify_mode notify;
	bool has_notify; /* false: as in [bluetooth] */
	bool bond;
};

struct conf {
	struct {
		char *name, *site, *state_directory; /* state_directory NULL: STATE_DIRECTORY */
	} gateway;
	struct {
		char *broker; /* NULL: standard output */
		char *base;
		unsigned version; /* 5 or 4 (3.1.1) */
		char *client_id, *username, *password_credential, *password_file;
		char *ca_file, *certificate_file, *key_file;
		double posture_rate_hz; /* 0..10 */
		double stats_interval_s;
		bool home_assistant;
	} mqtt;
	struct {
		unsigned max_events;
		uint64_t max_bytes;
		double max_age_s;
	} outbox;
	struct {
		char *adapters; /* "all", or addresses separated by spaces or commas */
		unsigned slots;
		enum notify_mode notify;
		bool require_encryption;
		enum pairing_mode pairing;
	} bluetooth;
	struct analysis_conf analysis;
	size_t n_kits;
	struct kit_conf kit[CONF_KITS_MAX];
	size_t n_wearables;
	struct wearable_conf wearable[CONF_WEARABLES_MAX];
	uint16_t by_address[CONF_WEARABLES_MAX]; /* indexes of wearables, by conf_index() */
	/* 16 hex digits over the value of every key. */
	char hash[CONF_HASH_SIZE];
};

struct conf *conf_free(struct conf *conf);
/* Index or -ENOENT. */
int conf_find_kit(const struct conf *conf, const char *name);
int conf_find_wearable(const struct conf *conf, const char *name);
/* In upper or lower case. Called for every packet. */
int conf_find_address(const struct conf *conf, const char *address);
/* Fills by_address for conf_find_address(), once the wearables are complete. */
void conf_index(struct conf *conf);

// SPDX-License-Identifier: MIT
#pragma once
/* The configuration, as plain data. conf-table.h has a row for each key, conf-read.h reads the files.
 * The struct owns its strings.
 */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"
#include "coxad/core/analysis.h"
#include "coxad/core/terms.h"

#define CONF_KITS_MAX      128
#define CONF_WEARABLES_MAX 512
#define CONF_HASH_SIZE     17

/* What this coxad does in a gym with many radios. */
enum gateway_role { GATEWAY_ROLE_ALL, GATEWAY_ROLE_RADIO, GATEWAY_ROLE_BRAIN };

enum notify_mode { NOTIFY_MODE_AUTO, NOTIFY_MODE_FD, NOTIFY_MODE_SIGNAL };

enum pairing_mode { PAIRING_MODE_NEVER, PAIRING_MODE_CONFIGURED };

/* Of a wearable that was removed, or of which only another machine knows whose it is. */
#define CONF_NO_KIT UINT_MAX

/* An entry that was removed while running stays as a tombstone, since what is still to be told
 * refers to its index: see conf-merge.h. */
struct kit_conf {
	char *name;
	bool is_gone;
	int64_t gone_us;
	enum exercise exercise; /* EXERCISE_NONE: not set (a kit of room microphones only) */
	char *athlete;          /* NULL: none until a session says so */
	char *radio;            /* NULL: whichever hears it best */
};

struct wearable_conf {
	char *name;
	bool is_gone;
	int64_t gone_us;
	char address[ADDRESS_SIZE]; /* upper case */
	unsigned kit;               /* index, or CONF_NO_KIT */
	enum placement placement;
	char *driver; /* NULL: auto */
	enum notify_mode notify;
	bool has_notify; /* false: as in [bluetooth] */
	bool bond;
};

struct conf {
	struct {
		char *name, *site, *state_directory; /* state_directory NULL: STATE_DIRECTORY */
		enum gateway_role role;
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
	size_t n_kits; /* tombstones included, as n_wearables */
	struct kit_conf kit[CONF_KITS_MAX];
	size_t n_wearables;
	struct wearable_conf wearable[CONF_WEARABLES_MAX];
	size_t n_present;                        /* wearables that are no tombstones */
	uint16_t by_address[CONF_WEARABLES_MAX]; /* their indexes, by conf_index() */
	/* 16 hex digits over the value of every key. */
	char hash[CONF_HASH_SIZE];
};

struct conf *conf_free(struct conf *conf);
/* Index of one that is there, or -ENOENT. */
int conf_find_kit(const struct conf *conf, const char *name);
int conf_find_wearable(const struct conf *conf, const char *name);
/* In upper or lower case. Called for every packet. */
int conf_find_address(const struct conf *conf, const char *address);
/* Fills by_address for conf_find_address(), once the wearables are complete, or have changed. */
void conf_index(struct conf *conf);

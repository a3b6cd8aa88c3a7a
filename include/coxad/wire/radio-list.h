// SPDX-License-Identifier: MIT
#pragma once
/* radio/<radio>/wearables, retained: all wearables of the gym, and what a radio is to do about each: to
 * serve it, to let it go since another radio is connected to it, or only to say if it is heard. A radio
 * keeps the link of one that it is no longer to serve until it is told to let it go. Pure values.
 *
 *   {"epoch":7,"wearables":[
 *     {"address":"C0:A5:00:00:00:01","serve":true,"placement":"pelvis","kit":"3","driver":"coxa",
 *      "notify":"signal","bond":true},
 *     {"address":"C0:A5:00:00:00:02","radio":"mat-2"},
 *     {"address":"C0:A5:00:00:00:03"}]}
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"
#include "coxad/config/conf.h"
#include "coxad/core/result.h"

#define RADIO_LIST_MAX           (128U * 1024)
#define RADIO_LIST_WEARABLES_MAX 512
#define RADIO_DRIVER_SIZE        33

struct radio_list_wearable {
	char address[ADDRESS_SIZE];
	bool is_served;
	/* As in struct wearable_conf, if it is served. */
	char driver[RADIO_DRIVER_SIZE]; /* empty: auto */
	enum notify_mode notify;
	bool has_notify, bond;
	/* The drivers' plans depend on both: what to subscribe to, whose clocks go together. */
	enum placement placement;
	char kit[NAME_SIZE];   /* empty: unknown */
	char radio[NAME_SIZE]; /* the other one, that is connected to it; empty: none */
};

struct radio_list {
	int64_t epoch; /* of the brain: a greater one has been started since */
	unsigned n;
	struct radio_list_wearable wearable[RADIO_LIST_WEARABLES_MAX];
};

/* Returns the size. */
size_t radio_list_write(const struct radio_list *list, char ret[static RADIO_LIST_MAX]);
/* -EINVAL: it is none, and *ret is undefined. */
int radio_list_read(const char *text, size_t size, struct radio_list *ret);

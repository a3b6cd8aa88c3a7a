// SPDX-License-Identifier: MIT
#pragma once
/* radio/<radio>/heard: which wearables of the brain's list a radio heard since it last said so, and those
 * that it is connected to; sent each second, also without any. Pure values.
 *
 *   {"wearables":[{"address":"C0:A5:00:00:00:01","rssi_dbm":-61,"driver":"coxa","bonded":false,
 *     "connected":true,"problem":null}]}
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"
#include "coxad/core/terms.h"
#include "coxad/wire/radio-list.h"

#define RADIO_HEARD_MAX      (128U * 1024)
#define RADIO_HEARD_NO_RSSI  INT8_MIN
#define RADIO_HEARD_RSSI_MAX 20 /* Core Vol 4 Part E 7.7.65.2 */

struct radio_heard_wearable {
	char address[ADDRESS_SIZE];
	int8_t rssi_dbm; /* RADIO_HEARD_NO_RSSI: unknown; with a problem: not heard */
	char driver[RADIO_DRIVER_SIZE]; /* empty: not known yet */
	bool is_bonded;                 /* the radio has its key */
	bool is_connected;
	enum wearable_problem problem; /* what keeps the radio from connecting */
};

struct radio_heard {
	unsigned n;
	struct radio_heard_wearable wearable[RADIO_LIST_WEARABLES_MAX];
};

/* Returns the size. */
size_t radio_heard_write(const struct radio_heard *heard, char ret[static RADIO_HEARD_MAX]);
/* -EINVAL: it is none, and *ret is undefined. */
int radio_heard_read(const char *text, size_t size, struct radio_heard *ret);

// SPDX-License-Identifier: MIT
#pragma once
/* radio/<radio>/status, retained: how a radio is, and what of it is not at the brain yet. Its will says
 * that it is offline. Pure values.
 *
 *   {"online":true,"version":"1.0","proto":1,"boot":1795368600000,
 *    "adapters":[{"address":"00:1A:7D:DA:71:13","slots":7,"used":3,"limit":0}],
 *    "buffered":{"events":12,"bytes":1400,"oldest_ms":300},"dropped":0,"lost":0,
 *    "problems":[{"code":"adapter_silent","subject":"7113","text":"This Bluetooth adapter ..."}]}
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"
#include "coxad/core/health.h"

#define RADIO_STATUS_MAX          8192
#define RADIO_STATUS_ADAPTERS_MAX 8
#define RADIO_STATUS_VERSION_SIZE 33
#define RADIO_STATUS_PROBLEMS_MAX 8

struct radio_status_adapter {
	char address[ADDRESS_SIZE];
	unsigned slots; /* links that it is meant to have */
	unsigned used;  /* that it has */
	unsigned limit; /* that its controller turned out to have; 0: as many as slots */
};

/* As in struct health_report. */
struct radio_status_problem {
	enum health_code code;
	char subject[NAME_SIZE];
	char text[HEALTH_TEXT_SIZE];
};

struct radio_status {
	bool is_online;
	char version[RADIO_STATUS_VERSION_SIZE];
	int64_t protocol; /* RADIO_BATCH_PROTOCOL; of another, nothing that follows was read */
	int64_t boot;
	unsigned n_adapters;
	struct radio_status_adapter adapter[RADIO_STATUS_ADAPTERS_MAX];
	/* What the brain has not said to be done. */
	int64_t buffered_events, buffered_bytes;
	int64_t oldest_us;     /* its age when this was sent */
	int64_t dropped, lost; /* see radio-buffer.h */
	/* With its adapters and BlueZ; of a code that this coxad does not know, left out. */
	unsigned n_problems;
	struct radio_status_problem problem[RADIO_STATUS_PROBLEMS_MAX];
};

/* Returns the size. */
size_t radio_status_write(const struct radio_status *status, char ret[static RADIO_STATUS_MAX]);
/* -EINVAL: it is none. */
int radio_status_read(const char *text, size_t size, struct radio_status *ret);

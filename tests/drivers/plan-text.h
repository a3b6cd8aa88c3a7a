// SPDX-License-Identifier: MIT
#pragma once
/* A driver's plan as text, one step each: r(ead), s(ubscribe), w(rite), c(ommand, without
 * response), the first four bytes of the UUID, the bytes; or a pause in ms. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/drivers/driver.h"

#define PLAN_CHARACTERISTICS_MAX 16

struct plan_peer {
	struct driver_peer peer;
	enum driver_plan plan;
	struct uuid characteristics[PLAN_CHARACTERISTICS_MAX];
	uint8_t root[6], advert[32];
};

static inline void plan_word(struct plan_peer *p, const char *word)
{
	if (strcmp(word, "start") == 0)
		p->plan = DRIVER_PLAN_START;
	else if (strcmp(word, "poll") == 0)
		p->plan = DRIVER_PLAN_POLL;
	else if (strcmp(word, "stop") == 0)
		p->plan = DRIVER_PLAN_STOP;
	else if (sscanf(word, "mtu=%u", &p->peer.mtu) == 1 ||
		 sscanf(word, "rate=%lf", &p->peer.rate_hz) == 1)
		return;
	else if (strcmp(word, "acoustic") == 0)
		p->peer.wants_acoustic = true;
	else if (strcmp(word, "pops") == 0)
		p->peer.wants_pops = true;
	else if (strncmp(word, "root=", 5) == 0) {
		address_to_bytes(word + 5, p->root);
		p->peer.sync_root = p->root;
	} else if (strncmp(word, "advert=", 7) == 0) {
		/* With its length and type, as in an advertisement. */
		int n = hex_decode(word + 11, strlen(word + 11), p->advert, sizeof(p->advert));

		assert_true(n >= 0);
		p->peer.n_advert = (size_t)n;
		p->peer.advert = p->advert;
	} else if (strncmp(word, "has=", 4) == 0) {
		assert_true(p->peer.n_characteristics < PLAN_CHARACTERISTICS_MAX);
		assert_int_equal(uuid_from_string(word + 4,
					 &p->characteristics[p->peer.n_characteristics++]),
			0);
		p->peer.characteristics = p->characteristics;
	} else {
		fail_msg("not a word of a plan: %s", word);
	}
}

static inline size_t plan_step_to_text(const struct driver_step *step, char *ret, size_t size)
{
	const uint8_t *u = step->characteristic.b;
	size_t at;

	if (step->kind == DRIVER_STEP_WAIT)
		return (size_t)snprintf(ret, size, "%u", step->wait_ms);
	at = (size_t)snprintf(ret, size, "%c %02x%02x%02x%02x%s", "rswc"[step->kind], u[0], u[1],
		u[2], u[3], step -> size ? " " : "");
	assert_true(at + 2 * step->size < size);
	hex_encode(step->bytes, step->size, ret + at);
	return at + 2 * step->size;
}

/* words: start|poll|stop and what is known about the peer, as in vectors.h. */
static inline void plan_to_text(const struct driver *driver, const void *state, const char *words,
	const char *between, char *ret, size_t size)
{
	struct plan_peer p = {0};
	struct driver_step step;
	char *copy = alloc_text(words);
	size_t at = 0;

	for (char *save, *word = strtok_r(copy, " \n", &save); word;
		word = strtok_r(NULL, " \n", &save))
		plan_word(&p, word);
	free(copy);
	ret[0] = 0;
	for (unsigned i = 0; driver->plan(state, &p.peer, p.plan, i, &step) == 1; i++) {
		assert_true(i < 64);
		at += (size_t)snprintf(ret + at, size - at, "%s", i ? between : "");
		at += plan_step_to_text(&step, ret + at, size - at);
		assert_true(at < size);
	}
}

// SPDX-License-Identifier: MIT
/* bench-fleet: what it costs the brain to place 300 wearables on 50 radios, each heard by twelve of them:
 * all at once, in a class that trains, when a radio dies, where links are short; and to take in what the
 * radios say, and to say what would happen without each. Microseconds of this thread's processor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "coxad/base/generator.h"
#include "coxad/base/units.h"
#include "coxad/flow/radio-fleet-radios.h"
#include "coxad/wire/radio-batch.h"

#define RADIOS    50
#define WEARABLES 300
#define HEARD_BY  12
#define ROUNDS    50

struct gym {
	struct conf *conf;
	struct radio_fleet *fleet;
	int64_t now_us;
	unsigned slots;
	uint64_t dice;
	bool hears[WEARABLES][RADIOS];
	int link[WEARABLES]; /* -1: none */
	bool is_dead[RADIOS];
	unsigned n_lists;
};

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void on_list(void *user, const char *radio, const struct radio_list *list)
{
	struct gym *gym = user;

	gym->n_lists++;
}

static void on_health(void *user, const struct health_report *report)
{
}

static const struct radio_fleet_ops ops = {on_list, on_health};

static const char *name_of(unsigned radio)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "mat-%u", radio);
	return name;
}

static void say(struct gym *gym, unsigned radio)
{
	static struct radio_heard heard;
	struct radio_status status = {.is_online = true,
		.protocol = RADIO_BATCH_PROTOCOL,
		.boot = 1,
		.n_adapters = 1,
		.adapter = {{.slots = gym->slots}}};

	heard.n = 0;
	for (unsigned i = 0; i < WEARABLES; i++) {
		bool is_free = gym->link[i] < 0;
		struct radio_heard_wearable *w = &heard.wearable[heard.n];

		if (gym->link[i] != (int)radio && !(is_free && gym->hears[i][radio]))
			continue;
		*w = (struct radio_heard_wearable){
			.rssi_dbm = (int8_t)(-90 + (int)(generator_splitmix(&gym->dice) % 40)),
			.is_connected = !is_free};
		memcpy(w->address, gym->conf->wearable[i].address, sizeof(w->address));
		heard.n++;
	}
	radio_fleet_status(gym->fleet, name_of(radio), &status, false, gym->now_us);
	radio_fleet_heard(gym->fleet, name_of(radio), &heard, gym->now_us);
}

static double say_all(struct gym *gym)
{
	double start_us = cpu_us();

	gym->now_us += US_PER_S;
	for (unsigned r = 0; r < RADIOS; r++)
		if (!gym->is_dead[r])
			say(gym, r);
	return cpu_us() - start_us;
}

static double place(struct gym *gym)
{
	double start_us;

	gym->now_us += RADIO_FLEET_PAUSE_US;
	start_us = cpu_us();
	radio_fleet_advance(gym->fleet, gym->now_us);
	return cpu_us() - start_us;
}

/* Each where the brain wants it. */
static unsigned connect(struct gym *gym)
{
	unsigned n = 0;

	for (unsigned i = 0; i < WEARABLES; i++) {
		const char *where = radio_fleet_where(gym->fleet, i);

		gym->link[i] = where ? atoi(where + strlen("mat-")) : -1;
		n += where != NULL;
	}
	return n;
}

static void open_gym(struct gym *gym, unsigned slots, uint64_t seed)
{
	*gym = (struct gym){.conf = new0(struct conf),
		.now_us = 1000 * (int64_t)US_PER_S,
		.slots = slots,
		.dice = seed};
	gym->conf->n_kits = 1;
	gym->conf->kit[0].name = alloc_text("1");
	gym->conf->n_wearables = WEARABLES;
	for (unsigned i = 0; i < WEARABLES; i++) {
		struct wearable_conf *w = &gym->conf->wearable[i];

		w->name = alloc_printf("w%u", i);
		snprintf(w->address, sizeof(w->address), "C0:A5:00:00:%02X:%02X", i >> 8, i & 255);
		gym->link[i] = -1;
		for (unsigned k = 0; k < HEARD_BY; k++)
			gym->hears[i][generator_splitmix(&gym->dice) % RADIOS] = true;
	}
	conf_index(gym->conf);
	gym->fleet = radio_fleet_new(gym->conf, &ops, gym);
	radio_fleet_start(gym->fleet, 1, gym->now_us);
	gym->now_us += 2 * US_PER_S;
}

static void close_gym(struct gym *gym)
{
	radio_fleet_free(gym->fleet);
	conf_free(gym->conf);
}

struct figure {
	const char *what;
	double sum_us, most_us;
	unsigned n;
};

static void note(struct figure *figure, double us)
{
	figure->sum_us += us;
	figure->most_us = us > figure->most_us ? us : figure->most_us;
	figure->n++;
}

static void print(const struct figure *figure)
{
	printf("%-46s %8.0f us, at most %8.0f\n", figure->what, figure->sum_us / figure->n,
		figure->most_us);
}

static struct figure all_at_once = {.what = "all at once, with 50 lists"},
		     training = {.what = "in a class that trains"},
		     a_death = {.what = "a radio dies"},
		     saying = {.what = "what 50 radios say in a second"},
		     describing = {.what = "what would happen without each"},
		     too_few = {.what = "all at once, a link for two of three"};

static void train(struct gym *gym)
{
	static struct radio_fleet_radios radios;
	double start_us;

	say_all(gym);
	note(&all_at_once, place(gym));
	connect(gym);
	for (unsigned s = 0; s < 5; s++) {
		note(&saying, say_all(gym));
		note(&training, place(gym));
	}
	start_us = cpu_us();
	radio_fleet_radios_describe(gym->fleet, gym->now_us, &radios);
	note(&describing, cpu_us() - start_us);
	gym->is_dead[0] = true;
	for (unsigned i = 0; i < WEARABLES; i++)
		gym->link[i] = gym->link[i] == 0 ? -1 : gym->link[i];
	for (unsigned s = 0; s < 4; s++) {
		say_all(gym);
		note(&a_death, place(gym));
	}
}

int main(void)
{
	static struct gym gym;

	for (unsigned round = 0; round < ROUNDS; round++) {
		open_gym(&gym, 7, round + 1);
		train(&gym);
		close_gym(&gym);
		open_gym(&gym, 4, round + 1);
		say_all(&gym);
		note(&too_few, place(&gym));
		close_gym(&gym);
	}
	printf("%u wearables, %u radios, up to %u of which hear each\n", WEARABLES, RADIOS,
		HEARD_BY);
	print(&all_at_once);
	print(&training);
	print(&a_death);
	print(&too_few);
	print(&saying);
	print(&describing);
	return 0;
}

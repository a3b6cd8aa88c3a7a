// SPDX-License-Identifier: MIT
/* bench-reload [N]: what a reload costs while 100 wearables of 25 kits are configured, from the text of the
 * file to the last message: read and checked, refused or taken, the change published. Each of the N reloads
 * removes a kit of four wearables and adds another one. The loop serves no sample meanwhile, so the longest
 * one is what a sample may be delayed by. All on a simulated clock, an hour between two, so that places
 * become free.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"
#include "coxad/config/conf-reload.h"
#include "coxad/flow/gateway-reconfigure.h"
#include "tests/bench/bench-gym.h"

#define KITS 26
#define WORN 4

static const char *const placements[WORN] = {"pelvis", "thigh-left", "thigh-right", "hip-right"};

static void on_message(void *user, const struct message *message)
{
	unsigned long *messages = user;

	++*messages;
}

static const struct gateway_ops ops = {.message = on_message};

/* The file without one of the kits: 100 wearables are left. */
static char *text_without(const struct conf *conf, unsigned kit)
{
	char *text = conf_print(conf);
	_auto_free_ char *section = alloc_printf("[kit %u]\n", kit);
	_auto_free_ char *next = alloc_printf("[kit %u]\n", kit + 1);
	_auto_free_ char *worn = alloc_printf("[wearable %u-", kit);
	char *from = strstr(text, section), *to = strstr(text, next);

	memmove(from, to, strlen(to) + 1);
	for (unsigned i = 0; i < WORN; i++) {
		from = strstr(text, worn);
		to = strstr(from + 1, "\n[");
		memmove(from, to + 1, strlen(to + 1) + 1);
	}
	return text;
}

static struct conf *read_conf(const char *text)
{
	const struct conf_source source = {"bench", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	if (conf_read(&source, 1, &conf, &errors) < 0) {
		fprintf(stderr, "bench: %s\n", errors.text[0]);
		exit(EXIT_FAILURE);
	}
	conf_errors_done(&errors);
	return conf;
}

static void on_refused(void *user, const char *name, const char *reason)
{
	fprintf(stderr, "bench: %s %s\n", name, reason);
	exit(EXIT_FAILURE);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Milliseconds. */
static double reload(struct gateway *gateway, struct conf *running, const char *text, int64_t t_us)
{
	struct conf_change *change = new0(struct conf_change);
	double began_ms = now_ms(), took_ms;
	struct conf *fresh = read_conf(text);

	conf_reload_refused(running, fresh, t_us, on_refused, NULL);
	gateway_reconfigure(gateway, t_us, fresh, change);
	took_ms = now_ms() - began_ms;
	conf_merge_done(change);
	conf_free(fresh);
	free(change);
	return took_ms;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20;
	struct conf *all = bench_gym_conf(KITS, placements, WORN);
	char *text[2] = {text_without(all, 3), text_without(all, 4)};
	struct conf *conf = read_conf(text[0]);
	unsigned long messages = 0, before;
	struct gateway_settings settings = {.conf = conf, .first_seq = 1};
	struct gateway *gateway = gateway_new(&settings, &ops, &messages);
	struct capture_event header = {.kind = CAPTURE_HEADER,
		.wall_us = INT64_C(1795368600) * US_PER_S,
		.gateway = "bench"};
	double sum_ms = 0, most_ms = 0;

	gateway_event(gateway, &header, NULL);
	before = messages;
	for (int i = 1; i <= n; i++) {
		int64_t t_us = i * 3600 * (int64_t)US_PER_S;
		double ms;

		gateway_advance(gateway, t_us);
		ms = reload(gateway, conf, text[i % 2], t_us);
		sum_ms += ms;
		most_ms = ms > most_ms ? ms : most_ms;
	}
	printf("%zu wearables: %.2f ms of CPU a reload, %.2f at most; %lu messages between and by them\n",
		conf->n_present, sum_ms / n, most_ms, messages - before);
	gateway_free(gateway);
	conf_free(conf);
	conf_free(all);
	free(text[0]);
	free(text[1]);
	return 0;
}

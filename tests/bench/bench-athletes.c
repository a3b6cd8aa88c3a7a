// SPDX-License-Identifier: MIT
/* bench-athletes [MOST [LEAST]]: what an athlete costs the whole pure core, from the bytes of a wearable to
 * the message, and how that grows with the number of athletes: 1, 2, 4 ... to MOST (64), from LEAST (1). Each wears
 * a pelvis clip, two thigh straps and a hip pad that moves with the pelvis and streams what it
 * hears at 8 kHz; all are calibrated and raise their legs, with a pop in each repetition. One
 * athlete's part is played by the gym and decoded before the clock starts; the others do the same
 * a little later, so that packets of all come mixed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "coxad/store/source-replay.h"
#include "tests/bench/bench-gym.h"
#include "gym/door-capture.h"
#include "gym/gym.h"

#define MOST       CONF_KITS_MAX
#define WORN       4
#define APART_US   7001 /* an athlete does what the one before did so much earlier */
#define TEXT_MAX   65536
#define EVENTS_MAX 100000

static const char *const placements[WORN] = {"pelvis", "thigh-left", "thigh-right", "hip-right"};

/* A stored event: the strings of a decoded one live only until the next. */
struct kept {
	struct capture_event event;
	unsigned wearable;
	const char *step; /* of a calibration */
};

static void on_message(void *user, const struct message *message)
{
	unsigned long *messages = user;

	++*messages;
}

static const struct gateway_ops ops = {.message = on_message};

static char *gym_script(void)
{
	static char text[TEXT_MAX];
	size_t n = 0;

	n += (size_t)snprintf(text, sizeof(text),
		"name bench\ntail 1\nathlete a\nkit 0\n\texercise supine-straight\n\tathlete a\n");
	for (unsigned i = 0; i < WORN; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
			"wearable %s\n\taddress C0:A5:00:00:00:%02X\n\tkit 0\n\tplacement %s\n%s",
			placements[i], i, placements[i],
			i == 3 ? "\tstreams motion acoustic symptom\n\tinterval-ms 15\n" : "");
	n += (size_t)snprintf(
		text + n, sizeof(text) - n, "timeline a\n\tlie 3\n\tcalibrate all\n\tset 6\n");
	for (unsigned i = 1; i <= 6; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
			"\tpop hip-right at rep %u lower %u\n", i, 34 + i);
	return text;
}

static void die(const char *what)
{
	fprintf(stderr, "bench-athletes: %s\n", what);
	exit(EXIT_FAILURE);
}

static void play_gym(const char *path)
{
	char error[256] = "";
	struct gym *gym = gym_from_text("bench", gym_script(), 1, error, sizeof(error));

	if (!gym || door_capture_write(gym, path) < 0)
		die(error);
	gym_free(gym);
}

static size_t keep_all(const char *path, struct kept *kept)
{
	struct source_replay *source;
	struct capture_event event;
	size_t n = 0;

	if (source_replay_new(path, &source) < 0)
		die("no capture");
	while (source_replay_next(source, &event) > 0 && n < EVENTS_MAX) {
		struct kept *k = &kept[n++];
		uint8_t *value = alloc_zero(1, event.size + 1);

		memcpy(value, event.value ? event.value : (const uint8_t *)"", event.size);
		k->event = event;
		k->event.value = value;
		k->event.gateway = event.gateway ? "bench" : NULL;
		k->event.why = event.why ? "timeout" : NULL;
		k->event.run = NULL;
		if (event.address)
			k->wearable = (unsigned)strtoul(event.address + 15, NULL, 16);
		if (event.kind == CAPTURE_COMMAND) {
			const char *at = strstr(event.payload, "step");

			k->step = at ? alloc_text(at + strlen("step\":\"")) : NULL;
		}
	}
	source_replay_free(source);
	return n;
}

static void give(struct gateway *g, const struct kept *k, unsigned athlete)
{
	struct capture_event event = k->event;
	char address[18], payload[96];

	event.t_us += (int64_t)athlete * APART_US;
	if (event.address) {
		snprintf(address, sizeof(address), "C0:A5:00:00:%02X:%02X", athlete, k->wearable);
		event.address = address;
	}
	if (event.kind == CAPTURE_COMMAND) {
		event.topic = "command/calibrate";
		event.payload_size = (size_t)snprintf(payload, sizeof(payload),
			"{\"kit\":\"%u\",\"step\":\"%.20s", athlete, k->step ? k->step : "");
		event.payload = payload;
	}
	gateway_event(g, &event, NULL);
}

/* All athletes' events in the order of time: each plays the same list, a little later. */
static double run(const struct kept *kept, size_t n, unsigned athletes, unsigned long *messages)
{
	struct conf *conf = bench_gym_conf(athletes, placements, WORN);
	struct gateway_settings settings = {.conf = conf, .first_seq = 1};
	struct gateway *g = gateway_new(&settings, &ops, messages);
	size_t at[MOST] = {0};
	clock_t began = clock();

	give(g, &kept[0], 0);
	for (unsigned i = 0; i < athletes; i++)
		at[i] = 1;
	for (;;) {
		unsigned first = athletes;
		int64_t first_us = INT64_MAX;

		for (unsigned i = 0; i < athletes; i++) {
			int64_t t_us = at[i] < n ? kept[at[i]].event.t_us + (int64_t)i * APART_US
						 : INT64_MAX;
			if (t_us < first_us) {
				first_us = t_us;
				first = i;
			}
		}
		if (first == athletes)
			break;
		give(g, &kept[at[first]++], first);
	}
	began = clock() - began;
	gateway_finish(g, kept[n - 1].event.t_us + (int64_t)athletes * APART_US, false);
	gateway_free(g);
	conf_free(conf);
	return (double)began / CLOCKS_PER_SEC;
}

int main(int argc, char **argv)
{
	unsigned most = argc > 1 ? (unsigned)atoi(argv[1]) : MOST;
	unsigned least = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
	struct kept *kept = alloc_zero(EVENTS_MAX, sizeof(*kept));
	char path[] = "/tmp/bench-athletes-XXXXXX";
	int fd = mkstemp(path);
	double seconds, one = 0;
	size_t n;

	if (fd < 0 || least < 1 || most < least || most > MOST)
		die("1 to 128 athletes");
	close(fd);
	play_gym(path);
	n = keep_all(path, kept);
	unlink(path);
	seconds = (double)(kept[n - 1].event.t_us - kept[0].event.t_us) / US_PER_S;
	printf("%zu events, %.0f s of exercise an athlete: 4 motion wearables at 104 Hz, 8 kHz of "
	       "sound\n",
		n, seconds);
	for (unsigned athletes = least; athletes <= most; athletes *= 2) {
		unsigned long messages = 0;
		double cpu = run(kept, n, athletes, &messages), each = cpu / athletes / seconds;

		if (athletes == least)
			one = each;
		printf("%2u athletes: %5.2f %% of a processor, %.3f %% each (%.2f of one alone), "
		       "%lu messages\n",
			athletes, 100 * cpu / seconds, 100 * each, each / one, messages);
	}
	return 0;
}

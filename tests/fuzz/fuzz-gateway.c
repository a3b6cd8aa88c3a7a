// SPDX-License-Identifier: MIT
/* The whole gateway under any capture: the input is lines of a capture, for a gym of two kits
 * with every kind of wearable. A line that cannot be decoded is skipped. Whatever comes, every
 * message is well-formed JSON below the base topic, no number is infinite, and time never stands
 * still.
 */
#include "tests/fuzz/fuzz-main.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/config/conf-part.h"
#include "coxad/config/conf-read.h"
#include "coxad/config/conf-reload.h"
#include "coxad/flow/gateway-reconfigure.h"
#include "coxad/flow/gateway.h"

/* Long enough for statistics and summaries. */
#define LEAP_MAX_US (90 * INT64_C(1000000))
#define TURNS_MAX   200000

const unsigned fuzz_slowness = 10;

static const char conf_text[] =
	"[gateway]\nname = fuzz\nsite = s\n"
	"[kit 1]\nexercise = supine-straight\nathlete = ana\n"
	"[kit 2]\nexercise = flutter\n"
	"[wearable p]\naddress = C0:A5:00:00:01:01\nkit = 1\nplacement = pelvis\n"
	"[wearable t]\naddress = C0:A5:00:00:01:02\nkit = 1\nplacement = thigh-left\n"
	"[wearable h]\naddress = C0:A5:00:00:01:03\nkit = 1\nplacement = hip-left\n"
	"[wearable r]\naddress = C0:A5:00:00:01:04\nkit = 1\nplacement = room\n"
	"[wearable a]\naddress = C0:A5:00:00:02:01\nkit = 2\nplacement = pelvis\n"
	"[wearable b]\naddress = C0:A5:00:00:02:02\nkit = 2\nplacement = thigh-left\n"
	"driver = movella-dot\n"
	"[wearable c]\naddress = C0:A5:00:00:02:03\nkit = 2\nplacement = thigh-right\n"
	"driver = nordic-thingy52\n";

static const char header[] =
	"{\"coxa_capture\":1,\"t\":0,\"wall\":\"2026-11-22T17:30:00.000Z\",\"gateway\":\"fuzz\"}";

static void on_message(void *user, const struct message *message)
{
	json_t *json;

	if (strncmp(message->topic, "coxa/v1/s/", 10) || message->qos > 1)
		abort();
	if (!message->size)
		return;
	/* jansson takes neither NaN nor infinity for a number. */
	json = json_loadb(message->payload, message->size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(json))
		abort();
	json_decref(json);
}

static const struct gateway_ops ops = {.message = on_message};

/* Everything that is due by then, each at its own instant. */
static void run_to(struct gateway *gateway, int64_t t_us)
{
	unsigned turns = 0;

	while (gateway_deadline(gateway) <= t_us) {
		gateway_advance(gateway, gateway_deadline(gateway));
		if (++turns > TURNS_MAX)
			abort();
	}
}

static void on_refused(void *user, const char *name, const char *reason)
{
	if (!name[0] || !reason[0])
		abort();
}

static void reconfigure(
	struct gateway *gateway, struct conf *conf, const struct capture_event *event)
{
	const struct conf_part part = {event->text, event->text_size, event->config_hash};
	static struct conf_change change;
	struct conf_errors errors = {0};
	struct conf *fresh = NULL;
	int r = conf_part_read(conf, &part, &fresh, &errors);

	if ((r < 0) != (errors.n > 0))
		abort();
	if (r == 0 && conf_reload_refused(conf, fresh, event->t_us, on_refused, NULL) == 0) {
		gateway_reconfigure(gateway, event->t_us, fresh, &change);
		conf_merge_done(&change);
	}
	conf_free(fresh);
	conf_errors_done(&errors);
}

/* Six parameters: what the loop below keeps. */
static void feed(struct gateway *gateway, struct conf *conf, struct capture_decoder *decoder,
	const char *line, size_t size, int64_t *t_us)
{
	const char *error;
	struct capture_event event;

	if (capture_decode(decoder, line, size, &event, &error) <= 0 ||
		event.kind == CAPTURE_HEADER || event.t_us - *t_us > LEAP_MAX_US)
		return;
	*t_us = event.t_us;
	run_to(gateway, *t_us);
	if (event.kind == CAPTURE_CONFIG)
		reconfigure(gateway, conf, &event);
	else
		gateway_event(gateway, &event, NULL);
}

static struct conf *make_conf(void)
{
	struct conf_source source = {"fuzz", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	if (conf_read(&source, 1, &conf, &errors) < 0)
		abort();
	return conf;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf *conf = make_conf();
	struct gateway_settings settings = {.conf = conf, .first_seq = 1};
	struct gateway *gateway = gateway_new(&settings, &ops, NULL);
	struct capture_decoder *decoder = capture_decoder_new();
	struct capture_event event;
	const char *error;
	int64_t t_us = 0;

	if (capture_decode(decoder, header, sizeof(header) - 1, &event, &error) != 1)
		abort();
	gateway_event(gateway, &event, NULL);
	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;

		feed(gateway, conf, decoder, (const char *)data, length, &t_us);
		data += length + (end ? 1 : 0);
		size -= length + (end ? 1 : 0);
	}
	gateway_input_ended(gateway);
	run_to(gateway, t_us + LEAP_MAX_US);
	gateway_finish(gateway, t_us + LEAP_MAX_US, false);
	gateway_free(gateway);
	capture_decoder_free(decoder);
	conf_free(conf);
	return 0;
}

// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/wire/message-print.h"
#include "tests/flow/gateway-rig.h"

static const char conf_text[] = "[gateway]\nname = pi\nsite = gym\n"
				"[kit 3]\nexercise = supine-straight\nathlete = ana\n"
				"[kit 4]\nexercise = single\n"
				"[wearable 3-pelvis]\naddress = " GATEWAY_RIG_PELVIS "\nkit = 3\n"
				"placement = pelvis\n";
/* Sensor Information: profile 1, motion, 8 g, 1000 degrees/s, 104 Hz, boot 7. */
static const uint8_t info[20] = {1, 1, 8, 0, 0xe8, 3, 104, 0, 0, 0, 0, 0, 7, 0, 0, 0, 64, 0, 0, 0};

static void on_message(void *user, const struct message *message)
{
	struct gateway_rig_output *output = user;
	static char line[65536];
	int n = message_print_line(message, line, sizeof(line));

	assert_true(n > 0);
	output->text = realloc(output->text, output->size + (size_t)n + 1);
	memcpy(output->text + output->size, line, (size_t)n);
	output->size += (size_t)n;
	output->text[output->size] = '\0';
	output->n++;
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct gateway_rig_output *output = user;
	size_t at = strlen(output->remembered);

	snprintf(output->remembered + at, sizeof(output->remembered) - at, "%s%s %s\n",
		size ? "" : "-", history_kind_to_string(kind), name);
}

static const struct gateway_ops ops = {.message = on_message, .remember = on_remember};

static void open_with(struct gateway_rig *rig, struct gateway_settings settings)
{
	struct conf_source source = {"test.conf", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};

	*rig = (struct gateway_rig){0};
	assert_int_equal(conf_read(&source, 1, &rig->conf, &errors), 0);
	conf_errors_done(&errors);
	settings.conf = rig->conf;
	settings.first_seq = 1;
	rig->gateway = gateway_new(&settings, &ops, &rig->output);
}

void gateway_rig_open(struct gateway_rig *rig, const char *run)
{
	open_with(rig, (struct gateway_settings){.run = run});
}

void gateway_rig_open_live(struct gateway_rig *rig)
{
	open_with(rig,
		(struct gateway_settings){.run = "r", .has_health = true, .is_removal_told = true});
}

void gateway_rig_close(struct gateway_rig *rig)
{
	gateway_free(rig->gateway);
	conf_free(rig->conf);
	free(rig->output.text);
}

void gateway_rig_drop_output(struct gateway_rig *rig)
{
	free(rig->output.text);
	rig->output = (struct gateway_rig_output){0};
}

void gateway_rig_give(struct gateway_rig *rig, struct capture_event event)
{
	gateway_event(rig->gateway, &event, NULL);
}

void gateway_rig_begin(struct gateway_rig *rig)
{
	gateway_rig_give(rig, (struct capture_event){.kind = CAPTURE_HEADER,
				      .t_us = US_PER_S,
				      .wall_us = INT64_C(1795368600) * US_PER_S,
				      .gateway = "pi"});
}

void gateway_rig_command(struct gateway_rig *rig, int64_t t_us, const char *topic,
	const char *payload, bool is_retained)
{
	gateway_rig_give(rig, (struct capture_event){.kind = CAPTURE_COMMAND,
				      .t_us = t_us,
				      .topic = topic,
				      .payload = payload,
				      .payload_size = strlen(payload),
				      .is_retained = is_retained});
}

void gateway_rig_connect_pelvis(struct gateway_rig *rig, int64_t t_us)
{
	struct uuid uuid;

	uuid_from_string("c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", &uuid);
	gateway_rig_give(rig, (struct capture_event){.kind = CAPTURE_CONNECTED,
				      .t_us = t_us,
				      .address = GATEWAY_RIG_PELVIS,
				      .mtu = 247});
	gateway_rig_give(rig, (struct capture_event){.kind = CAPTURE_READ,
				      .t_us = t_us + 1000,
				      .address = GATEWAY_RIG_PELVIS,
				      .characteristic = uuid,
				      .value = info,
				      .size = sizeof(info)});
}

unsigned gateway_rig_count(const struct gateway_rig *rig, const char *what)
{
	unsigned n = 0;

	for (const char *at = rig->output.text; at && (at = strstr(at, what)); at++)
		n++;
	return n;
}

// SPDX-License-Identifier: MIT
/* Every kind of message with every word it may contain and random values, as the lines of --print,
 * for check-schemas. COXAD_SEED changes the values.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/diag.h"
#include "coxad/config/conf-read.h"
#include "coxad/core/health.h"
#include "coxad/wire/message-home-assistant.h"
#include "coxad/wire/message-inventory.h"
#include "coxad/wire/message-radios.h"
#include "coxad/wire/message-print.h"
#include "coxad/wire/message.h"

#define ROUNDS 40

static const char text[] = "[gateway]\nname = mat-2\nsite = gym\n[kit 9]\nexercise = hang\n"
			   "[wearable 9 hip links]\naddress = C0:A5:00:00:09:01\nkit = 9\n"
			   "placement = hip-left\n[wearable hüfte]\naddress = C0:A5:00:00:09:02\n"
			   "kit = 9\nplacement = room\n";

static struct message_encoder *encoder;
static unsigned long long state;

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(state >> 33) % n;
}

static double number(double low, double high)
{
	return below(8) == 0 ? NAN : low + (high - low) * below(100001) / 100000;
}

static uint64_t codes(void)
{
	return ((uint64_t)below(1u << 30) << 30 | below(1u << 30)) &
	       ((UINT64_C(1) << CODE_COUNT) - 1);
}

static void print(int r, const struct message *message)
{
	static char line[65536];

	if (r < 0 || message_print_line(message, line, sizeof(line)) < 0) {
		fprintf(stderr, "print-messages: %d\n", r);
		exit(1);
	}
	fputs(line, stdout);
}

static void encode(enum result_kind kind, const void *what)
{
	struct result result = {.kind = kind, .posture = what};
	struct message message;

	print(message_encode(encoder, 5000000, &result, &message), &message);
}

static void posture(unsigned i)
{
	struct posture_result p = {.athlete = "bea",
		.t_us = below(1000000000),
		.phase = i % PHASE_COUNT,
		.side = i % SIDE_COUNT,
		.rep = below(30),
		.elevation_left_deg = number(-10, 120),
		.elevation_right_deg = number(-10, 120),
		.hip_flexion_left_deg = number(-10, 120),
		.hip_flexion_right_deg = number(-10, 120),
		.pelvic_tilt_deg = number(-15, 15),
		.lumbar_extension_deg = number(-15, 15),
		.speed_deg_s = number(-300, 300),
		.quality = codes()};

	encode(RESULT_POSTURE, &p);
}

static void rep(unsigned i)
{
	struct rep_result r = {.athlete = "bea",
		.kit = "9",
		.side = i % SIDE_COUNT,
		.rep = 1 + below(30),
		.range_deg = number(20, 90),
		.raise_ms = number(0, 5000),
		.top_ms = number(0, 5000),
		.lower_ms = number(0, 5000),
		.t_start_us = 1000,
		.t_end_us = 2000000,
		.time_uncertainty_ms = number(0, 30),
		.theta_loss_deg = number(0, 90),
		.control_angle_deg = number(0, 90),
		.sparc = number(-4, -1),
		.asymmetry_deg = number(0, 20),
		.n_pops = 2,
		.pops = {"r1-p1", "r1-p2"},
		.quality = codes()};

	for (unsigned k = 0; k < TILT_CURVE_MAX; k++) {
		r.tilt_curve.raising_deg[k] = i % 2 ? (float)number(-10, 10) : NAN;
		r.tilt_curve.lowering_deg[k] = i % 2 && k % 3 ? (float)number(-10, 10) : NAN;
	}
	encode(RESULT_REP, &r);
}

static void pop(unsigned i)
{
	struct pop_result p = {.id = "r1-p1",
		.rev = 1 + i,
		.supersedes = i,
		.state = i % POP_STATE_COUNT,
		.athlete = "bea",
		.kit = "9",
		.t_pop_us = 4000000,
		.time_uncertainty_ms = number(0, 100),
		.site = i % (PLACEMENT_COUNT + 1),
		.class = i % POP_CLASS_COUNT,
		.severity = i % 5,
		.confidence = {number(0, 1), number(0, 1), number(0, 1), number(0, 1),
			number(0, 1)},
		.phase = i % PHASE_COUNT,
		.side = i % SIDE_COUNT,
		.rep = below(30),
		.elevation_deg = number(0, 90),
		.hip_flexion_deg = number(0, 90),
		.pelvic_tilt_deg = number(-15, 15),
		.lumbar_extension_deg = number(-15, 15),
		.speed_deg_s = number(-300, 300),
		.form_total = number(0, 100),
		.pattern = i % PATTERN_COUNT,
		.reasons = codes(),
		.n_cues = 2,
		.cues = {{i % CUE_COUNT, number(20, 75)}, {CUE_BRACE, NAN}},
		.n_symptoms = 1,
		.symptoms = {"r1-s1"}};

	for (unsigned k = 0; k < PLACEMENT_COUNT; k++)
		p.levels_db[k] = number(-60, 0);
	for (unsigned k = 0; k < 7; k++)
		p.form[k] = number(0, 60);
	if (i % 3 == 0) {
		snprintf(p.override_by, sizeof(p.override_by), "tom");
		snprintf(p.override_reason, sizeof(p.override_reason), "heard the \"mat\"");
	}
	encode(RESULT_POP, &p);
}

static void alerts(unsigned i)
{
	struct alerts_result *all = new0(struct alerts_result);
	struct alert_result a = {.alert = "r1-a1",
		.state = i % ALERT_STATE_COUNT,
		.athlete = "bea",
		.kit = "9",
		.t_us = 4500000,
		.t_raised_us = 4000000,
		.time_uncertainty_ms = number(0, 100),
		.severity = i % 5,
		.class = i % POP_CLASS_COUNT,
		.reasons = codes(),
		.n_pops = 1,
		.pops = {"r1-p1"},
		.n_symptoms = 1,
		.symptoms = {"r1-s1"}};

	if (i & 1)
		snprintf(a.by, sizeof(a.by), "tom");
	encode(RESULT_ALERT, &a);
	snprintf(all->athlete, sizeof(all->athlete), "bea");
	all->n = i % 3;
	all->open[0] = all->open[1] = a;
	encode(RESULT_ALERTS, all);
	free(all);
}

static void states(unsigned i)
{
	struct cue_result c = {.athlete = "bea",
		.kit = "9",
		.t_us = 4000000,
		.cue = {1 + i % (CUE_COUNT - 1), i & 1 ? number(20, 75) : NAN}};
	struct session_result s = {.kit = "9",
		.is_open = i % 4,
		.athlete = "bea",
		.exercise = i % EXERCISE_COUNT,
		.since_us = 1000,
		.is_calibrated = i & 1,
		.lacks = i % (1u << CALIBRATION_LACK_COUNT),
		.span_deg = number(4, 20),
		.calibration_confidence = number(0, 1)};
	struct calibration_result k = {.kit = "9",
		.step = i % CALIBRATION_STEP_COUNT,
		.state = i % CALIBRATION_STATE_COUNT,
		.progress = number(0, 1),
		.quality = number(0, 1),
		.is_calibrated = i & 1,
		.lacks = i % (1u << CALIBRATION_LACK_COUNT)};
	struct summary_result m = {.athlete = "bea",
		.kit = "9",
		.exercise = i % EXERCISE_COUNT,
		.since_us = 1000,
		.t_us = 4000000,
		.is_final = i & 1,
		.reps = below(100),
		.faulty_reps = below(10),
		.crepitus = below(100),
		.crepitus_level_db = number(-80, 0),
		.pops_per_rep = number(0, 2),
		.own_pops_per_rep = number(0, 2),
		.control_angle_deg = number(0, 90),
		.range_deg_mean = number(0, 90),
		.lower_ms_mean = number(0, 5000),
		.loudness_trend_db = number(-5, 12),
		.trends = codes()};
	struct wearable_result w = {.wearable = i & 1,
		.state = i % WEARABLE_STATE_COUNT,
		.driver = i & 2 ? "coxa" : NULL,
		.battery_percent = number(0, 100),
		.rssi_dbm = number(-100, -30),
		.rate_hz = number(0, 200),
		.loss_percent = number(0, 100),
		.skew_ppm = number(-50, 50),
		.clock_uncertainty_ms = number(0, 100),
		.clock_coverage = number(0, 1),
		.last_data_us = i & 1 ? 0 : 2500000,
		.firmware = i & 2 ? "1.4.2 beta" : NULL,
		.adapter = i & 4 ? "71AB" : NULL,
		.radio = i & 8 ? "hall-left" : NULL,
		.drops = below(100),
		.last_drop = (int)(i % REASON_COUNT),
		.last_drop_us = 2000,
		.problem = (enum wearable_problem)(i % WEARABLE_PROBLEM_COUNT),
		.bond = (enum wearable_bond)(i % 3)};

	k.code = i & 2 ? 1 + i % (CALIBRATION_CODE_COUNT - 1) : CALIBRATION_CODE_NONE;
	snprintf(k.why, sizeof(k.why), "%s", k.code ? "That was a movement." : "");
	snprintf(c.pop, sizeof(c.pop), "%s", i & 2 ? "r1-p1" : "");
	encode(RESULT_CUE, &c);
	encode(RESULT_SESSION, &s);
	encode(RESULT_CALIBRATION, &k);
	encode(RESULT_SUMMARY, &m);
	encode(RESULT_WEARABLE, &w);
}

static void gateway(unsigned i)
{
	const char *adapters[] = {"00:1A:7D:DA:71:13", "00:1A:7D:DA:71:14"};
	struct gateway_status status = {i & 1, 1000, "0.1.0", adapters, i % 3};
	struct stat_entry stats[] = {{"packets", 120, true}, {"drops.length", 2, true},
		{"drops.check", 0, true}, {"latency_p99_ms", number(0, 9), false}};
	struct command_reply reply = {.request = "q-7", .error = i % COMMAND_ERROR_COUNT};
	struct message message;

	if (i & 1)
		reply.request[0] = '\0';
	print(message_encode_status(encoder, 5000000, &status, &message), &message);
	print(message_encode_stats(encoder, 5000000, stats, ARRAY_LEN(stats), &message), &message);
	print(message_encode_reply(encoder, 5000000, i & 4 ? "cue" : "a/b", &reply, &message),
		&message);
	print(message_home_assistant_encode(encoder, 5000000, i & 1, &message), &message);
}

/* As they come from the disk: whole, and one that is no JSON. */
static void history(unsigned i)
{
	static const char act[] =
		"{\"act\":\"override\",\"time\":null,\"athlete\":\"bea\",\"kit\":null,\"by\":\"tom\","
		"\"exercise\":null,\"alert\":null,\"pop\":\"r1-p1\",\"class\":\"benign\","
		"\"reason\":\"the mat\",\"symptom\":null}";
	struct logbook_entry entries[2] = {
		{.seq = 7, .at_ms = 1772352000000, .kind = LOGBOOK_KIND_ACT, .athlete = "bea"},
		{.seq = LOGBOOK_SEQ_MAX,
			.at_ms = INT64_MAX,
			.kind = LOGBOOK_KIND_POP,
			.text = "{",
			.size = 1}};
	struct logbook_page page = {entries, i % 3, i & 1, true};
	struct command_reply reply = {.page = &page};
	struct message message;

	entries[0].text = act;
	entries[0].size = sizeof(act) - 1;
	print(message_encode_reply(encoder, 5000000, "history", &reply, &message), &message);
}

static void live(unsigned i)
{
	struct live_result l = {.wearable = i & 1,
		.t_us = below(1000000000),
		.gravity_g = {below(2001) / 1000.0 - 1, below(2001) / 1000.0 - 1, 1},
		.is_still = (int)(i % 3) - 1,
		.turn_deg_s = number(0, 400),
		.level_db = number(-90, 0)};

	if (i & 2)
		l.gravity_g[0] = l.gravity_g[1] = l.gravity_g[2] = NAN;
	encode(RESULT_LIVE, &l);
}

static void inventory(unsigned i)
{
	struct message_inventory_wearable wearables[2] = {
		{.streams = i % 256, .radio = i & 1 ? "hall" : NULL},
		{.driver = "coxa",
			.streams = ~0u,
			.orders = {"identify", "haptic"},
			.n_orders = i % 3},
	};
	struct message message;

	print(message_inventory_encode(encoder, 5000000, wearables, &message), &message);
}

static void radios(unsigned i)
{
	const uint16_t left[] = {1, 0};
	struct message_radio radio[] = {
		{.name = "mat-1", .unc_us = -1},
		{.name = "mat-2",
			.is_online = true,
			.version = "1.0",
			.slots = 7,
			.unc_us = below(3000000),
			.behind_us = below(1000000000),
			.lost = below(9),
			.refused = below(9),
			.n_moving = i,
			.left = left,
			.n_left = i % 3},
	};
	const int serves[] = {(int)(i % 3) - 1, -1};
	const struct message_waiting waiting[] = {{0, i % 4}, {1, (i + 2) % 4}};
	struct message message;

	print(message_radios_encode(encoder, 5000000,
		      &(struct message_radios){radio, i % 3, serves, waiting, (i + 1) % 3},
		      &message),
		&message);
}

static void health(unsigned i)
{
	struct health *all = new0(struct health);
	char name[NAME_SIZE];
	struct message message;

	for (unsigned k = 0; k < i; k++) {
		snprintf(name, sizeof(name), "3-thigh-left-%u", k / HEALTH_CODE_COUNT);
		health_note(all, 1000 * k,
			&(struct health_report){k % HEALTH_CODE_COUNT, name,
				"This is wrong: do that, or \"this\"."});
	}
	print(message_encode_health(encoder, 5000000, all, &message), &message);
	free(all);
}

int main(void)
{
	struct conf_source source = {"test", text, sizeof(text) - 1};
	struct conf_errors errors = {0};
	struct wall_clock clock = {0};
	struct conf *conf;

	state = getenv("COXAD_SEED") ? strtoul(getenv("COXAD_SEED"), NULL, 0) : 1;
	if (conf_read(&source, 1, &conf, &errors) < 0)
		return 1;
	encoder = message_encoder_new(conf, &clock, "r1", 1);
	for (unsigned i = 0; i < ROUNDS; i++) {
		posture(i);
		rep(i);
		pop(i);
		alerts(i);
		states(i);
		gateway(i);
		health(i);
		inventory(i);
		radios(i);
		live(i);
		history(i);
		if (i == 3) /* until then the time is null */
			wall_clock_set(&clock, 0, 1772352000000000);
	}
	message_encoder_free(encoder);
	conf_free(conf);
	return 0;
}

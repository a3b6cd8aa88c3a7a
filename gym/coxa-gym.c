// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/commands.h"
#include "gym/door-bus.h"
#include "gym/door-capture.h"
#include "gym/door-vhci.h"
#include "gym/fitting-conf.h"
#include "gym/truth.h"
#include "gym/gym-private.h"

#define EXIT_USAGE 2

enum flag {
	WISH_CAPTURE = 256,
	WISH_TRUTH,
	WISH_CONFIG,
	WISH_SEED,
	WISH_CHECK,
	WISH_BUS,
	WISH_VHCI,
	WISH_CONTROL,
	WISH_STAY,
	WISH_BROKER,
	WISH_BASE,
	WISH_COMMANDS,
	WISH_HELP,
	WISH_VERSION,
};

static const struct option options[] = {
	{"capture", required_argument, NULL, WISH_CAPTURE},
	{"truth", required_argument, NULL, WISH_TRUTH},
	{"config", required_argument, NULL, WISH_CONFIG},
	{"seed", required_argument, NULL, WISH_SEED},
	{"check", no_argument, NULL, WISH_CHECK},
	{"bus", required_argument, NULL, WISH_BUS},
	{"vhci", no_argument, NULL, WISH_VHCI},
	{"control", required_argument, NULL, WISH_CONTROL},
	{"stay", required_argument, NULL, WISH_STAY},
	{"broker", required_argument, NULL, WISH_BROKER},
	{"base", required_argument, NULL, WISH_BASE},
	{"commands", no_argument, NULL, WISH_COMMANDS},
	{"help", no_argument, NULL, WISH_HELP},
	{"version", no_argument, NULL, WISH_VERSION},
	{NULL, 0, NULL, 0},
};

struct settings {
	const char *script, *capture, *truth, *config, *control, *broker, *base, *bus;
	uint64_t seed;
	double stay_s;
	bool check, vhci, commands;
};

static int usage(FILE *to)
{
	fputs("coxa-gym SCRIPT --check\n"
	      "coxa-gym SCRIPT --capture FILE [--truth FILE] [--config FILE] [--seed N]\n"
	      "coxa-gym SCRIPT --vhci [--control FIFO] [--stay SECONDS] [--truth FILE] [--seed N]\n"
	      "         [--commands --broker mqtt://HOST[:PORT] [--base TOPIC]]\n"
	      "coxa-gym SCRIPT --bus ADDRESS [--control FIFO] [--stay SECONDS] [--truth FILE]\n"
	      "         [--commands --broker mqtt://HOST[:PORT] [--base TOPIC]]\n"
	      "coxa-gym SCRIPT --commands --broker mqtt://HOST[:PORT] [--base TOPIC]\n"
	      "Orders that --control takes of --vhci, a line each (of --bus: coxa-gym(1)):\n",
		to);
	fputs(door_vhci_orders, to);
	return to == stdout ? 0 : EXIT_USAGE;
}

static int complain(const char *about, int r)
{
	if (r < 0)
		fprintf(stderr, "coxa-gym: %s: %s\n", about, strerror(-r));
	return r;
}

static int64_t monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * US_PER_S + ts.tv_nsec / 1000;
}

static void send_command(const char *topic, const char *payload, void *user)
{
	commands_send(user, topic, payload);
}

static int play_on_bus(struct gym *gym, const struct settings *settings, struct commands *commands)
{
	struct door_bus_options bus = {.control_fd = -1,
		.answer_fd = -1,
		.stay_s = settings->stay_s,
		.seed = settings->seed,
		.command = commands ? send_command : NULL,
		.user = commands};
	int r;

	if (settings->control) {
		if (mkfifo(settings->control, 0600) < 0 && errno != EEXIST)
			return -errno;
		bus.control_fd = open(settings->control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (bus.control_fd < 0)
			return -errno;
		bus.answer_fd = STDERR_FILENO;
	}
	r = door_bus_run(gym, settings->bus, &bus);
	if (bus.control_fd >= 0)
		close(bus.control_fd);
	return r;
}

/* The doors that live in real time. Returns the gateway's clock at the gym's start. */
static int play(struct gym *gym, const struct settings *settings, int64_t *ret_start_us)
{
	_auto_free_ char *base = settings->base ? alloc_text(settings->base)
						: alloc_printf("coxa/v1/%s", gym->script->site);
	struct commands *commands = NULL;
	struct door_vhci_options vhci = {.control = settings->control,
		.log = stderr,
		.stay_s = settings->stay_s,
		.seed = settings->seed};
	int r = 0;

	if (settings->commands) {
		commands = commands_new(settings->broker, base);
		if (!commands)
			return complain(settings->broker, -EINVAL);
		vhci.command = send_command;
		vhci.user = commands;
	}
	*ret_start_us = monotonic_us();
	if (settings->bus)
		r = complain(settings->bus, play_on_bus(gym, settings, commands));
	else if (settings->vhci)
		r = complain("/dev/vhci", door_vhci_run(gym, &vhci));
	else
		commands_play(commands, gym, *ret_start_us);
	commands_free(commands);
	return r;
}

static int run(const struct settings *settings, struct gym *gym)
{
	int64_t base_us = door_capture_base_us(gym);
	int r = 0;

	if (settings->config)
		r = complain(settings->config,
			fitting_conf_write(gym->script, settings->broker, settings->config));
	if (r >= 0 && settings->capture)
		r = complain(settings->capture, door_capture_write(gym, settings->capture));
	if (r >= 0 && (settings->vhci || settings->bus || settings->commands))
		r = play(gym, settings, &base_us);
	if (r >= 0 && settings->truth)
		r = complain(settings->truth, truth_write(gym, base_us, settings->truth));
	return r < 0;
}

static int parse(int argc, char **argv, struct settings *settings)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case WISH_CAPTURE:
			settings->capture = optarg;
			break;
		case WISH_TRUTH:
			settings->truth = optarg;
			break;
		case WISH_CONFIG:
			settings->config = optarg;
			break;
		case WISH_SEED:
			settings->seed = strtoull(optarg, NULL, 0);
			break;
		case WISH_CHECK:
			settings->check = true;
			break;
		case WISH_VHCI:
			settings->vhci = true;
			break;
		case WISH_BUS:
			settings->bus = optarg;
			break;
		case WISH_CONTROL:
			settings->control = optarg;
			break;
		case WISH_STAY:
			settings->stay_s = strtod(optarg, NULL);
			break;
		case WISH_BROKER:
			settings->broker = optarg;
			break;
		case WISH_BASE:
			settings->base = optarg;
			break;
		case WISH_COMMANDS:
			settings->commands = true;
			break;
		case WISH_HELP:
			exit(usage(stdout));
		case WISH_VERSION:
			puts(PACKAGE_STRING);
			exit(0);
		default:
			return -EINVAL;
		}
	if (optind != argc - 1 || (settings->commands && !settings->broker))
		return -EINVAL;
	settings->script = argv[optind];
	return settings->capture || settings->check || settings->config || settings->vhci ||
			       settings->bus || settings->commands
		       ? 0
		       : -EINVAL;
}

int main(int argc, char **argv)
{
	struct settings settings = {.seed = 1};
	char error[512] = "";
	struct gym *gym;
	int r;

	if (parse(argc, argv, &settings) < 0)
		return usage(stderr);
	gym = gym_load(settings.script, settings.seed, error, sizeof(error));
	if (!gym || truth_check(gym, error, sizeof(error)) < 0) {
		fprintf(stderr, "%s\n", error);
		gym_free(gym);
		return EXIT_FAILURE;
	}
	r = run(&settings, gym);
	gym_free(gym);
	return r;
}

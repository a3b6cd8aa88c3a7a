// SPDX-License-Identifier: MIT
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/commands.h"
#include "gym/coxad-conf.h"
#include "gym/door-bus.h"
#include "gym/door-capture.h"
#include "gym/door-vhci.h"
#include "gym/gym-private.h"
#include "gym/truth.h"

#define EXIT_USAGE 2
#define BUSES_MAX  16

struct settings {
	const char *script, *capture, *truth, *config, *control, *broker, *base;
	const char *bus[BUSES_MAX];
	size_t n_buses;
	const char *seed, *stay, *adapters, *links;
	bool check, vhci, commands;
	bool help, version;
};

/* An option, and the member of the settings that it sets: text with an argument, else a flag. */
struct flag {
	const char *name;
	bool has_argument;
	size_t offset;
};
#define TEXT(name_)                                                                                \
	{                                                                                          \
#name_, true, offsetof(struct settings, name_)                                     \
	}
#define FLAG(name_)                                                                                \
	{                                                                                          \
#name_, false, offsetof(struct settings, name_)                                    \
	}

static const struct flag flags[] = {TEXT(capture), TEXT(truth), TEXT(config), TEXT(seed),
	FLAG(check), TEXT(bus), FLAG(vhci), TEXT(control), TEXT(stay), TEXT(adapters), TEXT(links),
	TEXT(broker), TEXT(base), FLAG(commands), FLAG(help), FLAG(version)};

static int usage(FILE *to)
{
	fputs("Usage:\n"
	      "  coxa-gym SCRIPT --check\n"
	      "  coxa-gym SCRIPT --capture FILE [--truth FILE] [--config FILE] [--seed N]\n"
	      "  coxa-gym SCRIPT --vhci [--control FIFO] [--stay SECONDS] [--truth FILE] [--seed N]\n"
	      "           [--adapters N] [--links N]\n"
	      "           [--commands --broker mqtt://HOST[:PORT] [--base TOPIC]]\n"
	      "  coxa-gym SCRIPT --bus ADDRESS [--bus ADDRESS]... [--control FIFO] [--stay SECONDS]\n"
	      "           [--truth FILE] [--adapters N]\n"
	      "           [--commands --broker mqtt://HOST[:PORT] [--base TOPIC]]\n"
	      "  coxa-gym SCRIPT --commands --broker mqtt://HOST[:PORT] [--base TOPIC]\n"
	      "Lines for --control with --vhci (for --bus, see coxa-gym(1)):\n",
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

static uint64_t seed(const struct settings *settings)
{
	return settings->seed ? strtoull(settings->seed, NULL, 0) : 1;
}

static double stay_s(const struct settings *settings)
{
	return settings->stay ? strtod(settings->stay, NULL) : 0;
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

static unsigned n_adapters(const struct settings *settings)
{
	return settings->adapters ? (unsigned)strtoul(settings->adapters, NULL, 10) : 1;
}

static int play_on_bus(struct gym *gym, const struct settings *settings, struct commands *commands)
{
	struct door_bus_options bus = {.control_fd = -1,
		.answer_fd = -1,
		.stay_s = stay_s(settings),
		.seed = seed(settings),
		.n_adapters = n_adapters(settings),
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
	r = door_bus_run(gym, settings->bus, settings->n_buses, &bus);
	if (bus.control_fd >= 0)
		close(bus.control_fd);
	return r;
}

/* Plays in real time; also gives the gateway's clock when the gym started. */
static int play(struct gym *gym, const struct settings *settings, int64_t *ret_start_us)
{
	_auto_free_ char *base = settings->base ? alloc_text(settings->base)
						: alloc_printf("coxa/v1/%s", gym->script->site);
	struct commands *commands = NULL;
	struct door_vhci_options vhci = {.control = settings->control,
		.log = stderr,
		.stay_s = stay_s(settings),
		.n_adapters = n_adapters(settings),
		.links = settings->links ? (unsigned)strtoul(settings->links, NULL, 10) : 0,
		.seed = seed(settings)};
	int r = 0;

	if (settings->commands) {
		commands = commands_new(settings->broker, base);
		if (!commands)
			return complain(settings->broker, -EINVAL);
		vhci.command = send_command;
		vhci.user = commands;
	}
	*ret_start_us = monotonic_us();
	if (settings->n_buses)
		r = complain(settings->bus[0], play_on_bus(gym, settings, commands));
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
			coxad_conf_write(gym->script, settings->broker, settings->config));
	if (r >= 0 && settings->capture)
		r = complain(settings->capture, door_capture_write(gym, settings->capture));
	if (r >= 0 && (settings->vhci || settings->n_buses || settings->commands))
		r = play(gym, settings, &base_us);
	if (r >= 0 && settings->truth)
		r = complain(settings->truth, truth_write(gym, base_us, settings->truth));
	return r < 0;
}

/* False if it comes too often. */
static bool set(struct settings *settings, const struct flag *flag, const char *argument)
{
	char *at = (char *)settings + flag->offset;

	if (flag->offset == offsetof(struct settings, bus)) {
		if (settings->n_buses == BUSES_MAX)
			return false;
		settings->bus[settings->n_buses++] = argument;
	} else if (flag->has_argument) {
		*(const char **)at = argument;
	} else {
		*(bool *)at = true;
	}
	return true;
}

static int parse(int argc, char **argv, struct settings *settings)
{
	struct option options[ARRAY_LEN(flags) + 1] = {{NULL, 0, NULL, 0}};
	int c, index = 0;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		options[i] = (struct option){flags[i].name,
			flags[i].has_argument ? required_argument : no_argument, NULL, 1};
	while ((c = getopt_long(argc, argv, "", options, &index)) != -1) {
		if (c != 1 || !set(settings, &flags[index], optarg))
			return -EINVAL;
	}
	if (settings->help || settings->version)
		return 0;
	if (optind != argc - 1 || (settings->commands && !settings->broker))
		return -EINVAL;
	settings->script = argv[optind];
	return settings->capture || settings->check || settings->config || settings->vhci ||
			       settings->n_buses || settings->commands
		       ? 0
		       : -EINVAL;
}

int main(int argc, char **argv)
{
	struct settings settings = {.script = NULL};
	char error[512] = "";
	struct gym *gym;
	int r;

	if (parse(argc, argv, &settings) < 0)
		return usage(stderr);
	if (settings.help)
		return usage(stdout);
	if (settings.version)
		return puts(PACKAGE_STRING) < 0;
	gym = gym_load(settings.script, seed(&settings), error, sizeof(error));
	if (!gym || truth_check(gym, error, sizeof(error)) < 0) {
		fprintf(stderr, "%s\n", error);
		gym_free(gym);
		return EXIT_FAILURE;
	}
	r = run(&settings, gym);
	gym_free(gym);
	return r;
}

// SPDX-License-Identifier: MIT
#include "daemon/main/inspect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/drivers/driver.h"
#include "coxad/drivers/sig-services.h"
#include "coxad/store/state-check.h"
#include "coxad/wire/record-print.h"

#define EXIT_USAGE 2
#define BLANKS     " \t\r\n"
#define VALUE_MAX  600

static const struct {
	uint32_t stream;
	const char *name;
} stream_names[] = {
#define STREAM_NAME(id, bit, text) {STREAM_##id, text},
	STREAM_LIST(STREAM_NAME)
#undef STREAM_NAME
};

static const char *clock_name(enum driver_clock clock)
{
	switch (clock) {
	case DRIVER_CLOCK_DEVICE:
		return "own";
	case DRIVER_CLOCK_COUNT:
		return "sample count";
	case DRIVER_CLOCK_ARRIVAL:
		return "arrival";
	}
	return "unknown";
}

static void print_streams(const struct driver *d)
{
	const char *separator = "";

	for (size_t i = 0; i < ARRAY_LEN(stream_names); i++)
		if (d->streams & stream_names[i].stream) {
			printf("%s%s", separator, stream_names[i].name);
			separator = " ";
		}
}

void inspect_list_drivers(void)
{
	size_t n;
	const struct driver *const *list = driver_list(&n);

	printf("driver\tname\tgives\tclock\trate_hz\tbond\tplacements\tlimits\n");
	for (size_t i = 0; i < n; i++) {
		const struct driver *d = list[i];

		printf("%s\t%s\t", d->id, d->name);
		print_streams(d);
		printf("\t%s\t%g\t%s\t%s\t%s\n", clock_name(d->clock), d->nominal_rate_hz,
			d->needs_bond ? "yes" : "no", d->placements ? d->placements : "",
			d->limits ? d->limits : "");
	}
}

/* Prints the text and frees it. */
static void print(char *text)
{
	if (text)
		puts(text);
	free(text);
}

static void on_record(const struct record *record, void *user)
{
	print(record_print(record));
}

/* Number of bytes, or -EINVAL. */
static int read_hex(const char *text, uint8_t *ret, size_t capacity)
{
	return hex_decode(text, strlen(text), ret, capacity);
}

static void refuse(const char *reason)
{
	print(record_print_refusal(reason));
}

/* Manufacturer data, which begin with the two bytes of the company. */
static void decode_advert(const struct driver *driver, const char *hex)
{
	uint8_t value[VALUE_MAX];
	int r = read_hex(hex, value, sizeof(value));

	if (r < 0) {
		refuse("expected hexadecimal bytes after 'advertisement'");
		return;
	}
	r = driver->advert ? driver->advert(value, (size_t)r, on_record, NULL) : -REASON_TYPE;
	if (r < 0)
		refuse(reason_to_string((enum reason) - r));
}

/* In place: bytes may be written apart, as other tools print them. */
static char *without_blanks(char *text)
{
	char *end = text;

	for (char *c = text; *c; c++) {
		if (!strchr(BLANKS, *c))
			*end++ = *c;
	}
	*end = '\0';
	return text;
}

static void decode_line(const struct driver *driver, void *state, char *line)
{
	char *save = NULL;
	const char *name = strtok_r(line, BLANKS, &save);
	const char *hex;
	uint8_t value[VALUE_MAX];
	struct uuid uuid;
	struct driver_input in = {
		.characteristic = &uuid, .origin = DRIVER_ORIGIN_NOTIFY, .data = value};
	int r;

	if (!name || name[0] == '#')
		return;
	hex = without_blanks(save);
	if (strcmp(name, "advertisement") == 0) {
		decode_advert(driver, hex);
		return;
	}
	if (uuid_from_string(name, &uuid) < 0) {
		refuse("expected a UUID at the start of the line");
		return;
	}
	r = read_hex(hex, value, sizeof(value));
	if (r < 0) {
		refuse("expected hexadecimal bytes after the UUID");
		return;
	}
	in.size = (size_t)r;
	/* The same choice as in intake.c. */
	r = sig_services_claim(&uuid) && !driver->claims(&uuid)
		    ? sig_services_decode(&in, on_record, NULL)
		    : driver->decode(state, &in, on_record, NULL);
	if (r < 0)
		refuse(reason_to_string((enum reason) - r));
}

int inspect_decode(const char *driver_id)
{
	const struct driver *driver = driver_list_find(driver_id);
	_auto_free_ void *state = NULL;
	_auto_free_ char *line = NULL;
	size_t capacity = 0;

	if (!driver) {
		fprintf(stderr, "coxad: no driver named '%s'; see --list-drivers\n", driver_id);
		return EXIT_USAGE;
	}
	state = alloc_zero(1, driver->state_size);
	if (driver->connected)
		driver->connected(state, 0);
	while (getline(&line, &capacity, stdin) > 0)
		decode_line(driver, state, line);
	return EXIT_SUCCESS;
}

static void complain(void *user, const char *text)
{
	fprintf(stderr, "coxad: %s\n", text);
}

int inspect_check_state(const char *directory)
{
	return state_check_run(directory, complain, NULL) ? EXIT_FAILURE : EXIT_SUCCESS;
}

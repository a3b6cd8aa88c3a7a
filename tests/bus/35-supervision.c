// SPDX-License-Identifier: MIT
/* What coxad makes of the connection parameters in bluetoothd's main.conf: it cannot set them, but says
 * what is wrong with them. */
#include "tests/bus/bus-test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/bluez/bluez-le-conf.h"

static void write_file(char path[static 32], const char *text)
{
	int fd;

	strcpy(path, "/tmp/coxad-main-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static const struct {
	const char *text;
	int interval_min_ms, interval_max_ms, latency, supervision_ms;
	bool has_supervision, fits;
} confs[] = {
	{"", 30, 50, 0, 420, false, true},
	{"[LE]\nConnectionSupervisionTimeout=400\n", 30, 50, 0, 4000, true, true},
	{"[General]\nConnectionSupervisionTimeout=400\n", 30, 50, 0, 420, false, true},
	{"[LE]\n#ConnectionSupervisionTimeout=400\n", 30, 50, 0, 420, false, true},
	{"[LE]\n[Policy]\nConnectionSupervisionTimeout=400\n", 30, 50, 0, 420, false, true},
	{"  [LE]  \r\n  ConnectionSupervisionTimeout = 200 \r\n", 30, 50, 0, 2000, true, true},
	{"[LE]\nMinConnectionInterval=24\n[GATT]\n[LE]\nMaxConnectionInterval=32", 30, 40, 0, 420,
		false, true},
	/* The kernel's rule, on both sides of its edge. */
	{"[LE]\nMinConnectionInterval=8\nMaxConnectionInterval=80\nConnectionSupervisionTimeout=20\n",
		10, 100, 0, 200, true, false},
	{"[LE]\nMinConnectionInterval=8\nMaxConnectionInterval=80\nConnectionSupervisionTimeout=21\n",
		10, 100, 0, 210, true, true},
	{"[LE]\nConnectionLatency=3\nConnectionSupervisionTimeout=40\n", 30, 50, 3, 400, true,
		false},
	{"[LE]\nConnectionLatency=3\nConnectionSupervisionTimeout=41\n", 30, 50, 3, 410, true,
		true},
	{"[LE]\nMinConnectionInterval=48\n", 60, 50, 0, 420, false, false},
	/* What bluetoothd ignores. */
	{"[LE]\nConnectionSupervisionTimeout=9\n", 30, 50, 0, 420, false, true},
	{"[LE]\nConnectionSupervisionTimeout=3201\n", 30, 50, 0, 420, false, true},
	{"[LE]\nConnectionSupervisionTimeout=-400\n", 30, 50, 0, 420, false, true},
	{"[LE]\nConnectionSupervisionTimeout=4s\n", 30, 50, 0, 420, false, true},
	{"[LE]\nConnectionSupervisionTimeout=\n", 30, 50, 0, 420, false, true},
	{"[LE]\nConnectionSupervisionTimeout=99999999999999999999\n", 30, 50, 0, 420, false, true},
	{"[LE\n=\n==\n]\n[]\nConnectionLatency=500\n", 30, 50, 0, 420, false, true},
};

static void reads_what_bluetoothd_reads(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(confs); i++) {
		struct bluez_le_conf conf;
		char path[32];

		write_file(path, confs[i].text);
		bluez_le_conf_read(path, &conf);
		unlink(path);
		print_message("%s\n", confs[i].text);
		assert_int_equal(conf.interval_min_us, confs[i].interval_min_ms * 1000);
		assert_int_equal(conf.interval_max_us, confs[i].interval_max_ms * 1000);
		assert_int_equal(conf.latency, confs[i].latency);
		assert_int_equal(conf.supervision_us, confs[i].supervision_ms * 1000);
		assert_int_equal(conf.has_supervision, confs[i].has_supervision);
		assert_int_equal(bluez_le_conf_fits(&conf), confs[i].fits);
		assert_false(conf.is_unread);
	}
}

static void there_may_be_no_file(void **state)
{
	static const char *const paths[] = {"/nonexistent/main.conf", "/tmp", "/dev/zero"};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct bluez_le_conf conf;

		bluez_le_conf_read(paths[i], &conf);
		assert_true(conf.is_unread);
		assert_int_equal(conf.supervision_us, 420000);
		assert_true(bluez_le_conf_fits(&conf));
	}
}

static void the_example_is_good(void **state)
{
	const char *top = getenv("COXAD_TOP_SRCDIR");
	struct bluez_le_conf conf;
	char path[256];

	snprintf(path, sizeof(path), "%s/conf/examples/bluetooth-main.conf", top ? top : ".");
	bluez_le_conf_read(path, &conf);
	assert_false(conf.is_unread);
	assert_true(conf.has_supervision);
	assert_in_range(conf.supervision_us, 2000000, 10000000);
	assert_true(bluez_le_conf_fits(&conf));
}

static void only_repeated_losses_count(void **state)
{
	struct bluez_le_losses losses = {0};

	/* All at once: an adapter. */
	for (unsigned i = 0; i < 40; i++)
		assert_false(bluez_le_conf_lost(&losses, 1000000 + i * 10000));
	assert_false(bluez_le_conf_lost(&losses, 60000000));
	assert_true(bluez_le_conf_lost(&losses, 120000000));
	for (unsigned i = 0; i < 40; i++) /* once is enough */
		assert_false(bluez_le_conf_lost(&losses, 200000000 + i * INT64_C(100000000)));
	/* Now and then is nothing. */
	losses = (struct bluez_le_losses){0};
	for (unsigned i = 0; i < 40; i++)
		assert_false(bluez_le_conf_lost(&losses, 1 + i * INT64_C(1000000000)));
}

/* What coxad writes meanwhile. */
static int caught, before;

static void catch_lines(void)
{
	char path[] = "/tmp/coxad-lines-XXXXXX";

	caught = mkstemp(path);
	assert_true(caught >= 0);
	unlink(path);
	before = dup(2);
	dup2(caught, 2);
}

static unsigned count_lines(const char *part)
{
	static char text[65536];
	unsigned n = 0;
	ssize_t size = pread(caught, text, sizeof(text) - 1, 0);

	text[size > 0 ? size : 0] = '\0';
	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

static void release_lines(void)
{
	dup2(before, 2);
	close(before);
	close(caught);
}

static unsigned warnings_of(const char *conf, const char *part)
{
	struct bus_test t;
	char path[32];
	unsigned n;

	write_file(path, conf);
	catch_lines();
	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100", .bluetooth_conf = path});
	for (unsigned i = 0; i < 5; i++) {
		UNTIL_STREAMS(&t, 2, 3);
		t.source->losses.last_us = 0; /* some time has passed */
		bus_test_order(&t, "drop C0:A5:00:00:00:00");
		UNTIL(&t, !t.w[0].is_up);
	}
	UNTIL_STREAMS(&t, 2, 3);
	bus_test_end(&t);
	n = count_lines(part);
	release_lines();
	unlink(path);
	return n;
}

/* In health until the file is mended. */
static void tells_what_to_mend(void **state)
{
	struct bus_test t;
	char path[32], mended[32];

	write_file(path, "[LE]\n");
	bus_test_begin(&t, &(struct bus_test_options){.gym = "1 100", .bluetooth_conf = path});
	for (unsigned i = 0; i < 5; i++) {
		UNTIL_STREAMS(&t, 1, 3);
		if (t.source->losses.has_warned)
			break;
		assert_string_equal(t.trouble[HEALTH_SUPERVISION_SHORT], "");
		t.source->losses.last_us = 0; /* some time has passed */
		bus_test_order(&t, "drop C0:A5:00:00:00:00");
		UNTIL(&t, !t.w[0].is_up);
	}
	UNTIL(&t, strcmp(t.trouble[HEALTH_SUPERVISION_SHORT], "bluetooth") == 0);
	write_file(mended, "[LE]\nConnectionSupervisionTimeout=400\n");
	assert_int_equal(rename(mended, path), 0);
	UNTIL(&t, strcmp(t.trouble[HEALTH_SUPERVISION_SHORT], "") == 0);
	bus_test_end(&t);
	unlink(path);
}

static void says_why_links_drop(void **state)
{
	assert_int_equal(warnings_of("[LE]\n", "links drop, and"), 1);
	assert_int_equal(warnings_of("[LE]\nConnectionSupervisionTimeout=400\n", "links drop"), 0);
}

static void says_what_does_not_fit(void **state)
{
	assert_int_equal(
		warnings_of("[LE]\nConnectionSupervisionTimeout=10\n", "do not fit together"), 1);
	assert_int_equal(warnings_of("", "do not fit together"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_bluetoothd_reads),
		cmocka_unit_test(there_may_be_no_file),
		cmocka_unit_test(the_example_is_good),
		cmocka_unit_test(only_repeated_losses_count),
		cmocka_unit_test(tells_what_to_mend),
		cmocka_unit_test(says_why_links_drop),
		cmocka_unit_test(says_what_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

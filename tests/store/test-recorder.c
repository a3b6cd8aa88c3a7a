// SPDX-License-Identifier: MIT
/* Who can read a capture, where it is written, and what happens when nobody takes it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/units.h"
#include "coxad/store/recorder.h"

#define PATIENCE_US (60 * (int64_t)US_PER_S)
#define VALUE_BYTES 500 /* a line of over 1000 */

static void is_for_its_owner_alone(void **state)
{
	char folder[] = "/tmp/coxad-recorder-XXXXXX", path[64], other[64];
	struct recorder *recorder;
	struct stat stat_;
	mode_t before = umask(0);

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/capture", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	assert_int_equal(recorder_new(path, &recorder), 0);
	recorder_free(recorder, PATIENCE_US);
	assert_int_equal(stat(path, &stat_), 0);
	assert_int_equal(stat_.st_mode & 0777, 0600);
	/* One that is there already, readable to all. */
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(recorder_new(path, &recorder), 0);
	recorder_free(recorder, PATIENCE_US);
	assert_int_equal(stat(path, &stat_), 0);
	assert_int_equal(stat_.st_mode & 0777, 0600);
	/* A link, to a file and to nothing. */
	unlink(path);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(recorder_new(path, &recorder), -ELOOP);
	assert_int_equal(access(other, F_OK), -1);
	unlink(path);
	rmdir(folder);
	umask(before);
}

static void record_change(struct recorder *recorder)
{
	struct capture_event header = {.kind = CAPTURE_HEADER, .t_us = 5, .gateway = "pi"};
	struct capture_event config = {
		.kind = CAPTURE_CONFIG, .t_us = 6, .text = "[kit 1]\n", .text_size = 8};

	assert_int_equal(recorder_put(recorder, &header), 0);
	assert_int_equal(recorder_put(recorder, &config), 0);
	assert_int_equal(recorder_put(recorder, &config), 0);
	recorder_free(recorder, PATIENCE_US);
}

static void check_change(FILE *file, char version)
{
	char text[512];
	size_t n = fread(text, 1, sizeof(text) - 1, file);

	text[n] = '\0';
	assert_int_equal(strncmp(text, "{\"coxa_capture\":", 16), 0);
	assert_int_equal(text[16], version);
	assert_string_equal(strchr(text, '\n') + 1,
		"{\"t\":6,\"e\":\"config\",\"text\":\"[kit 1]\\n\"}\n"
		"{\"t\":6,\"e\":\"config\",\"text\":\"[kit 1]\\n\"}\n");
	fclose(file);
}

/* The version is in the first line, which was written before anybody knew. */
static void a_changed_configuration_makes_it_version_2(void **state)
{
	char path[] = "/tmp/coxad-recorder-XXXXXX";
	struct recorder *recorder;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(recorder_new(path, &recorder), 0);
	record_change(recorder);
	check_change(fopen(path, "r"), '2');
	unlink(path);
	/* In a pipe it cannot be changed any more. */
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(recorder_new(path, &recorder), 0);
	record_change(recorder);
	check_change(fdopen(fd, "r"), '1');
	unlink(path);
}

static char version_with(const struct capture_event *event)
{
	char path[] = "/tmp/coxad-recorder-XXXXXX", text[CAPTURE_VERSION_AT + 1] = "";
	struct capture_event header = {.kind = CAPTURE_HEADER, .t_us = 5, .gateway = "pi"};
	struct recorder *recorder;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(recorder_new(path, &recorder), 0);
	assert_int_equal(recorder_put(recorder, &header), 0);
	assert_int_equal(recorder_put(recorder, event), 0);
	recorder_free(recorder, PATIENCE_US);
	assert_int_equal(read(fd, text, sizeof(text)), sizeof(text));
	close(fd);
	unlink(path);
	return text[CAPTURE_VERSION_AT];
}

static void a_radio_makes_it_version_2(void **state)
{
	struct capture_event event = {
		.kind = CAPTURE_RSSI, .t_us = 7, .address = "C0:A5:00:00:00:01", .rssi_dbm = -60};

	assert_int_equal(version_with(&event), '1');
	event.radio = "mat-1";
	assert_int_equal(version_with(&event), '2');
}

static int put_bytes(struct recorder *recorder, unsigned n_events)
{
	static const uint8_t bytes[VALUE_BYTES];
	struct capture_event event = {.kind = CAPTURE_NOTIFY,
		.t_us = 7,
		.address = "C0:A5:00:00:00:01",
		.value = bytes,
		.size = sizeof(bytes)};
	int r = 0;

	for (unsigned i = 0; i < n_events && !r; i++)
		r = recorder_put(recorder, &event);
	return r ? r : recorder_flush(recorder);
}

/* Opens the pipe for reading, without reading. */
static int open_pipe(char path[static 40], struct recorder **ret)
{
	int fd;

	strcpy(path, "/tmp/coxad-recorder-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(recorder_new(path, ret), 0);
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
	unlink(path);
	return fd;
}

static size_t read_all(int fd)
{
	char bytes[4096];
	size_t n_lines = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			n_lines += bytes[i] == '\n';
	close(fd);
	return n_lines;
}

static void what_nobody_takes_holds_up_nothing(void **state)
{
	struct recorder *recorder;
	char path[40];
	int fd = open_pipe(path, &recorder);

	assert_int_equal(put_bytes(recorder, 500), 0); /* far more than a pipe holds */
	recorder_end(recorder);
	assert_false(recorder_is_done(recorder));
	recorder_free(recorder, 0);
	assert_int_equal(read_all(fd), 500); /* up to its end */
}

static void what_fits_no_line_is_told(void **state)
{
	char path[] = "/tmp/coxad-recorder-XXXXXX", why[CAPTURE_LINE_MAX];
	struct capture_event event = {.kind = CAPTURE_DISCONNECTED,
		.t_us = 7,
		.address = "C0:A5:00:00:00:01",
		.why = why};
	struct recorder *recorder;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	memset(why, 'x', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	assert_int_equal(recorder_new(path, &recorder), 0);
	assert_int_equal(recorder_put(recorder, &event), 1);
	event.why = "lost";
	assert_int_equal(recorder_put(recorder, &event), 0);
	recorder_free(recorder, PATIENCE_US);
	assert_int_equal(read_all(fd), 1);
	unlink(path);
}

static void a_lag_beyond_bounds_ends_it(void **state)
{
	struct recorder *recorder;
	char path[40];
	int fd = open_pipe(path, &recorder);

	assert_int_equal(put_bytes(recorder, RECORDER_BYTES_MAX / VALUE_BYTES), -ENOBUFS);
	assert_int_equal(put_bytes(recorder, 1), 0); /* told once */
	recorder_free(recorder, 0);
	assert_true(read_all(fd) > 0);
}

static void a_reader_that_leaves_ends_it(void **state)
{
	struct recorder *recorder;
	char path[40];
	int r = 0;

	close(open_pipe(path, &recorder));
	assert_int_equal(put_bytes(recorder, 1), 0);
	while (!r) {
		usleep(1000);
		r = recorder_flush(recorder);
	}
	assert_int_equal(r, -EPIPE);
	assert_int_equal(put_bytes(recorder, 1), 0);
	recorder_end(recorder);
	recorder_free(recorder, PATIENCE_US);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_for_its_owner_alone),
		cmocka_unit_test(a_changed_configuration_makes_it_version_2),
		cmocka_unit_test(a_radio_makes_it_version_2),
		cmocka_unit_test(what_nobody_takes_holds_up_nothing),
		cmocka_unit_test(what_fits_no_line_is_told),
		cmocka_unit_test(a_lag_beyond_bounds_ends_it),
		cmocka_unit_test(a_reader_that_leaves_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* Who can read a capture, and where it is written. */
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

#include "coxad/store/recorder.h"

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
	recorder_free(recorder);
	assert_int_equal(stat(path, &stat_), 0);
	assert_int_equal(stat_.st_mode & 0777, 0600);
	/* One that is there already, readable to all. */
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(recorder_new(path, &recorder), 0);
	recorder_free(recorder);
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
	recorder_free(recorder);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_for_its_owner_alone),
		cmocka_unit_test(a_changed_configuration_makes_it_version_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

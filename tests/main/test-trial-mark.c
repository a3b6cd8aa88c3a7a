// SPDX-License-Identifier: MIT
/* Which wearables are on trial, from one coxad to the next; and whatever else may be found in that place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/main/trial-mark.h"

#define MARKS_MAX SOURCE_BLUEZ_TRIAL_MARKS_MAX

static char directory[64], path[96];

static int begin(void **state)
{
	snprintf(directory, sizeof(directory), "/tmp/coxad-trial-mark-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/trials", directory);
	return setenv("RUNTIME_DIRECTORY", directory, 1);
}

static int end(void **state)
{
	unlink(path);
	rmdir(path);
	return rmdir(directory);
}

static struct source_bluez_trial_mark mark_of(unsigned i)
{
	struct source_bluez_trial_mark mark = {.was_bonded = i % 2};

	snprintf(mark.address, ADDRESS_SIZE, "C0:A5:00:00:03:%02X", i);
	return mark;
}

static void write_marks(unsigned n)
{
	struct source_bluez_trial_mark all[MARKS_MAX];
	struct trial_mark mark;

	for (unsigned i = 0; i < n; i++)
		all[i] = mark_of(i);
	trial_mark_open(&mark);
	trial_mark_write(&mark, all, n);
	trial_mark_close(&mark);
}

static size_t read_marks(struct source_bluez_trial_mark ret[static MARKS_MAX])
{
	struct trial_mark mark;
	size_t n;

	trial_mark_open(&mark);
	n = trial_mark_read(&mark, ret);
	trial_mark_close(&mark);
	assert_int_equal(mark.fd, -1);
	return n;
}

static void put(const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

static void nobody_at_first(void **state)
{
	struct source_bluez_trial_mark all[MARKS_MAX];

	assert_int_equal(read_marks(all), 0);
}

/* Of fewer than before, nobody else remains. */
static void outlives_coxad(void **state)
{
	static const unsigned count[] = {1, MARKS_MAX, 3, 0, 2};
	struct source_bluez_trial_mark all[MARKS_MAX];
	struct stat info;

	for (size_t k = 0; k < sizeof(count) / sizeof(count[0]); k++) {
		write_marks(count[k]);
		assert_int_equal(read_marks(all), count[k]);
		for (unsigned i = 0; i < count[k]; i++) {
			assert_string_equal(all[i].address, mark_of(i).address);
			assert_int_equal(all[i].was_bonded, mark_of(i).was_bonded);
		}
	}
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

/* The lines that are whole count, wherever they stand. */
static void passes_over_what_is_no_address(void **state)
{
	struct source_bluez_trial_mark all[MARKS_MAX];
	char text[25 * MARKS_MAX + 1];

	memset(text, 'x', sizeof(text));
	put(text, sizeof(text) - 1);
	assert_int_equal(read_marks(all), 0);
	memset(text, 0, sizeof(text));
	put(text, sizeof(text) - 1);
	assert_int_equal(read_marks(all), 0);
	memcpy(text + 50, "c0:a5:00:00:03:0a bonded\n", 25);
	memcpy(text + 75, "C0:A5:00:00:03:0B       \n", 25);
	memcpy(text + 100, "C0:A5:00:00:03:0C:bonded\n", 25);
	memcpy(text + 125, "C0:A5:00:00:03:  bonded \n", 25);
	put(text, sizeof(text));
	assert_int_equal(read_marks(all), 3);
	assert_string_equal(all[0].address, "C0:A5:00:00:03:0A");
	assert_true(all[0].was_bonded);
	assert_string_equal(all[1].address, "C0:A5:00:00:03:0B");
	assert_false(all[1].was_bonded);
	put(text, sizeof(text) - 2);
	assert_int_equal(read_marks(all), 0);
}

/* Nothing of what stands there is followed, waited for, or changed. */
static void is_no_file(void **state)
{
	struct source_bluez_trial_mark all[MARKS_MAX];

	assert_int_equal(mkfifo(path, 0600), 0);
	write_marks(2);
	assert_int_equal(read_marks(all), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	write_marks(2);
	assert_int_equal(read_marks(all), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	write_marks(2);
	assert_int_equal(read_marks(all), 0);
}

static void without_a_directory(void **state)
{
	struct source_bluez_trial_mark all[MARKS_MAX];

	assert_int_equal(unsetenv("RUNTIME_DIRECTORY"), 0);
	write_marks(2);
	assert_int_equal(read_marks(all), 0);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_at_first, begin, end),
		cmocka_unit_test_setup_teardown(outlives_coxad, begin, end),
		cmocka_unit_test_setup_teardown(passes_over_what_is_no_address, begin, end),
		cmocka_unit_test_setup_teardown(is_no_file, begin, end),
		cmocka_unit_test_setup_teardown(without_a_directory, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

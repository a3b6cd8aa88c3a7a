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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(is_for_its_owner_alone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

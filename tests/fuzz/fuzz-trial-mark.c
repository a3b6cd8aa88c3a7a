// SPDX-License-Identifier: MIT
/* The file of wearables on trial, as a stranger or a full disk leaves it. What is taken of it are addresses, and
 * what is written over it is read as the same. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/main/trial-mark.h"

#define MARKS_MAX SOURCE_BLUEZ_TRIAL_MARKS_MAX

static void expect(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_address(const char *address)
{
	char again[ADDRESS_SIZE] = "";

	expect(address_from_string(address, again) == 0 && strcmp(address, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trial_mark mark = {-1};
	struct source_bluez_trial_mark all[MARKS_MAX], again[MARKS_MAX];
	size_t n;

	if (mark.fd < 0)
		mark.fd = memfd_create("trials", MFD_CLOEXEC);
	expect(ftruncate(mark.fd, 0) == 0 && pwrite(mark.fd, data, size, 0) == (ssize_t)size);
	n = trial_mark_read(&mark, all);
	expect(n <= MARKS_MAX);
	for (size_t i = 0; i < n; i++)
		check_address(all[i].address);
	trial_mark_write(&mark, all, n);
	expect(trial_mark_read(&mark, again) == n);
	for (size_t i = 0; i < n; i++)
		expect(strcmp(all[i].address, again[i].address) == 0 &&
			all[i].was_bonded == again[i].was_bonded);
	return 0;
}

// SPDX-License-Identifier: MIT
/* Texts of the history: what is read can be written and read again, and stays the same. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/wire/history-athlete.h"
#include "coxad/wire/history.h"

static void calibration(const char *text, size_t size)
{
	struct kit_calibration first, second;
	char *one, *two;

	if (history_read_calibration(text, size, &first) < 0)
		return;
	one = history_write_calibration(&first);
	if (history_read_calibration(one, strlen(one), &second) < 0)
		abort();
	two = history_write_calibration(&second);
	if (strcmp(one, two) != 0)
		abort();
	free(one);
	free(two);
}

static void athlete(const char *text, size_t size)
{
	static struct athlete_memory first, second;
	struct wall_clock clock = {.n = 1, .setting = {{5000000, 1772352000000000}}};
	char *one, *two;

	if (history_athlete_read(text, size, &clock, &first) < 0)
		return;
	if (first.n_pops > MEMORY_POPS_MAX || first.n_symptoms > MEMORY_SYMPTOMS_MAX ||
		first.n_alerts > MEMORY_ALERTS_MAX || first.n_open_pops > MEMORY_OPEN_POPS_MAX ||
		first.n_sparc > MEMORY_SPARC_MAX || first.n_losses > MEMORY_LOSSES_MAX)
		abort();
	one = history_athlete_write(&first, &clock);
	if (history_athlete_read(one, strlen(one), &clock, &second) < 0)
		abort();
	two = history_athlete_write(&second, &clock);
	if (strcmp(one, two) != 0)
		abort();
	free(one);
	free(two);
}

static void wearable(const char *text, size_t size)
{
	struct wall_clock clock = {.n = 1, .setting = {{5000000, 1772352000000000}}};
	struct wearable_memory first, second;
	int64_t t_us, again_us;
	char *one;

	if (history_read_wearable(text, size, &clock, &first, &t_us) < 0)
		return;
	one = history_write_wearable(&first, t_us, &clock);
	if (history_read_wearable(one, strlen(one), &clock, &second, &again_us) < 0 ||
		memcmp(&first, &second, sizeof(first)) != 0 || t_us != again_us)
		abort();
	free(one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	wearable((const char *)data, size);
	calibration((const char *)data, size);
	athlete((const char *)data, size);
	return 0;
}

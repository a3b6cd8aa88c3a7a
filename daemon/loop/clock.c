// SPDX-License-Identifier: MIT
#include "coxad/loop/clock.h"

#include <stdlib.h>
#include <sys/timex.h>
#include <systemd/sd-id128.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/units.h"

/* The kernel counts the possible error up to this, when nobody corrects it any more. */
#define ERROR_MAX_US 16000000
/* Made by systemd-timesyncd when the clock is right. The sandbox of coxad.service allows no
 * adjtimex. */
#define SYNCHRONISED "/run/systemd/timesync/synchronized"
/* Set by coxad.service, whose sandbox hides /proc/sys. */
#define BOOT_VARIABLE "COXAD_BOOT_ID"

static int64_t read_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * US_PER_S + ts.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME);
}

bool clock_is_synchronised(void)
{
	struct timex kernel = {0};

	if (adjtimex(&kernel) >= 0)
		return kernel.maxerror < ERROR_MAX_US;
	return !access(SYNCHRONISED, F_OK);
}

int64_t clock_boot(void)
{
	const char *text = getenv(BOOT_VARIABLE);
	sd_id128_t id;

	if (sd_id128_get_boot(&id) < 0 && (!text || sd_id128_from_string(text, &id) < 0))
		return 0;
	return (int64_t)((id.qwords[0] ^ id.qwords[1]) & INT64_MAX);
}

// SPDX-License-Identifier: MIT
#include "daemon/main/gauges.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "coxad/base/units.h"
#include "coxad/loop/clock.h"

static int64_t cpu_us(const struct rusage *u)
{
	return ((int64_t)u->ru_utime.tv_sec + u->ru_stime.tv_sec) * US_PER_S + u->ru_utime.tv_usec +
	       u->ru_stime.tv_usec;
}

/* NAN where /proc does not say. */
static double resident_kb(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return NAN;
	if (fscanf(file, "%*s %ld", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages ? (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024 : NAN;
}

size_t gauges_read(struct gauges *g, struct stat_entry *entries, size_t capacity)
{
	struct rusage usage;
	int64_t now = clock_now_us(), cpu;
	double percent = NAN;

	if (capacity < 3 || getrusage(RUSAGE_SELF, &usage) < 0)
		return 0;
	cpu = cpu_us(&usage);
	if (g->last_us && now > g->last_us)
		percent = 100.0 * (double)(cpu - g->last_cpu_us) / (double)(now - g->last_us);
	g->last_us = now;
	g->last_cpu_us = cpu;
	entries[0] = (struct stat_entry){.name = "cpu_percent", .value = percent};
	entries[1] = (struct stat_entry){
		.name = "memory_kb", .value = resident_kb(), .is_integer = true};
	entries[2] = (struct stat_entry){
		.name = "memory_peak_kb", .value = (double)usage.ru_maxrss, .is_integer = true};
	return 3;
}

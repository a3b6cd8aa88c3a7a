// SPDX-License-Identifier: MIT
#include "coxad/loop/journal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "coxad/loop/clock.h"

#define LINE_MAX_BYTES 1024
#define FIELDS_MAX     12
#define FIELD_BYTES    128

/* The one place of the process that is written to from everywhere. */
static atomic_int journal_level = LOG_INFO;
static atomic_bool journal_is_native;

/* systemd puts device and inode of the journal's socket into JOURNAL_STREAM (systemd.exec(5)). */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &st) && (unsigned long long)st.st_dev == device &&
	       (unsigned long long)st.st_ino == inode;
}

void journal_start(int level)
{
	atomic_store(&journal_level, level);
	atomic_store(&journal_is_native, stderr_is_journal());
}

static const char *level_name(int level)
{
	static const char *const names[] = {
		"emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"};

	return level >= 0 && level <= LOG_DEBUG ? names[level] : "?";
}

static void send_native(int level, const char *blame, const struct journal_field *fields, size_t n,
	const char *line)
{
	char text[FIELDS_MAX][FIELD_BYTES], message[LINE_MAX_BYTES + 64];
	struct iovec iov[FIELDS_MAX + 1];
	int used = 0;

	snprintf(text[used], FIELD_BYTES, "PRIORITY=%d", level);
	iov[used] = (struct iovec){text[used], strlen(text[used])};
	used++;
	snprintf(text[used], FIELD_BYTES, "COXAD_BLAME=%s", blame);
	iov[used] = (struct iovec){text[used], strlen(text[used])};
	used++;
	for (size_t i = 0; i < n && used < FIELDS_MAX; i++) {
		if (!fields[i].value)
			continue;
		snprintf(text[used], FIELD_BYTES, "COXAD_%s=%s", fields[i].name, fields[i].value);
		iov[used] = (struct iovec){text[used], strlen(text[used])};
		used++;
	}
	snprintf(message, sizeof(message), "MESSAGE=%s: %s", blame, line);
	iov[used++] = (struct iovec){message, strlen(message)};
	sd_journal_sendv(iov, used);
}

static void send_line(
	int level, const char *blame, const struct journal_field *fields, size_t n, char *line)
{
	/* A name from outside must not forge a second line. */
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	if (atomic_load(&journal_is_native))
		send_native(level, blame, fields, n, line);
	else
		fprintf(stderr, "coxad: %s: %s: %s\n", level_name(level), blame, line);
}

static __attribute__((format(printf, 5, 0))) void write_fields(int level, const char *blame,
	const struct journal_field *fields, size_t n, const char *format, va_list args)
{
	char line[LINE_MAX_BYTES];
	int saved = errno;

	if (level > atomic_load(&journal_level))
		return;
	errno = saved; /* for %m */
	vsnprintf(line, sizeof(line), format, args);
	send_line(level, blame, fields, n, line);
	errno = saved;
}

void journal_write(int level, const char *blame, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_fields(level, blame, NULL, 0, format, args);
	va_end(args);
}

void journal_write_trace(const char *text)
{
	char line[LINE_MAX_BYTES];

	snprintf(line, sizeof(line), "%s", text);
	send_line(LOG_DEBUG, "trace", NULL, 0, line);
}

/* Whether it may be written; first tells what was held back before. */
static bool is_within(struct journal_limit *limit, int level, const char *blame)
{
	int64_t now_us = clock_now_us();

	if (!limit->begin_us || now_us - limit->begin_us >= JOURNAL_LIMIT_WINDOW_US) {
		if (limit->held_back)
			journal_write(level, blame, "%u lines like the next one were held back",
				limit->held_back);
		*limit = (struct journal_limit){.begin_us = now_us};
	}
	if (limit->written >= JOURNAL_LIMIT_BURST) {
		limit->held_back++;
		return false;
	}
	limit->written++;
	return true;
}

void journal_write_limited(
	struct journal_limit *limit, int level, const char *blame, const char *format, ...)
{
	va_list args;

	if (level > atomic_load(&journal_level) || !is_within(limit, level, blame))
		return;
	va_start(args, format);
	write_fields(level, blame, NULL, 0, format, args);
	va_end(args);
}

void journal_write_fields(struct journal_limit *limit, int level, const char *blame,
	const struct journal_field *fields, size_t n, const char *format, ...)
{
	va_list args;

	if (level > atomic_load(&journal_level) || (limit && !is_within(limit, level, blame)))
		return;
	va_start(args, format);
	write_fields(level, blame, fields, n, format, args);
	va_end(args);
}

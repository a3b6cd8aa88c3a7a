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

/* The only global state of the process: any thread may log. */
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

void journal_set_level(int level)
{
	atomic_store(&journal_level, level);
}

bool journal_is_standard_error(void)
{
	return atomic_load(&journal_is_native);
}

static const char *const level_names[] = {
	"emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"};

static const char *level_name(int level)
{
	return level >= 0 && level <= LOG_DEBUG ? level_names[level] : "?";
}

int journal_level_from_string(const char *name)
{
	for (int level = LOG_ERR; level <= LOG_DEBUG; level++)
		if (strcmp(level_names[level], name) == 0)
			return level;
	return -EINVAL;
}

static void send_native(const struct journal_line *line, const char *text)
{
	char field[FIELDS_MAX][FIELD_BYTES], message[LINE_MAX_BYTES + 64];
	struct iovec iov[FIELDS_MAX + 1];
	int n = 2;

	snprintf(field[0], FIELD_BYTES, "PRIORITY=%d", line->level);
	snprintf(field[1], FIELD_BYTES, "COXAD_BLAME=%s", line->blame);
	for (size_t i = 0; i < line->n_fields && n < FIELDS_MAX; i++)
		if (line->fields[i].value)
			snprintf(field[n++], FIELD_BYTES, "COXAD_%s=%s", line->fields[i].name,
				line->fields[i].value);
	for (int i = 0; i < n; i++)
		iov[i] = (struct iovec){field[i], strlen(field[i])};
	snprintf(message, sizeof(message), "MESSAGE=%s: %s", line->blame, text);
	iov[n++] = (struct iovec){message, strlen(message)};
	sd_journal_sendv(iov, n);
}

static void send_line(const struct journal_line *line, char *text)
{
	/* A name from outside must not forge a second line. */
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	if (atomic_load(&journal_is_native))
		send_native(line, text);
	else
		fprintf(stderr, "coxad: %s: %s: %s\n", level_name(line->level), line->blame, text);
}

static __attribute__((format(printf, 2, 0))) void format_line(
	const struct journal_line *line, const char *format, va_list args)
{
	char text[LINE_MAX_BYTES];
	int saved = errno;

	vsnprintf(text, sizeof(text), format, args);
	send_line(line, text);
	errno = saved;
}

static bool is_shown(int level)
{
	return level <= atomic_load(&journal_level);
}

void journal_write(int level, const char *blame, const char *format, ...)
{
	va_list args;

	if (!is_shown(level))
		return;
	va_start(args, format);
	format_line(&(struct journal_line){.level = level, .blame = blame}, format, args);
	va_end(args);
}

void journal_write_trace(const char *line)
{
	char text[LINE_MAX_BYTES];

	snprintf(text, sizeof(text), "%s", line);
	send_line(&(struct journal_line){.level = LOG_DEBUG, .blame = "trace"}, text);
}

/* Says first how many lines were suppressed in the window before. */
static bool is_within(struct journal_limit *limit, int level, const char *blame)
{
	int64_t now_us = clock_now_us();

	if (!limit->begin_us || now_us - limit->begin_us >= JOURNAL_LIMIT_WINDOW_US) {
		if (limit->suppressed)
			journal_write(level, blame, "suppressed %u lines like the next one",
				limit->suppressed);
		*limit = (struct journal_limit){.begin_us = now_us};
	}
	if (limit->written >= JOURNAL_LIMIT_BURST) {
		limit->suppressed++;
		return false;
	}
	limit->written++;
	return true;
}

void journal_write_limited(
	struct journal_limit *limit, int level, const char *blame, const char *format, ...)
{
	va_list args;

	if (!is_shown(level) || !is_within(limit, level, blame))
		return;
	va_start(args, format);
	format_line(&(struct journal_line){.level = level, .blame = blame}, format, args);
	va_end(args);
}

void journal_write_line(const struct journal_line *line, const char *format, ...)
{
	va_list args;

	if (!is_shown(line->level) ||
		(line->limit && !is_within(line->limit, line->level, line->blame)))
		return;
	va_start(args, format);
	format_line(line, format, args);
	va_end(args);
}

// SPDX-License-Identifier: MIT
#pragma once
/* What people and monitors read: the journal with structured fields if systemd connects our standard
 * error to it, plain lines on standard error otherwise. Levels are those of syslog, with this
 * meaning: error = a service to the user is gone, warning = degraded, notice = life cycle. Never
 * secrets; health data only at debug. Any thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <syslog.h>

/* Lines above this level (LOG_DEBUG is the highest) are not written. Without it: LOG_INFO. */
void journal_start(int level);
/* Another level from here on. */
void journal_set_level(int level);
/* "error", "warning", ...; -EINVAL. */
int journal_level_from_string(const char *name);

/* Whether standard error is the journal: what is printed there is kept and read by others. */
bool journal_is_standard_error(void);

/* blame: where to look first: "device", "bluez", "broker", "config", "disk", "coxad". */
void journal_write(int level, const char *blame, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A trace line: LOG_DEBUG, but written whatever the level. */
void journal_write_trace(const char *line);

/* At most JOURNAL_LIMIT_BURST lines in each JOURNAL_LIMIT_WINDOW_US; the first line of the next
 * window is preceded by the number of suppressed ones. Embedded in the owner, one for each kind of
 * line and device. */
#define JOURNAL_LIMIT_BURST     5
#define JOURNAL_LIMIT_WINDOW_US (60 * INT64_C(1000000))
struct journal_limit {
	int64_t begin_us;
	unsigned written, suppressed;
};
void journal_write_limited(struct journal_limit *limit, int level, const char *blame,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A structured field: COXAD_NAME=value in the journal, left out on standard error. Name in
 * capitals, e.g. WEARABLE, DRIVER, STATE. */
struct journal_field {
	const char *name;
	const char *value; /* NULL: left out */
};
struct journal_line {
	int level;
	const char *blame;
	const struct journal_field *fields;
	size_t n_fields;
	struct journal_limit *limit; /* NULL: none */
};
void journal_write_line(const struct journal_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

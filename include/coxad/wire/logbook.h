// SPDX-License-Identifier: MIT
#pragma once
/* The logbook: what happened to an athlete, for command/history. Which results are entered and as what
 * text; what may be asked; a page of entries as JSON. Pure. What the page is made of comes from the disk
 * and is checked.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/result.h"

/* X(id, text, also on disk) */
#define LOGBOOK_KIND_LIST(X)                                                                       \
	X(REP, "rep")                                                                              \
	X(POP, "pop")                                                                              \
	X(ALERT, "alert")                                                                          \
	X(ACT, "act")                                                                              \
	X(SUMMARY, "summary")
#define LOGBOOK_KIND_ENUM_(id, text) LOGBOOK_KIND_##id,
TERM_ENUM(LOGBOOK_KIND, logbook_kind, LOGBOOK_KIND_LIST);

/* Of one answer; it fits a broker's smallest usual limit with room to spare. */
#define LOGBOOK_PAGE_ENTRIES 200
#define LOGBOOK_PAGE_BYTES   (128 << 10)
/* No entry comes near this. */
#define LOGBOOK_TEXT_MAX 16384

/* Its numbers only increase. One is at least its time in milliseconds times this, so that a time finds
 * the first number that may belong to it. */
#define LOGBOOK_SEQ_PER_MS 1024
#define LOGBOOK_SEQ_MAX    (INT64_C(1) << 53) /* JSON carries no greater number */

struct logbook_entry {
	int64_t seq;   /* the cursor */
	int64_t at_ms; /* UTC, when it was entered */
	enum logbook_kind kind;
	const char *athlete;
	const char *text; /* a JSON object */
	size_t size;
};

struct logbook_query {
	char athlete[NAME_SIZE];
	uint32_t kinds;    /* mask of 1 << kind; 0: all */
	int64_t after_seq; /* later ones only; 0: from the first */
	int64_t since_ms;  /* not entered before; 0: from the first */
	unsigned limit;    /* 1 to LOGBOOK_PAGE_ENTRIES */
};

/* The number of an entry from its text in a reply. -EINVAL: none. */
int logbook_cursor_read(const char *text, int64_t *ret_seq);
/* Every entry that the query asks for has a greater number than this. */
int64_t logbook_after(const struct logbook_query *query);

/* The oldest that the query asks for. Borrowed. */
struct logbook_page {
	const struct logbook_entry *entry;
	size_t n;
	bool has_more;
	bool is_known; /* there is an entry of the athlete, asked for or not */
};

/* Whether the result is entered, and as which kind. */
bool logbook_takes(const struct result *result, enum logbook_kind *ret);
/* The athlete whom the result is about. */
const char *logbook_athlete(const struct result *result);
/* The text of an entry from the published payload, without what is too long to keep. Returns-owned; NULL
 * if it is no JSON object. */
char *logbook_text(enum logbook_kind kind, const char *payload, size_t size);

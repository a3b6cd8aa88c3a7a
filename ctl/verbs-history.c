// SPDX-License-Identifier: MIT
#include "ctl/verbs-history.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/command.h"
#include "ctl/out.h"
#include "ctl/topic.h"
#include "ctl/watch-event.h"

/* doc/schemas/command-history.json */
#define PAGE_ENTRIES 200
/* A long answer uses up more of a caller's share than a short one: one page a second is never too much,
 * and so many at once neither. */
#define PAGES_AT_ONCE 8

struct history {
	struct ctl *ctl;
	const char *athlete, *kind; /* kind NULL: all */
	json_t *entries;            /* for --json; NULL: each is printed as it comes */
	json_t *next;               /* a cursor; NULL or null: there is no more */
	size_t n, n_max;
};

/* --- what people read --- */

static void print_member(const json_t *object, const char *key, const char *before)
{
	char text[256];
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value) && !json_is_integer(value))
		return;
	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	fputs(before, stdout);
	out_clean(stdout, json_is_string(value) ? json_string_value(value) : text);
}

static void print_act(const json_t *act)
{
	const json_t *symptom = json_object_get(act, "symptom");

	print_member(act, "act", "");
	print_member(act, "kit", ", kit ");
	print_member(act, "exercise", ", ");
	print_member(symptom, "code", ": ");
	print_member(symptom, "site", ", at ");
	print_member(symptom, "side", ", ");
	print_member(symptom, "intensity", ", intensity ");
	print_member(act, "alert", ", alert ");
	print_member(act, "pop", ", pop ");
	print_member(act, "class", ", to ");
	print_member(act, "reason", ": ");
	print_member(act, "by", ", by ");
}

static void print_summary(const json_t *summary)
{
	printf("session");
	print_member(summary, "kit", " with kit ");
	print_member(summary, "exercise", ", ");
	print_member(summary, "since", ", since ");
	print_member(summary, "reps", ", repetitions ");
	print_member(summary, "faulty_reps", ", faulty ");
}

static void print_event(const char *kind, const json_t *event)
{
	_auto_free_ char *topic = alloc_printf("athlete//%s", kind);
	_auto_free_ char *text = watch_event_text(topic, event);

	if (strcmp(kind, "act") == 0)
		print_act(event);
	else if (strcmp(kind, "summary") == 0)
		print_summary(event);
	else
		out_clean(stdout, text ? text : kind);
}

static void print_entry(const json_t *entry)
{
	out_clean(stdout, topic_text(entry, "time"));
	fputs("  ", stdout);
	print_event(topic_text(entry, "kind"), json_object_get(entry, "event"));
	putchar('\n');
}

/* --- page by page --- */

static json_t *question(const struct history *h)
{
	size_t left = h->n_max - h->n;
	json_t *payload = json_pack("{s:s,s:s*,s:i}", "athlete", h->athlete, "kind", h->kind,
		"limit", left < PAGE_ENTRIES ? (int)left : PAGE_ENTRIES);

	if (payload && h->next)
		json_object_set(payload, "since", h->next);
	return payload;
}

static void take(struct history *h, const json_t *page)
{
	const json_t *entries = json_object_get(page, "entries");
	json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		if (h->entries)
			json_array_append(h->entries, entry);
		else
			print_entry(entry);
	}
	h->n += json_array_size(entries);
	json_decref(h->next);
	h->next = json_incref(json_object_get(page, "next"));
}

static int next_page(struct history *h)
{
	json_t *page = NULL;
	int status = command_run(h->ctl, "history", question(h), &page);

	if (status == CTL_OK)
		take(h, page);
	json_decref(page);
	return status;
}

static int all_pages(struct history *h)
{
	unsigned pages = 0;
	int status;

	do {
		if (pages++ >= PAGES_AT_ONCE)
			sleep(1);
		status = next_page(h);
	} while (status == CTL_OK && json_is_string(h->next) && h->n < h->n_max && !ferror(stdout));
	return status;
}

static int finish(struct history *h)
{
	json_t *document;
	int status;

	if (!h->entries) {
		printf("%s%zu entries.\n", h->n ? "\n" : "", h->n);
		return CTL_OK;
	}
	document = json_pack("{s:O,s:O?}", "entries", h->entries, "next", h->next);
	status = out_json(document);
	json_decref(document);
	return status;
}

int verbs_history_fetch(struct ctl *ctl, const char *athlete, json_t **ret)
{
	struct history h = {
		.ctl = ctl, .athlete = athlete, .entries = json_array(), .n_max = SIZE_MAX};
	int status = all_pages(&h);

	json_decref(h.next);
	*ret = h.entries;
	return status;
}

int verbs_history_run(struct ctl *ctl, int argc, char **argv)
{
	struct history h = {.ctl = ctl,
		.athlete = argv[1],
		.kind = argc > 2 ? argv[2] : NULL,
		.entries = ctl->is_json ? json_array() : NULL,
		.next = ctl->since ? json_string(ctl->since) : NULL,
		.n_max = ctl->limit ? ctl->limit : SIZE_MAX};
	int status = all_pages(&h);

	if (status == CTL_OK)
		status = finish(&h);
	json_decref(h.entries);
	json_decref(h.next);
	return status;
}

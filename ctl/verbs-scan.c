// SPDX-License-Identifier: MIT
#include "ctl/verbs-scan.h"

#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "ctl/nearby.h"
#include "ctl/out.h"
#include "ctl/topic.h"

#define SECONDS_MAX     60
#define SECONDS_DEFAULT 8
#define TEXT_BYTES      96

static void add_row(struct out_table *table, const json_t *candidate)
{
	bool is_near = nearby_rssi_dbm(candidate) > -70;
	char text[TEXT_BYTES];

	out_table_add(table, OUT_PLAIN, topic_text(candidate, "address"));
	out_table_add(table, OUT_PLAIN, topic_text(candidate, "family"));
	out_table_add(table, OUT_FAINT, out_member(candidate, "name", "", text, sizeof(text)));
	out_table_add(table, is_near ? OUT_GOOD : OUT_PLAIN,
		out_member(candidate, "rssi_dbm", " dBm", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(candidate, "age_s", " s", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN,
		json_is_true(json_object_get(candidate, "is_connected"))
			? "connected"
			: topic_text(candidate, "claim"));
}

static void print_table(const json_t *candidates)
{
	static const char *const head[] = {
		"ADDRESS", "WEARABLE", "NAME", "SIGNAL", "HEARD", "CLAIM"};
	struct out_table table;
	json_t *one;
	size_t i;

	out_table_begin(&table, head, ARRAY_LEN(head));
	json_array_foreach(candidates, i, one) add_row(&table, one);
	out_table_end(&table, stdout);
	if (json_array_size(candidates) == 0)
		puts("Nothing new is heard. Switch the sensors on, hold them near, and close the maker's "
		     "app,\nwhich keeps them to itself.");
}

static int seconds_of(const char *text, unsigned *ret)
{
	char *end = NULL;
	unsigned long number = text ? strtoul(text, &end, 10) : SECONDS_DEFAULT;

	if (text && (end == text || *end || text[0] == '-' || number < 1 || number > SECONDS_MAX)) {
		out_message("SECONDS is a whole number from 1 to %d", SECONDS_MAX);
		return CTL_USAGE;
	}
	*ret = (unsigned)number;
	return CTL_OK;
}

int verbs_scan_run(struct ctl *ctl, int argc, char **argv)
{
	json_t *candidates = NULL;
	unsigned seconds;
	int status = seconds_of(argc > 1 ? argv[1] : NULL, &seconds);

	if (status == CTL_OK)
		status = nearby_look(ctl, seconds, &candidates);
	if (status == CTL_OK && ctl->is_json) {
		json_t *document = json_pack("{s:O}", "candidates", candidates);

		status = out_json(document);
		json_decref(document);
	} else if (status == CTL_OK) {
		print_table(candidates);
	}
	json_decref(candidates);
	return status;
}

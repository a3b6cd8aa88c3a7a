// SPDX-License-Identifier: MIT
#include "ctl/watch-screen.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "ctl/out.h"

#define CELL_BYTES 80

static const char *number(double value, const char *unit, char ret[static CELL_BYTES])
{
	if (isnan(value))
		return "-";
	snprintf(ret, CELL_BYTES, "%.0f%s", value, unit);
	return ret;
}

static const char *or_dash(const char *text)
{
	return text[0] ? text : "-";
}

static enum out_look look_of_pop(const char *pop)
{
	if (strncmp(pop, "red_flag", 8) == 0)
		return OUT_BAD;
	return strncmp(pop, "form_fault", 10) == 0 || strncmp(pop, "review", 6) == 0 ? OUT_WARN
										     : OUT_PLAIN;
}

static void add_pop(struct out_table *table, const struct watch_model_kit *kit, int64_t now_us)
{
	char text[CELL_BYTES];
	int64_t ago_s = (now_us - kit->pop_us) / US_PER_S;

	snprintf(text, sizeof(text), "%s, %" PRId64 " s ago", kit->pop, ago_s < 0 ? 0 : ago_s);
	out_table_add(table, look_of_pop(kit->pop), kit->pop[0] ? text : "-");
}

static void add_kit(struct out_table *table, const struct watch_model *m,
	const struct watch_model_kit *kit, int64_t now_us)
{
	char text[CELL_BYTES];
	size_t streaming, n = watch_model_count(m, kit->name, &streaming);

	out_table_add(table, OUT_PLAIN, kit->name);
	out_table_add(table, OUT_PLAIN, or_dash(kit->athlete));
	out_table_add(table, OUT_PLAIN, or_dash(kit->exercise));
	out_table_add(table, OUT_PLAIN, or_dash(kit->phase));
	snprintf(text, sizeof(text), "%u", kit->rep);
	out_table_add(table, OUT_PLAIN, text);
	out_table_add(table, OUT_PLAIN, number(kit->angle_deg, "°", text));
	add_pop(table, kit, now_us);
	snprintf(text, sizeof(text), "%zu/%zu", streaming, n);
	out_table_add(table, streaming == n ? OUT_GOOD : OUT_WARN, text);
	out_table_add(table, kit->alert[0] ? OUT_BAD : OUT_PLAIN,
		or_dash(kit->alert[0] ? kit->alert : kit->cue));
}

/* Head, blank lines and the line that says how many are not shown. */
#define OTHER_ROWS 5

static void print_kits(const struct watch_model *m, const struct watch_screen *screen, FILE *file)
{
	static const char *const head[] = {"KIT", "ATHLETE", "EXERCISE", "PHASE", "REPS", "ANGLE",
		"LAST POP", "LINKS", "ALERT OR CUE"};
	size_t left = screen->rows > OTHER_ROWS ? screen->rows - OTHER_ROWS : SIZE_MAX;
	struct out_table table;
	size_t hidden = 0;

	out_table_begin(&table, head, ARRAY_LEN(head));
	for (size_t i = 0; i < m->n_kits; i++) {
		if (screen->kit && strcmp(m->kit[i].name, screen->kit) != 0)
			continue;
		if (left == 0) {
			hidden++;
			continue;
		}
		left--;
		add_kit(&table, m, &m->kit[i], screen->now_us);
	}
	out_table_end(&table, file);
	if (hidden)
		fprintf(file, "and %zu more kits\n", hidden);
}

static void print_wearables(const struct watch_model *m, const char *kit, FILE *file)
{
	static const char *const head[] = {
		"WEARABLE", "PLACEMENT", "STATE", "RATE", "LOSS", "SIGNAL", "BATTERY"};
	struct out_table table;
	char text[CELL_BYTES];

	out_table_begin(&table, head, ARRAY_LEN(head));
	for (size_t i = 0; i < m->n_wearables; i++) {
		const struct watch_model_wearable *w = &m->wearable[i];

		if (strcmp(w->kit, kit) != 0)
			continue;
		out_table_add(&table, OUT_PLAIN, w->name);
		out_table_add(&table, OUT_PLAIN, w->placement);
		out_table_add(
			&table, strcmp(w->state, "streaming") ? OUT_WARN : OUT_GOOD, w->state);
		out_table_add(&table, OUT_PLAIN, number(w->rate_hz, " Hz", text));
		out_table_add(&table, OUT_PLAIN, number(w->loss_percent, " %", text));
		out_table_add(&table, OUT_PLAIN, number(w->rssi_dbm, " dBm", text));
		out_table_add(&table, OUT_PLAIN, number(w->battery_percent, " %", text));
	}
	out_table_end(&table, file);
}

void watch_screen_print(const struct watch_model *m, const struct watch_screen *screen, FILE *file)
{
	size_t streaming, n = watch_model_count(m, screen->kit, &streaming);

	fputs("coxad ", file);
	out_clean(file, or_dash(m->gateway));
	fprintf(file, ", ");
	out_clean(file, or_dash(m->state));
	fprintf(file, ", health ");
	out_clean(file, or_dash(m->health));
	fprintf(file, ", %zu of %zu wearables send data\n\n", streaming, n);
	print_kits(m, screen, file);
	if (!screen->kit)
		return;
	fputc('\n', file);
	print_wearables(m, screen->kit, file);
}

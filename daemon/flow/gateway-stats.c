// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-stats.h"

#include "coxad/base/units.h"
#include "coxad/core/judge/judge.h"
#include "daemon/flow/gateway-deliver.h"

#define STATS_MAX 128

static size_t add_stat(struct stat_entry *entries, size_t n, const char *name, double value)
{
	if (n < STATS_MAX)
		entries[n++] =
			(struct stat_entry){.name = name, .value = value, .is_integer = true};
	return n;
}

static size_t add_drops(const struct gateway *g, struct stat_entry *entries, size_t n)
{
	/* Static names: entries are borrowed by the encoder. */
	static const char *const names[REASON_COUNT] = {
#define DROP_NAME(id, name) "drops_" name,
		REASON_LIST(DROP_NAME)
#undef DROP_NAME
	};
	uint64_t sum[REASON_COUNT] = {0};

	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		for (unsigned r = 0; r < REASON_COUNT; r++)
			sum[r] += intake_diag(g->wearable[i].intake)->count[r];
	sum[REASON_UNKNOWN_WEARABLE] += g->count.packets_unknown;
	for (unsigned r = REASON_NONE + 1; r < REASON_COUNT; r++)
		n = add_stat(entries, n, names[r], (double)sum[r]);
	return n;
}

static size_t add_judge(const struct gateway *g, struct stat_entry *entries, size_t n)
{
	const struct judge_counters *c = pipeline_judge_counters(g->pipeline);

	n = add_stat(entries, n, "pops_without_session", (double)c->pops_without_session);
	n = add_stat(entries, n, "pops_duplicate", (double)c->pops_duplicate);
	n = add_stat(entries, n, "pops_dropped", (double)c->pops_dropped);
	n = add_stat(entries, n, "pops_lost", (double)c->pops_lost);
	n = add_stat(entries, n, "symptoms_without_session", (double)c->symptoms_without_session);
	n = add_stat(entries, n, "symptoms_repeated", (double)c->symptoms_repeated);
	n = add_stat(entries, n, "references_dropped", (double)c->references_dropped);
	return add_stat(entries, n, "reps_without_session", (double)c->reps_without_session);
}

static size_t add_rates(const struct gateway *g, struct stat_entry *entries, size_t n)
{
	const struct judge_counters *c = pipeline_judge_counters(g->pipeline);

	n = add_stat(entries, n, "symptoms_over_rate", (double)c->symptoms_over_rate);
	n = add_stat(entries, n, "pops_over_rate", (double)c->pops_over_rate);
	return add_stat(entries, n, "commands_over_rate", (double)g->count.commands_over_rate);
}

void gateway_stats_publish(struct gateway *g)
{
	struct stat_entry entries[STATS_MAX];
	struct message message;
	uint64_t packets = 0;
	size_t n = 0;

	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		packets += intake_packets(g->wearable[i].intake);
	n = add_stat(entries, n, "uptime_s", (double)((g->now_us - g->started_us) / US_PER_S));
	n = add_stat(entries, n, "packets", (double)packets);
	n = add_stat(entries, n, "samples", (double)g->count.samples);
	n = add_stat(entries, n, "pops", (double)g->count.pops);
	n = add_stat(entries, n, "symptoms", (double)g->count.symptoms);
	n = add_stat(entries, n, "commands", (double)g->count.commands);
	n = add_stat(entries, n, "commands_refused", (double)g->count.commands_refused);
	n = add_stat(entries, n, "events", (double)g->count.events);
	n = add_stat(entries, n, "postures", (double)g->count.postures);
	n = add_stat(entries, n, "messages", (double)g->count.messages);
	n = add_stat(entries, n, "restore_failures", (double)g->count.restore_failures);
	n = add_drops(g, entries, n);
	n = add_judge(g, entries, n);
	if (g->ops->gauges)
		n = add_rates(g, entries, n);
	if (g->ops->gauges)
		n += g->ops->gauges(g->user, entries + n, STATS_MAX - n);
	if (message_encode_stats(g->encoder, g->now_us, entries, n, &message) == 0)
		gateway_deliver(g, &message);
}

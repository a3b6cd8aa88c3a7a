// SPDX-License-Identifier: MIT
/* Retained topics outlive the configuration that made them: a wearable that was removed would stay
 * on every dashboard for ever. So every retained topic ever published is remembered, and a run that
 * has no use for one removes it from the broker.
 *
 *   remembered topic                          this run                     then
 *   <base>/wearable/3-hip/status              has a wearable 3-hip         stays
 *   <base>/kit/4/session                      has no kit 4                 removed
 *   <base>/athlete/ana/summary                an athlete is not configured stays
 *   <another base>/...                        the site has been renamed    removed
 *   homeassistant/device/<id>/config          discovery switched off       removed
 *   any, remembered as "0"                    not known to be removed yet  removed
 *   one that no topic can be                  anything                     forgotten
 */
#include "daemon/flow/gateway-retained.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "daemon/flow/gateway-deliver.h"
#include "coxad/wire/message-home-assistant.h"

/* The name between prefix and the next slash. False: another topic, or too long. */
static bool name_after(const char *topic, const char *prefix, char ret[static NAME_SIZE])
{
	size_t length = strlen(prefix), n;

	if (strncmp(topic, prefix, length) != 0)
		return false;
	n = strcspn(topic + length, "/");
	if (n >= NAME_SIZE)
		return false;
	memcpy(ret, topic + length, n);
	ret[n] = '\0';
	return true;
}

static bool has_wearable(const struct gateway *g, const char *name)
{
	return conf_find_wearable(g->conf, name) >= 0;
}

static bool is_discovery(const struct gateway *g, const char *topic)
{
	char own[MESSAGE_HOME_ASSISTANT_TOPIC_SIZE];

	for (unsigned i = 0; g->conf->mqtt.home_assistant && i < g->conf->n_wearables; i++)
		if (!g->conf->wearable[i].is_gone &&
			message_home_assistant_topic(g->conf, i, own) >= 0 &&
			strcmp(own, topic) == 0)
			return true;
	return false;
}

static bool is_in_use(const struct gateway *g, const char *topic)
{
	const char *base = g->conf->mqtt.base;
	size_t length = strlen(base);
	char name[NAME_SIZE];

	if (strncmp(topic, base, length) != 0 || topic[length] != '/')
		return is_discovery(g, topic);
	topic += length + 1;
	if (name_after(topic, "wearable/", name))
		return has_wearable(g, name);
	if (name_after(topic, "kit/", name))
		return conf_find_kit(g->conf, name) >= 0;
	if (name_after(topic, "gateway/", name))
		return strcmp(g->conf->gateway.name, name) == 0;
	return true;
}

/* No broker can have it. */
static void forget(struct gateway *g, const char *topic)
{
	if (g->ops->remember)
		g->ops->remember(g->user, HISTORY_KIND_RETAINED, topic, NULL, 0);
}

void gateway_retained_remove(struct gateway *g, const char *topic)
{
	struct message gone = {.topic = topic,
		.payload = "",
		.qos = 1,
		.retain = true,
		.class = MESSAGE_CLASS_STATE};

	gateway_deliver(g, &gone);
	/* Killed before the broker has it, the next run does it again. */
	if (g->is_removal_told && g->ops->remember)
		g->ops->remember(g->user, HISTORY_KIND_RETAINED, topic, "0", 1);
}

struct topics {
	struct gateway *gateway;
	size_t n;
	char *topic[RETAINED_MAX]; /* owned */
};

static void note_unused(void *user, const struct message *message)
{
	struct topics *unused = user;

	if (!is_in_use(unused->gateway, message->topic))
		unused->topic[unused->n++] = alloc_text(message->topic);
}

void gateway_retained_clear_unused(struct gateway *g)
{
	_auto_free_ struct topics *unused = new0(struct topics);

	unused->gateway = g;
	retained_each(g->retained, note_unused, unused);
	for (size_t i = 0; i < unused->n; i++) {
		gateway_retained_remove(g, unused->topic[i]);
		free(unused->topic[i]);
	}
}

void gateway_retained_clear_stale(struct gateway *g)
{
	for (const struct restored *r = g->restored; r; r = r->next) {
		if (r->kind != HISTORY_KIND_RETAINED)
			continue;
		if (!text_is_topic(r->name))
			forget(g, r->name);
		else if (r->text[0] == '0' || !is_in_use(g, r->name))
			gateway_retained_remove(g, r->name);
	}
}

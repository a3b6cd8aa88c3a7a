// SPDX-License-Identifier: MIT
#include "coxad/config/conf-merge.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/config/conf-value.h"

#define NAME_TEXT_SIZE 64

/* Of each entry of the fresh configuration its index in the running one; -1: no place. */
struct places {
	int kit[CONF_KITS_MAX], wearable[CONF_WEARABLES_MAX];
	bool kit_taken[CONF_KITS_MAX], wearable_taken[CONF_WEARABLES_MAX];
};

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same_wearable(const struct wearable_conf *a, const struct wearable_conf *b)
{
	return strcmp(a->address, b->address) == 0 && is_same_text(a->driver, b->driver);
}

/* What a kit's name means does not depend on whether it was removed: it comes back to its place. */
static int find_kit(const struct conf *running, const char *name)
{
	for (size_t i = 0; i < running->n_kits; i++)
		if (strcmp(running->kit[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int find_wearable(const struct conf *running, const struct wearable_conf *wearable)
{
	for (size_t i = 0; i < running->n_wearables; i++)
		if (!running->wearable[i].is_gone &&
			is_same_wearable(&running->wearable[i], wearable))
			return (int)i;
	return -1;
}

static bool is_over(bool is_gone, int64_t gone_us, int64_t now_us)
{
	return is_gone && now_us - gone_us >= CONF_MERGE_HELD_US;
}

static int place_kit(const struct conf *running, struct places *places, int64_t now_us)
{
	for (size_t i = 0; i < CONF_KITS_MAX; i++) {
		const struct kit_conf *kit = &running->kit[i];

		if (places->kit_taken[i] ||
			(i < running->n_kits && !is_over(kit->is_gone, kit->gone_us, now_us)))
			continue;
		places->kit_taken[i] = true;
		return (int)i;
	}
	return -1;
}

static int place_wearable(const struct conf *running, struct places *places, int64_t now_us)
{
	for (size_t i = 0; i < CONF_WEARABLES_MAX; i++) {
		const struct wearable_conf *w = &running->wearable[i];

		if (places->wearable_taken[i] ||
			(i < running->n_wearables && !is_over(w->is_gone, w->gone_us, now_us)))
			continue;
		places->wearable_taken[i] = true;
		return (int)i;
	}
	return -1;
}

static void find_places(
	const struct conf *running, const struct conf *fresh, int64_t now_us, struct places *ret)
{
	*ret = (struct places){0};
	for (size_t i = 0; i < fresh->n_kits; i++) {
		ret->kit[i] = find_kit(running, fresh->kit[i].name);
		if (ret->kit[i] >= 0)
			ret->kit_taken[ret->kit[i]] = true;
	}
	for (size_t i = 0; i < fresh->n_wearables; i++) {
		ret->wearable[i] = find_wearable(running, &fresh->wearable[i]);
		if (ret->wearable[i] >= 0)
			ret->wearable_taken[ret->wearable[i]] = true;
	}
	for (size_t i = 0; i < fresh->n_kits; i++)
		if (ret->kit[i] < 0)
			ret->kit[i] = place_kit(running, ret, now_us);
	for (size_t i = 0; i < fresh->n_wearables; i++)
		if (ret->wearable[i] < 0)
			ret->wearable[i] = place_wearable(running, ret, now_us);
}

size_t conf_merge_refused(const struct conf *running, const struct conf *fresh, int64_t now_us,
	void (*each)(void *user, const char *name), void *user)
{
	char name[NAME_TEXT_SIZE];
	struct places places;
	size_t n = 0;

	find_places(running, fresh, now_us, &places);
	for (size_t i = 0; i < fresh->n_kits; i++) {
		if (places.kit[i] >= 0)
			continue;
		snprintf(name, sizeof(name), "[kit %s]", fresh->kit[i].name);
		each(user, name);
		n++;
	}
	for (size_t i = 0; i < fresh->n_wearables; i++) {
		if (places.wearable[i] >= 0)
			continue;
		snprintf(name, sizeof(name), "[wearable %s]", fresh->wearable[i].name);
		each(user, name);
		n++;
	}
	return n;
}

static bool is_equal(enum conf_section section, const void *a, const void *b)
{
	for (size_t i = 0; i < conf_table_size; i++)
		if (conf_table[i].section == section && !conf_value_is_same(&conf_table[i], a, b))
			return false;
	return true;
}

static bool is_equal_wearable(const struct wearable_conf *a, const struct wearable_conf *b)
{
	return strcmp(a->name, b->name) == 0 && a->kit == b->kit &&
	       a->has_notify == b->has_notify && is_equal(CONF_SECTION_WEARABLE, a, b);
}

static void merge_kit(struct conf *running, struct kit_conf *fresh, int at, struct conf_change *ret)
{
	struct kit_conf *kit = &running->kit[at];
	bool is_new = (size_t)at >= running->n_kits || kit->is_gone;

	if (!is_new && is_equal(CONF_SECTION_KIT, kit, fresh))
		return;
	ret->kit[at] = is_new ? CONF_FATE_ADDED : CONF_FATE_CHANGED;
	ret->kit_before[at] = *kit;
	*kit = *fresh;
	*fresh = (struct kit_conf){0};
	if ((size_t)at >= running->n_kits)
		running->n_kits = (size_t)at + 1;
}

static void merge_wearable(
	struct conf *running, struct wearable_conf *fresh, int at, struct conf_change *ret)
{
	struct wearable_conf *wearable = &running->wearable[at];
	bool is_new = (size_t)at >= running->n_wearables || wearable->is_gone;

	if (!is_new && is_equal_wearable(wearable, fresh))
		return;
	ret->wearable[at] = is_new ? CONF_FATE_ADDED : CONF_FATE_CHANGED;
	ret->wearable_before[at] = *wearable;
	*wearable = *fresh;
	*fresh = (struct wearable_conf){0};
	if ((size_t)at >= running->n_wearables)
		running->n_wearables = (size_t)at + 1;
}

static void bury(
	struct conf *running, const struct places *places, int64_t now_us, struct conf_change *ret)
{
	for (size_t i = 0; i < running->n_kits; i++) {
		struct kit_conf *kit = &running->kit[i];

		if (kit->is_gone || places->kit_taken[i])
			continue;
		kit->is_gone = true;
		kit->gone_us = now_us;
		ret->kit[i] = CONF_FATE_REMOVED;
	}
	for (size_t i = 0; i < running->n_wearables; i++) {
		struct wearable_conf *wearable = &running->wearable[i];

		if (wearable->is_gone || places->wearable_taken[i])
			continue;
		wearable->is_gone = true;
		wearable->gone_us = now_us;
		wearable->kit = CONF_NO_KIT;
		ret->wearable[i] = CONF_FATE_REMOVED;
	}
}

void conf_merge(struct conf *running, struct conf *fresh, int64_t now_us, struct conf_change *ret)
{
	struct places places;

	*ret = (struct conf_change){0};
	find_places(running, fresh, now_us, &places);
	bury(running, &places, now_us, ret);
	for (size_t i = 0; i < fresh->n_kits; i++)
		merge_kit(running, &fresh->kit[i], places.kit[i], ret);
	for (size_t i = 0; i < fresh->n_wearables; i++) {
		if (fresh->wearable[i].kit != CONF_NO_KIT)
			fresh->wearable[i].kit = (unsigned)places.kit[fresh->wearable[i].kit];
		merge_wearable(running, &fresh->wearable[i], places.wearable[i], ret);
	}
	conf_index(running);
}

static void release(enum conf_section section, void *base)
{
	for (size_t i = 0; i < conf_table_size; i++)
		if (conf_table[i].section == section)
			conf_value_done(&conf_table[i], base);
}

void conf_merge_done(struct conf_change *change)
{
	for (size_t i = 0; i < CONF_KITS_MAX; i++) {
		release(CONF_SECTION_KIT, &change->kit_before[i]);
		free(change->kit_before[i].name);
	}
	for (size_t i = 0; i < CONF_WEARABLES_MAX; i++) {
		release(CONF_SECTION_WEARABLE, &change->wearable_before[i]);
		free(change->wearable_before[i].name);
	}
	*change = (struct conf_change){0};
}

bool conf_merge_is_any(const struct conf_change *change)
{
	for (size_t i = 0; i < CONF_KITS_MAX; i++)
		if (change->kit[i] != CONF_FATE_SAME)
			return true;
	for (size_t i = 0; i < CONF_WEARABLES_MAX; i++)
		if (change->wearable[i] != CONF_FATE_SAME)
			return true;
	return false;
}

/* --- in words --- */

struct words {
	char *text; /* NULL: nothing yet */
	const char *verb;
	bool has_verb;
};

static void add_word(struct words *words, const char *kind, const char *name)
{
	const char *before = words->text ? words->text : "";
	const char *joint = !words->has_verb ? (words->text ? "; " : "") : ", ";
	char *longer = alloc_printf("%s%s%s%s%s %s", before, joint,
		words->has_verb ? "" : words->verb, words->has_verb ? "" : " ", kind, name);

	free(words->text);
	words->text = longer;
	words->has_verb = true;
}

/* Another wearable goes by its name now, or did before. */
static bool is_replaced(const struct conf *running, const struct conf_change *change, size_t at,
	enum conf_fate other)
{
	for (size_t i = 0; i < running->n_wearables; i++)
		if (change->wearable[i] == other &&
			strcmp(running->wearable[i].name, running->wearable[at].name) == 0)
			return true;
	return false;
}

static const char *verb_of(
	const struct conf *running, const struct conf_change *change, size_t wearable)
{
	switch (change->wearable[wearable]) {
	case CONF_FATE_ADDED:
		return is_replaced(running, change, wearable, CONF_FATE_REMOVED) ? "replaced"
										 : "added";
	case CONF_FATE_CHANGED:
		return "changed";
	case CONF_FATE_REMOVED:
		return is_replaced(running, change, wearable, CONF_FATE_ADDED) ? NULL : "removed";
	case CONF_FATE_SAME:
		break;
	}
	return NULL;
}

char *conf_merge_describe(const struct conf *running, const struct conf_change *change)
{
	static const char *const verbs[] = {"added", "replaced", "changed", "removed"};
	static const enum conf_fate fates[] = {
		CONF_FATE_ADDED, CONF_FATE_SAME, CONF_FATE_CHANGED, CONF_FATE_REMOVED};
	struct words words = {0};

	for (size_t v = 0; v < ARRAY_LEN(verbs); v++) {
		words.verb = verbs[v];
		words.has_verb = false;
		for (size_t i = 0; i < running->n_kits; i++)
			if (change->kit[i] == fates[v] && fates[v] != CONF_FATE_SAME)
				add_word(&words, "kit", running->kit[i].name);
		for (size_t i = 0; i < running->n_wearables; i++)
			if (is_same_text(verb_of(running, change, i), verbs[v]))
				add_word(&words, "wearable", running->wearable[i].name);
	}
	return words.text;
}

// SPDX-License-Identifier: MIT
#include "daemon/config/conf-check.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/config/conf-hash.h"
#include "coxad/base/nearest.h"

static struct conf_place place_of(
	const struct conf_build *build, enum conf_section section, const char *key, unsigned owner)
{
	const struct conf_origin *origin = conf_build_origin(build, section, key, owner);

	if (origin)
		return origin->place;
	return section == CONF_SECTION_WEARABLE ? build->wearable_place[owner]
	       : section == CONF_SECTION_KIT    ? build->kit_place[owner]
						: (struct conf_place){0};
}

static bool is_given(
	const struct conf_build *build, enum conf_section section, const char *key, unsigned owner)
{
	return conf_build_origin(build, section, key, owner);
}

static void list_kits(const struct conf *conf, char *ret, size_t size)
{
	size_t at = 0;

	snprintf(ret, size, "none yet; add a section [kit NAME]");
	for (size_t i = 0; i < conf->n_kits && at < size; i++)
		at += (size_t)snprintf(
			ret + at, size - at, "%s%s", i ? ", " : "", conf->kit[i].name);
}

static void check_kit_of(struct conf_build *build, unsigned w)
{
	struct conf *conf = build->conf;
	struct nearest nearest = {0};
	char kits[200];
	int kit;

	if (!build->wearable_kit[w]) {
		if (is_given(build, CONF_SECTION_WEARABLE, "kit", w))
			return; /* its error is reported already */
		list_kits(conf, kits, sizeof(kits));
		conf_build_error(build, build->wearable_place[w],
			"[wearable %s] has no kit; set kit to one of: %s", conf->wearable[w].name,
			kits);
		return;
	}
	kit = conf_find_kit(conf, build->wearable_kit[w]);
	if (kit >= 0) {
		conf->wearable[w].kit = (unsigned)kit;
		return;
	}
	for (size_t i = 0; i < conf->n_kits; i++)
		nearest_add(&nearest, build->wearable_kit[w], conf->kit[i].name);
	conf_build_error(build, place_of(build, CONF_SECTION_WEARABLE, "kit", w),
		nearest.word ? "kit = %s: there is no section [kit %s]; did you mean %s?"
			     : "kit = %s: there is no section [kit %s]; add one",
		build->wearable_kit[w], build->wearable_kit[w], nearest.word);
}

static bool knows_kit(const struct conf_build *build, unsigned w)
{
	return build->wearable_kit[w] && conf_find_kit(build->conf, build->wearable_kit[w]) >= 0;
}

static bool knows_placement(const struct conf_build *build, unsigned w)
{
	return is_given(build, CONF_SECTION_WEARABLE, "placement", w);
}

/* kit CONF_KITS_MAX: unknown, so all are free. */
static void list_free_placements(
	const struct conf_build *build, unsigned kit, char *ret, size_t size)
{
	const struct conf *conf = build->conf;
	unsigned taken = 0;
	size_t at = 0;

	for (unsigned w = 0; w < conf->n_wearables; w++)
		if (knows_kit(build, w) && knows_placement(build, w) &&
			conf->wearable[w].kit == kit)
			taken |= 1u << conf->wearable[w].placement;
	taken &= ~(1u << PLACEMENT_ROOM);
	for (unsigned p = 0; p < PLACEMENT_COUNT && at < size; p++)
		if (!(taken & 1u << p))
			at += (size_t)snprintf(ret + at, size - at, "%s%s", at ? ", " : "",
				placement_to_string((enum placement)p));
}

static void check_duplicates(struct conf_build *build, unsigned w)
{
	const struct conf *conf = build->conf;
	const struct wearable_conf *a = &conf->wearable[w];
	char allowed[200];

	for (unsigned i = 0; i < w; i++) {
		const struct wearable_conf *b = &conf->wearable[i];

		if (a->address[0] && strcmp(a->address, b->address) == 0)
			conf_build_error(build,
				place_of(build, CONF_SECTION_WEARABLE, "address", w),
				"address = %s: already used by [wearable %s]; each wearable needs "
				"its own",
				a->address, b->name);
		/* A kit may have several room microphones, which serve the whole room
		 * (decision-model.md, ruling 25). */
		if (!knows_kit(build, w) || !knows_kit(build, i) || a->kit != b->kit ||
			!knows_placement(build, w) || !knows_placement(build, i) ||
			a->placement != b->placement || a->placement == PLACEMENT_ROOM)
			continue;
		list_free_placements(build, a->kit, allowed, sizeof(allowed));
		conf_build_error(build, place_of(build, CONF_SECTION_WEARABLE, "placement", w),
			"placement = %s: already taken by [wearable %s] of kit %s; free: %s",
			placement_to_string(a->placement), b->name, conf->kit[a->kit].name,
			allowed);
	}
}

static void check_wearable(struct conf_build *build, unsigned w)
{
	const char *name = build->conf->wearable[w].name;
	char allowed[200];

	if (!is_given(build, CONF_SECTION_WEARABLE, "address", w))
		conf_build_error(build, build->wearable_place[w],
			"[wearable %s] has no address; add one, like address = C0:A5:00:00:03:01",
			name);
	if (!knows_placement(build, w)) {
		list_free_placements(build,
			knows_kit(build, w) ? build->conf->wearable[w].kit : CONF_KITS_MAX, allowed,
			sizeof(allowed));
		conf_build_error(build, build->wearable_place[w],
			"[wearable %s] has no placement; set placement to one of: %s", name,
			allowed);
	}
	check_duplicates(build, w);
}

/* A kit with an athlete opens a session at start, and a session needs an exercise. A kit of room
 * microphones needs neither (decision-model.md, ruling 25). */
static void check_kit(struct conf_build *build, unsigned k)
{
	const struct conf *conf = build->conf;
	bool wears = false;

	for (unsigned w = 0; w < conf->n_wearables; w++)
		wears |= knows_kit(build, w) && conf->wearable[w].kit == k &&
			 conf->wearable[w].placement != PLACEMENT_ROOM;
	if (wears && conf->kit[k].athlete && !is_given(build, CONF_SECTION_KIT, "exercise", k))
		conf_build_error(build, build->kit_place[k],
			"[kit %s] has an athlete but no exercise; set exercise to one of: supine-straight, "
			"supine-bent, single, hang, flutter, generic-core",
			conf->kit[k].name);
}

static void check_encryption(struct conf_build *build, unsigned w)
{
	const struct conf *conf = build->conf;

	if (conf->bluetooth.require_encryption && !conf->wearable[w].bond &&
		is_given(build, CONF_SECTION_WEARABLE, "bond", w))
		conf_build_error(build, place_of(build, CONF_SECTION_WEARABLE, "bond", w),
			"bond = no: require-encryption = yes takes nothing from a wearable without "
			"a bond; allowed: yes, or leave it out");
}

/* systemd knows a credential by a file's name, which it joins to its own directory (systemd.exec(5)). */
static void check_credential(struct conf_build *build)
{
	const char *name = build->conf->mqtt.password_credential;

	if (name && (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0))
		conf_build_error(build,
			place_of(build, CONF_SECTION_MQTT, "password-credential", 0),
			"password-credential = %s: not the name of a credential; for a path use "
			"password-file",
			name);
}

static void check_mqtt(struct conf_build *build)
{
	const struct conf *conf = build->conf;

	check_credential(build);
	if (conf->mqtt.password_credential && conf->mqtt.password_file)
		conf_build_error(build, place_of(build, CONF_SECTION_MQTT, "password-file", 0),
			"both password-file and password-credential are set; keep one of them");
	if (conf->mqtt.certificate_file && !conf->mqtt.key_file)
		conf_build_error(build, place_of(build, CONF_SECTION_MQTT, "certificate-file", 0),
			"certificate-file is set without key-file; set both or neither");
	if (!conf->mqtt.certificate_file && conf->mqtt.key_file)
		conf_build_error(build, place_of(build, CONF_SECTION_MQTT, "key-file", 0),
			"key-file is set without certificate-file; set both or neither");
}

/* The brain of the site has the kits, and tells a radio which wearables to serve. */
static void check_role(struct conf_build *build)
{
	const struct conf *conf = build->conf;
	bool is_radio = conf->gateway.role == GATEWAY_ROLE_RADIO;

	if (conf->gateway.role != GATEWAY_ROLE_ALL && !conf->mqtt.broker)
		conf_build_error(build, place_of(build, CONF_SECTION_GATEWAY, "role", 0),
			"role = %s: radios and their brain meet at a broker; set broker in [mqtt]",
			is_radio ? "radio" : "brain");
	if (is_radio && conf->n_kits)
		conf_build_error(build, build->kit_place[0],
			"[kit %s]: with role = radio the brain has the kits; move it to the brain",
			conf->kit[0].name);
	if (is_radio && conf->n_wearables)
		conf_build_error(build, build->wearable_place[0],
			"[wearable %s]: with role = radio the brain has the wearables; move it to "
			"the brain",
			conf->wearable[0].name);
}

void conf_check(struct conf_build *build)
{
	struct conf *conf = build->conf;

	for (unsigned w = 0; w < conf->n_wearables; w++)
		check_kit_of(build, w);
	for (unsigned w = 0; w < conf->n_wearables; w++) {
		check_wearable(build, w);
		check_encryption(build, w);
	}
	for (unsigned k = 0; k < conf->n_kits; k++)
		check_kit(build, k);
	check_mqtt(build);
	check_role(build);
	if (!conf->mqtt.base)
		conf->mqtt.base = alloc_printf("coxa/v1/%s", conf->gateway.site);
	if (!conf->mqtt.client_id)
		conf->mqtt.client_id = alloc_printf("coxad-%s", conf->gateway.name);
	conf_index(conf);
	conf_hash(conf, conf->hash);
}

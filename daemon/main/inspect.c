// SPDX-License-Identifier: MIT
#include "daemon/main/inspect.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/core/terms.h"
#include "coxad/drivers/driver.h"
#include "coxad/drivers/sig-services.h"

#define EXIT_USAGE 2
#define VALUE_MAX  600

static const struct {
	uint32_t stream;
	const char *name;
} stream_names[] = {
	{STREAM_MOTION, "motion"},
	{STREAM_ORIENTATION, "orientation"},
	{STREAM_POP, "pop"},
	{STREAM_ACOUSTIC, "acoustic"},
	{STREAM_LEVEL, "level"},
	{STREAM_SYMPTOM, "symptom"},
	{STREAM_HAPTIC, "haptic"},
	{STREAM_HEART_RATE, "heart-rate"},
};

static const char *clock_name(enum driver_clock clock)
{
	switch (clock) {
	case DRIVER_CLOCK_DEVICE:
		return "own";
	case DRIVER_CLOCK_COUNT:
		return "sample count";
	case DRIVER_CLOCK_ARRIVAL:
		return "arrival";
	}
	return "unknown";
}

static void print_streams(const struct driver *d)
{
	const char *separator = "";

	for (size_t i = 0; i < ARRAY_LEN(stream_names); i++)
		if (d->streams & stream_names[i].stream) {
			printf("%s%s", separator, stream_names[i].name);
			separator = " ";
		}
}

void inspect_list_drivers(void)
{
	size_t n;
	const struct driver *const *list = driver_list(&n);

	printf("driver\tname\tgives\tclock\trate_hz\tbond\tplacements\tlimits\n");
	for (size_t i = 0; i < n; i++) {
		const struct driver *d = list[i];

		printf("%s\t%s\t", d->id, d->name);
		print_streams(d);
		printf("\t%s\t%g\t%s\t%s\t%s\n", clock_name(d->clock), d->nominal_rate_hz,
			d->needs_bond ? "yes" : "no", d->placements ? d->placements : "",
			d->limits ? d->limits : "");
	}
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *vector(const float v[3])
{
	return json_pack("[f,f,f]", v[0], v[1], v[2]);
}

static json_t *motion(const struct motion_block *m)
{
	json_t *samples = json_array();

	for (unsigned i = 0; i < m->n; i++)
		json_array_append_new(samples,
			json_pack("{s:o,s:o,s:i}", "acc_mps2", vector(m->samples[i].acc_mps2),
				"gyr_rps", vector(m->samples[i].gyr_rps), "flags",
				(int)m->samples[i].flags));
	return json_pack("{s:s,s:f,s:b,s:i,s:o}", "kind", "motion", "interval_us", m->interval_us,
		"has_gyr", m->has_gyr, "lost_packets", (int)m->lost_packets, "samples", samples);
}

static json_t *orientation(const struct orientation_block *o)
{
	json_t *samples = json_array();

	for (unsigned i = 0; i < o->n; i++)
		json_array_append_new(
			samples, json_pack("[f,f,f,f]", o->quat_wxyz[i][0], o->quat_wxyz[i][1],
					 o->quat_wxyz[i][2], o->quat_wxyz[i][3]));
	return json_pack("{s:s,s:f,s:i,s:i,s:o}", "kind", "orientation", "interval_us",
		o->interval_us, "lost_packets", (int)o->lost_packets, "flags", (int)o->flags,
		"quat_wxyz", samples);
}

static json_t *pop(const struct pop_report *p)
{
	const struct pop_features *f = &p->features;
	json_t *o = json_pack("{s:s,s:i,s:b,s:i,s:b}", "kind", "pop", "sequence", (int)p->sequence,
		"resent", p->resent, "sub_pulses", (int)f->sub_pulses, "clipped", f->clipped);

	json_object_set_new(o, "peak_dbfs", number(f->peak_dbfs));
	json_object_set_new(o, "background_dbfs", number(f->background_dbfs));
	json_object_set_new(o, "rise_ms", number(f->rise_ms));
	json_object_set_new(o, "t10_ms", number(f->t10_ms));
	json_object_set_new(o, "centroid_hz", number(f->centroid_hz));
	json_object_set_new(o, "kurtosis", number(f->kurtosis));
	json_object_set_new(o, "hf_ratio", number(f->hf_ratio));
	json_object_set_new(o, "lf_ratio", number(f->lf_ratio));
	json_object_set_new(o, "contact_air_db", number(f->contact_air_db));
	json_object_set_new(o, "knock_g", number(f->knock_g));
	json_object_set_new(o, "flatness", number(f->flatness));
	return o;
}

static json_t *audio(const struct audio_block *a)
{
	json_t *samples = json_array();

	for (unsigned i = 0; i < a->n; i++)
		json_array_append_new(samples, json_integer(a->samples[i]));
	return json_pack("{s:s,s:f,s:i,s:o}", "kind", "audio", "rate_hz", a->rate_hz,
		"lost_samples", (int)a->lost_samples, "samples", samples);
}

static json_t *info(const struct wearable_info *w)
{
	json_t *o = json_pack("{s:s,s:i,s:i}", "kind", "info", "streams", (int)w->streams,
		"acoustic_sensor", (int)w->acoustic);

	json_object_set_new(o, "boot", w->has_boot ? json_integer(w->boot) : json_null());
	json_object_set_new(o, "acc_range_g", number(w->acc_range_g));
	json_object_set_new(o, "gyr_range_dps", number(w->gyr_range_dps));
	json_object_set_new(o, "rate_hz", number(w->rate_hz));
	json_object_set_new(o, "acoustic_rate_hz", number(w->acoustic_rate_hz));
	json_object_set_new(o, "pops_kept", json_integer(w->pops_kept));
	json_object_set_new(o, "last_pop", json_integer(w->last_pop));
	return o;
}

static json_t *quantity(const struct quantity *q)
{
	json_t *values = json_array();

	for (unsigned i = 0; i < q->n; i++)
		json_array_append_new(values, number(q->values[i]));
	return json_pack("{s:s,s:s,s:s,s:o}", "kind", "quantity", "name", q->name, "unit", q->unit,
		"values", values);
}

static json_t *describe(const struct record *r)
{
	switch (r->kind) {
	case RECORD_INFO:
		return info(&r->info);
	case RECORD_MOTION:
		return motion(&r->motion);
	case RECORD_ORIENTATION:
		return orientation(&r->orientation);
	case RECORD_POP:
		return pop(&r->pop);
	case RECORD_SYMPTOM:
		return json_pack("{s:s,s:i,s:s,s:s,s:s,s:o}", "kind", "symptom", "sequence",
			(int)r->symptom.sequence, "code", symptom_code_to_string(r->symptom.code),
			"site", body_site_to_string(r->symptom.site), "side",
			side_to_string(r->symptom.side), "intensity",
			r->symptom.intensity < 0 ? json_null()
						 : json_integer(r->symptom.intensity));
	case RECORD_AUDIO:
		return audio(&r->audio);
	case RECORD_CLOCK:
		return json_pack("{s:s}", "kind", "clock");
	case RECORD_BATTERY:
		return json_pack(
			"{s:s,s:o}", "kind", "battery", "percent", number(r->battery_percent));
	case RECORD_HEART_RATE:
		return json_pack(
			"{s:s,s:o}", "kind", "heart_rate", "bpm", number(r->heart_rate_bpm));
	case RECORD_LEVEL:
		return json_pack("{s:s,s:o}", "kind", "level", "db", number(r->level_db));
	case RECORD_LOST:
		return json_pack("{s:s,s:i}", "kind", "lost", "pops", (int)r->lost_pops);
	case RECORD_QUANTITY:
		return quantity(&r->quantity);
	case RECORD_ABOUT:
		return json_pack("{s:s,s:s,s:s%}", "kind", "about", "name", r->about.name, "text",
			r->about.text, r->about.size);
	}
	return json_null();
}

static void print_json(json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(7));

	json_decref(o);
	if (text)
		puts(text);
	free(text);
}

static void on_record(const struct record *record, void *user)
{
	json_t *o = describe(record);

	json_object_set_new(
		o, "tick", record->has_tick ? json_integer((json_int_t)record->tick) : json_null());
	print_json(o);
}

static void refuse(const char *reason)
{
	print_json(json_pack("{s:s,s:s}", "kind", "refused", "reason", reason));
}

static int hex_value(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Number of bytes, or -EINVAL. */
static int read_hex(const char *text, uint8_t *ret, size_t room)
{
	size_t size = strlen(text);

	if (size % 2 || size / 2 > room)
		return -EINVAL;
	for (size_t i = 0; i < size / 2; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return (int)(size / 2);
}

/* Manufacturer data of an advertisement, the company's two octets first. */
static void decode_advert(const struct driver *driver, const char *hex)
{
	uint8_t value[VALUE_MAX];
	int r = read_hex(hex ? hex : "", value, sizeof(value));

	if (r < 0) {
		refuse("no hexadecimal bytes after the word");
		return;
	}
	r = driver->advert ? driver->advert(value, (size_t)r, on_record, NULL) : -REASON_TYPE;
	if (r < 0)
		refuse(reason_to_string((enum reason) - r));
}

static void decode_line(const struct driver *driver, void *state, char *line)
{
	char *save = NULL;
	const char *name = strtok_r(line, " \t\r\n", &save);
	const char *hex = strtok_r(NULL, " \t\r\n", &save);
	uint8_t value[VALUE_MAX];
	struct uuid uuid;
	struct driver_input in = {
		.characteristic = &uuid, .origin = DRIVER_ORIGIN_NOTIFY, .data = value};
	int r;

	if (!name || name[0] == '#')
		return;
	if (strcmp(name, "advertisement") == 0) {
		decode_advert(driver, hex);
		return;
	}
	if (uuid_from_string(name, &uuid) < 0) {
		refuse("no UUID at the beginning of the line");
		return;
	}
	r = read_hex(hex ? hex : "", value, sizeof(value));
	if (r < 0) {
		refuse("no hexadecimal bytes after the UUID");
		return;
	}
	in.size = (size_t)r;
	/* As the intake does it. */
	r = sig_services_claim(&uuid) && !driver->claims(&uuid)
		    ? sig_services_decode(&in, on_record, NULL)
		    : driver->decode(state, &in, on_record, NULL);
	if (r < 0)
		refuse(reason_to_string((enum reason) - r));
}

int inspect_decode(const char *driver_id)
{
	const struct driver *driver = driver_by_id(driver_id);
	_auto_free_ void *state = NULL;
	_auto_free_ char *line = NULL;
	size_t room = 0;

	if (!driver) {
		fprintf(stderr, "coxad: no driver is named '%s'; see coxad --list-drivers\n",
			driver_id);
		return EXIT_USAGE;
	}
	state = alloc_zero(1, driver->state_size);
	if (driver->connected)
		driver->connected(state, 0);
	while (getline(&line, &room, stdin) > 0)
		decode_line(driver, state, line);
	return EXIT_SUCCESS;
}

// SPDX-License-Identifier: MIT
#include "coxad/wire/record-print.h"

#include <jansson.h>
#include <math.h>

#include "coxad/core/terms.h"

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

static char *to_line(json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(7));

	json_decref(o);
	return text;
}

char *record_print(const struct record *record)
{
	json_t *o = describe(record);

	json_object_set_new(
		o, "tick", record->has_tick ? json_integer((json_int_t)record->tick) : json_null());
	return to_line(o);
}

char *record_print_refusal(const char *reason)
{
	return to_line(json_pack("{s:s,s:s}", "kind", "refused", "reason", reason));
}

// SPDX-License-Identifier: MIT
#include "gym/script-class.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "gym/grow.h"
#include "gym/random.h"
#include "gym/script-section.h"

#define ATHLETES_MAX   100
#define SETS_MAX       100 /* over an hour */
#define WITHOUT_ONE_OF 5   /* every fifth begins without a calibration */
#define ASKEW_DEG      20
#define WEARABLES      3

struct class
{
	struct script_reader *reader;
	struct script *script;
	double sets;
	bool is_anyhow; /* the thigh sensors are strapped on in any direction */
};

static bool is_calibrated(unsigned number)
{
	return number % WITHOUT_ONE_OF != 0;
}

static char *name_of(unsigned number)
{
	static const char *const names[] = {"alex", "bea", "carl", "dina", "eric", "fay", "gus",
		"hana", "ivan", "jana", "kai", "lea", "max", "nora", "otto", "pia", "quin", "rosa",
		"sam", "tess", "udo", "vera", "will", "yuki", "zoe"};
	unsigned i = (number - 1) % ARRAY_LEN(names), round = (number - 1) / ARRAY_LEN(names);

	return round ? alloc_printf("%s-%u", names[i], round + 1) : alloc_text(names[i]);
}

static void add_athlete(struct class *class, unsigned number, struct random *random)
{
	struct script *s = class->script;

	s->athlete = grow_array(s->athlete, &s->n_athletes, sizeof(*s->athlete));
	s->athlete[s->n_athletes - 1] = (struct script_athlete){.name = name_of(number),
		.span_deg = random_between(random, 6, 12),
		.breath_deg = random_between(random, 0.05, 0.3),
		.breath_s = random_between(random, 3, 6),
		.heading_deg = NAN,
		.lordosis = random_between(random, 0.7, 1.2)};
}

static void add_kit(struct class *class, unsigned number)
{
	struct script *s = class->script;

	s->kit = grow_array(s->kit, &s->n_kits, sizeof(*s->kit));
	s->kit[s->n_kits - 1] = (struct script_kit){.name = alloc_printf("%u", number),
		.exercise = number % 2 ? EXERCISE_SINGLE : EXERCISE_SUPINE_STRAIGHT,
		.athlete = s->n_athletes - 1};
}

/* As one puts a strap on that says where the head is. Without a calibration it does not matter. */
static void mount_askew(struct script_wearable *w, struct random *random)
{
	w->mount = SCRIPT_MOUNT_TURNED;
	for (unsigned i = 0; i < 3; i++)
		w->mount_axis[i] = random_between(random, -1, 1);
	w->mount_deg = random_between(random, 0, ASKEW_DEG);
}

static void add_wearables(struct class *class, unsigned number, struct random *random)
{
	static const enum placement placements[WEARABLES] = {
		PLACEMENT_PELVIS, PLACEMENT_THIGH_LEFT, PLACEMENT_THIGH_RIGHT};
	static const double rates_hz[] = {26, 52, 104};
	double rate_hz = rates_hz[random_u64(random) % ARRAY_LEN(rates_hz)];
	struct script *s = class->script;

	for (unsigned i = 0; i < WEARABLES; i++) {
		struct script_wearable *w;

		s->wearable = grow_array(s->wearable, &s->n_wearables, sizeof(*s->wearable));
		w = &s->wearable[s->n_wearables - 1];
		*w = script_section_wearable_defaults;
		w->path = class->reader->path;
		w->line = class->reader->line;
		w->name = alloc_printf("%u-%s", number, placement_to_string(placements[i]));
		w->address = alloc_printf("C0:A5:C1:A5:%02X:%02X", number, i + 1);
		w->kit = s->n_kits - 1;
		w->placement = placements[i];
		w->rate_hz = rate_hz;
		if (is_calibrated(number) &&
			!(class->is_anyhow && placements[i] != PLACEMENT_PELVIS))
			mount_askew(w, random);
	}
}

static struct script_item *add_item(struct class *class, enum script_item_kind kind)
{
	struct script *s = class->script;
	struct script_item *item;

	s->item = grow_array(s->item, &s->n_items, sizeof(*s->item));
	item = &s->item[s->n_items - 1];
	item->kind = kind;
	item->line = class->reader->line;
	item->athlete = s->n_athletes - 1;
	return item;
}

static void add_timeline(struct class *class, unsigned number, struct random *random)
{
	add_item(class, SCRIPT_LIE)->seconds = random_between(random, 2, 12);
	if (is_calibrated(number))
		add_item(class, SCRIPT_CALIBRATE)->text =
			alloc_text(calibration_step_to_string(CALIBRATION_STEP_FLAT_BACK));
	add_item(class, SCRIPT_TRAIN)->value = class->sets;
}

int script_class_read(struct script_reader *reader)
{
	struct class class = {.reader = reader, .script = reader->script, .sets = 3};
	double athletes = 0;
	int r = script_reader_number(reader, "the number of athletes", 1, ATHLETES_MAX, &athletes);

	if (r >= 0 && script_reader_take(reader, "sets"))
		r = script_reader_number(reader, "sets", 1, SETS_MAX, &class.sets);
	class.is_anyhow = r >= 0 && script_reader_take(reader, "anyhow");
	for (unsigned number = 1; r >= 0 && number <= (unsigned)athletes; number++) {
		struct random random = random_of(number, "class");

		add_athlete(&class, number, &random);
		add_kit(&class, number);
		add_wearables(&class, number, &random);
		add_timeline(&class, number, &random);
	}
	return r;
}

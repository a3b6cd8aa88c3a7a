// SPDX-License-Identifier: MIT
#include "gym/person.h"

/* Of a usual raise: */
#define LEAST_DEG      8
#define MOST_DEG       90
#define MOST_TIRED_DEG 60

bool person_happens(struct random *random, double share)
{
	return random_unit(random) < share;
}

struct person_tremor person_tremor(struct random *random)
{
	struct person_tremor tremor = {.hz = random_between(random, 4, 9)};

	/* What a muscle can do: the faster the smaller. */
	tremor.deg = random_unit(random) * pow(4 / tremor.hz, 2);
	tremor.held_deg = tremor.deg * random_between(random, 0, 0.5);
	return tremor;
}

static void hold(struct random *random, double range_deg, struct person_raise *raise)
{
	raise->hold_s = random_between(random, 0.5, 4);
	raise->held_deg -= random_between(random, 0, 0.12) * range_deg;
}

static void halt(struct random *random, struct person_raise *raise)
{
	raise->halt_deg = raise->rest_deg +
			  random_between(random, 0.45, 0.7) * (raise->held_deg - raise->rest_deg);
	raise->to_halt_s = raise->down_s / 2;
	raise->halt_s = random_between(random, 0.3, 1.2);
}

struct person_raise person_raise(
	struct random *random, const struct person_wish *wish, double from_deg)
{
	double range_deg = wish->range_deg, top_deg = from_deg + range_deg;
	double up_deg_s = random_between(random, wish->deg_s[0], wish->deg_s[1]);
	double down_deg_s = random_between(random, wish->deg_s[0], wish->deg_s[1]);
	struct person_raise raise = {.up_s = fmax(range_deg / up_deg_s, 0.5),
		.top_deg = top_deg,
		.held_deg = top_deg,
		.down_s = fmax(range_deg / down_deg_s, 0.5),
		.rest_deg = wish->rest_deg};

	if (!wish->is_plain && person_happens(random, 0.6))
		hold(random, range_deg, &raise);
	if (!wish->is_plain && person_happens(random, 0.25))
		halt(random, &raise);
	raise.pause_s = random_between(random, 0.3, 2.5);
	return raise;
}

struct person_set person_set(struct random *random, bool is_first, double home_deg)
{
	double most_deg = is_first ? MOST_DEG : MOST_TIRED_DEG;

	return (struct person_set){
		.usual_deg = random_between(random, LEAST_DEG, most_deg), .home_deg = home_deg};
}

struct person_wish person_set_next(struct random *random, struct person_set *set)
{
	struct person_wish wish = {.deg_s = {8, 60}};

	set->drift_deg += random_between(random, -0.03, 0.06) * set->usual_deg;
	wish.range_deg = fmax(set->usual_deg * random_between(random, 0.75, 1.25), 7);
	wish.rest_deg =
		set->home_deg + set->drift_deg + random_between(random, 0, 0.15) * set->usual_deg;
	return wish;
}

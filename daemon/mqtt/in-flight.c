// SPDX-License-Identifier: MIT
#include "daemon/mqtt/in-flight.h"

#include "coxad/base/units.h"

/* The index, or OUTBOX_WINDOW_MAX. */
static unsigned find(const struct in_flight *in_flight, int64_t paho_token)
{
	unsigned i = 0;

	while (i < OUTBOX_WINDOW_MAX && in_flight->message[i].paho_token != paho_token)
		i++;
	return i;
}

bool in_flight_is_full(const struct in_flight *in_flight)
{
	return find(in_flight, 0) == OUTBOX_WINDOW_MAX;
}

void in_flight_add(struct in_flight *in_flight, uint64_t token, int paho_token, int64_t now_us)
{
	unsigned i = find(in_flight, 0);

	in_flight->message[i].token = token;
	in_flight->message[i].paho_token = paho_token;
	in_flight->message[i].sent_us = now_us;
}

bool in_flight_take(struct in_flight *in_flight, int64_t paho_token, uint64_t *ret_token)
{
	unsigned i = find(in_flight, paho_token);

	if (i == OUTBOX_WINDOW_MAX)
		return false;
	*ret_token = in_flight->message[i].token;
	in_flight->message[i].paho_token = 0;
	return true;
}

int64_t in_flight_oldest_us(const struct in_flight *in_flight)
{
	int64_t oldest_us = T_NEVER;

	for (unsigned i = 0; i < OUTBOX_WINDOW_MAX; i++)
		if (in_flight->message[i].paho_token && in_flight->message[i].sent_us < oldest_us)
			oldest_us = in_flight->message[i].sent_us;
	return oldest_us;
}

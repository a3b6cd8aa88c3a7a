// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-reason.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"

/* Of the broker's own words. */
#define SAID_MAX 120

/* Those that MQTT 5.0 has for CONNACK, PUBACK, SUBACK and DISCONNECT. 1 to 5 are the return codes of
 * CONNACK in MQTT 3.1.1 (table 3.1), 0x10 and below from 6 on are no errors. */
static const struct {
	uint8_t reason;
	const char *words, *advice;
} rows[] = {
	{0x01, "this version of MQTT is not spoken", "try version = 5 in [mqtt]"},
	{0x02, "the client-id is refused", "set another client-id in [mqtt]"},
	{0x03, "the server is unavailable", NULL},
	{0x04, "wrong user name or password", "check username and password-file in [mqtt]"},
	{0x05, "not authorized", "check username and password-file in [mqtt]"},
	{0x80, "no reason given", "see the broker's log"},
	{0x81, "malformed packet", "see the broker's log"},
	{0x82, "protocol error", "see the broker's log"},
	{0x83, "not accepted by this broker", "see the broker's log"},
	{0x84, "this version of MQTT is not spoken", "try version = 3.1.1 in [mqtt]"},
	{0x85, "the client-id is refused", "set another client-id in [mqtt]"},
	{0x86, "wrong user name or password", "check username and password-file in [mqtt]"},
	{0x87, "not authorized", "allow it in the broker's access list"},
	{0x88, "the server is unavailable", NULL},
	{0x89, "the server is busy", NULL},
	{0x8a, "banned", "lift the ban in the broker's settings"},
	{0x8b, "the server is shutting down", NULL},
	{0x8c, "wrong way of authentication",
		"the broker must accept a user name and a password, or a certificate"},
	{0x8d, "nothing heard from coxad for too long", "check the network"},
	{0x8e, "another client took over the client-id", "give each client its own client-id"},
	{0x8f, "the subscription is not valid", "check base in [mqtt]"},
	{0x90, "the topic is not valid here", "see which topics the broker takes"},
	{0x91, "the packet number is in use", NULL},
	{0x92, "the packet number is not known", NULL},
	{0x93, "more at a time than the broker takes", NULL},
	{0x94, "the topic alias is not valid", NULL},
	{0x95, "the packet is too large", "raise the broker's maximum packet size"},
	{0x96, "too many messages in a short time", "raise the broker's limit of messages"},
	{0x97, "quota exceeded", "raise the broker's quota"},
	{0x98, "ended by an administrator", NULL},
	{0x99, "the payload is not of the form it should have", "see the broker's log"},
	{0x9a, "no retained messages here", "allow retained messages in the broker's settings"},
	{0x9b, "not with this QoS", "allow QoS 1 in the broker's settings"},
	{0x9c, "use another server", "set broker in [mqtt] to that one"},
	{0x9d, "the server has moved", "set broker in [mqtt] to the new one"},
	{0x9e, "no shared subscriptions here", NULL},
	{0x9f, "too many connections in a short time", NULL},
	{0xa0, "connected for as long as the broker allows", NULL},
	{0xa1, "no subscription identifiers here", NULL},
	{0xa2, "no wildcards in subscriptions here",
		"allow wildcard subscriptions in the broker's settings"},
};

/* The index, or ARRAY_LEN(rows). */
static size_t find(int64_t reason)
{
	size_t i = 0;

	while (i < ARRAY_LEN(rows) && rows[i].reason != reason)
		i++;
	return i;
}

bool mqtt_reason_is_about_message(int64_t reason)
{
	switch (reason) {
	case MQTT_REASON_MALFORMED:
	case MQTT_REASON_PROTOCOL_ERROR:
	case MQTT_REASON_TOPIC_INVALID:
	case 0x93: /* receive maximum exceeded */
	case 0x94: /* topic alias invalid */
	case MQTT_REASON_TOO_LARGE:
	case 0x99: /* payload format invalid */
	case MQTT_REASON_NO_RETAIN:
	case MQTT_REASON_NO_QOS:
		return true;
	default:
		return false;
	}
}

bool mqtt_reason_is_about_login(int64_t reason)
{
	switch (reason) {
	case 0x02: /* 3.1.1: client identifier rejected */
	case 0x04: /* 3.1.1: bad user name or password */
	case 0x05: /* 3.1.1: not authorized */
	case 0x85: /* client identifier not valid */
	case 0x86: /* bad user name or password */
	case MQTT_REASON_NOT_AUTHORIZED:
	case 0x8a: /* banned */
	case 0x8c: /* bad authentication method */
		return true;
	default:
		return false;
	}
}

bool mqtt_reason_is_permanent(int64_t reason)
{
	return reason == MQTT_REASON_MALFORMED || reason == MQTT_REASON_PROTOCOL_ERROR ||
	       reason == MQTT_REASON_TOPIC_INVALID || reason == MQTT_REASON_TOO_LARGE ||
	       reason == 0x99 /* payload format invalid */;
}

/* A word with a slash is probably a topic. Returns its length. */
static size_t take_word(const char *word, char ret[static SAID_MAX + 1])
{
	size_t n = strcspn(word, " "), kept = n < SAID_MAX ? n : SAID_MAX;

	if (memchr(word, '/', n)) {
		strcpy(ret, "...");
		return n;
	}
	for (size_t i = 0; i < kept; i++)
		ret[i] = (unsigned char)word[i] < 0x20 || (unsigned char)word[i] > 0x7e ||
					 word[i] == '"'
				 ? '?'
				 : word[i];
	ret[kept] = '\0';
	return n;
}

static void quote(const char *said, char ret[static SAID_MAX + 1])
{
	char word[SAID_MAX + 1];
	size_t used = 0;

	ret[0] = '\0';
	while (*said && used < SAID_MAX) {
		said += take_word(said, word);
		used += (size_t)snprintf(
			ret + used, SAID_MAX + 1 - used, "%s%s", word, *said ? " " : "");
		said += *said == ' ';
	}
}

const char *mqtt_reason_print(int64_t reason, const char *said, char *ret, size_t size)
{
	size_t i = find(reason);
	char quoted[SAID_MAX + 1] = "";

	if (said)
		quote(said, quoted);
	if (!reason)
		snprintf(ret, size, "no reason given");
	else if (i < ARRAY_LEN(rows))
		snprintf(ret, size, "%s (0x%02x)", rows[i].words, (unsigned)reason);
	else
		snprintf(ret, size, "reason 0x%02x", (unsigned)(reason & 0xff));
	if (quoted[0])
		snprintf(ret + strlen(ret), size - strlen(ret), ", it says \"%s\"", quoted);
	return ret;
}

const char *mqtt_reason_advice(int64_t reason)
{
	size_t i = find(reason);

	return i < ARRAY_LEN(rows) && rows[i].advice ? rows[i].advice : "";
}

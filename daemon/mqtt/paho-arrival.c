// SPDX-License-Identifier: MIT
#include "daemon/mqtt/paho-arrival.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"

struct paho_arrival *paho_arrival_new(
	const char *topic, const MQTTAsync_message *message, size_t max, size_t *ret_block)
{
	MQTTProperties *properties = (MQTTProperties *)&message->properties;
	MQTTProperty *response =
		MQTTProperties_getProperty(properties, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
	MQTTProperty *correlation =
		MQTTProperties_getProperty(properties, MQTTPROPERTY_CODE_CORRELATION_DATA);
	size_t size = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;
	size_t topic_size = strlen(topic) + 1;
	size_t response_size = response ? (size_t)response->value.data.len : 0;
	size_t correlation_size = correlation ? (size_t)correlation->value.data.len : 0;
	struct paho_arrival *arrival;
	char *at;

	if (size > max)
		size = max + 1;
	*ret_block = sizeof(*arrival) + size + topic_size + response_size + 1 + correlation_size;
	arrival = alloc_zero(1, *ret_block);
	at = (char *)(arrival + 1);
	arrival->topic = memcpy(at, topic, topic_size);
	at += topic_size;
	arrival->payload = at;
	arrival->size = size;
	if (size)
		memcpy(at, message->payload, size);
	at += size;
	if (response) {
		/* Ends at a NUL, which no topic contains. The byte after it is zero already. */
		arrival->reply_to.topic = memcpy(at, response->value.data.data, response_size);
		at += response_size + 1;
	}
	if (correlation) {
		arrival->reply_to.correlation =
			memcpy(at, correlation->value.data.data, correlation_size);
		arrival->reply_to.correlation_size = correlation_size;
	}
	arrival->is_retained = message->retained;
	arrival->arrived_us = clock_now_us();
	return arrival;
}

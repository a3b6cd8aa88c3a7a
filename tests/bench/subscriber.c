// SPDX-License-Identifier: MIT
/* subscriber PORT FILTER: a line for each message that comes, with the instant of its arrival on the
 * monotonic clock: microseconds, topic, payload. Ends with its standard output or a signal.
 */
#include <MQTTAsync.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/units.h"

struct subscriber {
	MQTTAsync client;
	const char *filter;
};

static int on_message(void *user, char *topic, int topic_size, MQTTAsync_message *message)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	printf("%" PRId64 " %s %.*s\n", (int64_t)ts.tv_sec * US_PER_S + ts.tv_nsec / 1000, topic,
		message->payloadlen, (const char *)message->payload);
	if (fflush(stdout))
		exit(EXIT_FAILURE);
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

static void on_failed(void *user, MQTTAsync_failureData *data)
{
	fprintf(stderr, "subscriber: the broker refused\n");
	exit(EXIT_FAILURE);
}

static void on_connected(void *user, MQTTAsync_successData *data)
{
	struct subscriber *s = user;
	MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;

	options.onFailure = on_failed;
	if (MQTTAsync_subscribe(s->client, s->filter, 1, &options))
		on_failed(s, NULL);
}

int main(int argc, char **argv)
{
	MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;
	struct subscriber s = {0};
	char uri[64];

	if (argc != 3)
		return 2;
	s.filter = argv[2];
	snprintf(uri, sizeof(uri), "tcp://127.0.0.1:%s", argv[1]);
	if (MQTTAsync_create(&s.client, uri, "subscriber", MQTTCLIENT_PERSISTENCE_NONE, NULL))
		return EXIT_FAILURE;
	MQTTAsync_setCallbacks(s.client, &s, NULL, on_message, NULL);
	connect.context = &s;
	connect.onSuccess = on_connected;
	connect.onFailure = on_failed;
	if (MQTTAsync_connect(s.client, &connect))
		return EXIT_FAILURE;
	for (;;)
		pause();
}

// SPDX-License-Identifier: MIT
#include "gym/commands.h"

#include <MQTTAsync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define FLUSH_MS 5000

struct commands {
	MQTTAsync client;
	char *base;
};

/* People write mqtt://; Paho C calls it tcp://. */
static char *paho_uri(const char *broker)
{
	const char *rest = strstr(broker, "://");

	if (!rest)
		return NULL;
	if (strncmp(broker, "mqtt:", 5) == 0)
		return alloc_printf("tcp%s%s", rest, strchr(rest + 3, ':') ? "" : ":1883");
	return alloc_text(broker);
}

struct commands *commands_new(const char *broker, const char *base)
{
	MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer;
	MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;
	_auto_free_ char *uri = paho_uri(broker);
	_auto_free_ char *id = alloc_printf("coxa-gym-%d", (int)getpid());
	struct commands *commands = new0(struct commands);

	create.sendWhileDisconnected = 1;
	create.allowDisconnectedSendAtAnyTime = 1;
	create.maxBufferedMessages = 1000;
	connect.automaticReconnect = 1;
	connect.minRetryInterval = 1;
	connect.maxRetryInterval = 5;
	connect.cleansession = 1;
	if (!uri || MQTTAsync_createWithOptions(&commands->client, uri, id,
			    MQTTCLIENT_PERSISTENCE_NONE, NULL, &create) != MQTTASYNC_SUCCESS) {
		free(commands);
		return NULL;
	}
	commands->base = alloc_text(base);
	MQTTAsync_connect(commands->client, &connect);
	return commands;
}

struct commands *commands_free(struct commands *commands)
{
	MQTTAsync_disconnectOptions disconnect = MQTTAsync_disconnectOptions_initializer;

	if (!commands)
		return NULL;
	for (int ms = 0; ms < FLUSH_MS; ms += 20) {
		MQTTAsync_token *tokens = NULL;
		bool is_empty = MQTTAsync_getPendingTokens(commands->client, &tokens) !=
					MQTTASYNC_SUCCESS ||
				!tokens;

		MQTTAsync_free(tokens);
		if (is_empty)
			break;
		usleep(20000);
	}
	disconnect.timeout = 1000;
	MQTTAsync_disconnect(commands->client, &disconnect);
	MQTTAsync_destroy(&commands->client);
	free(commands->base);
	free(commands);
	return NULL;
}

void commands_send(struct commands *commands, const char *topic, const char *payload)
{
	_auto_free_ char *full = alloc_printf("%s/%s", commands->base, topic);
	int r = MQTTAsync_send(commands->client, full, (int)strlen(payload), payload, 1, 0, NULL);

	if (r != MQTTASYNC_SUCCESS)
		fprintf(stderr, "coxa-gym: %s: %s\n", full, MQTTAsync_strerror(r));
}

void commands_play(struct commands *commands, struct gym *gym, int64_t start_us)
{
	struct gym_command command;

	for (size_t i = 0; gym_get_command(gym, i, &command); i++) {
		int64_t at_us = start_us + command.t_us;
		struct timespec at = {(time_t)(at_us / US_PER_S), (long)(at_us % US_PER_S) * 1000};

		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0)
			;
		commands_send(commands, command.topic, command.payload);
	}
}

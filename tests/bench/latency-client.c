// SPDX-License-Identifier: MIT
/* latency-client PORT N: asks coxad N times for a verdict (a symptom without a pop, each at another
 * time) and measures from the publishing of the command to the arrival of its red flag. Between lie
 * two passes through the broker, the judge, and the commit of the event to disk.
 */
#include <MQTTAsync.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/units.h"

static const char base[] = "coxa/v1/bench";

struct bench {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_ready;
	unsigned pops;
	int64_t arrived_us;
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * US_PER_S + ts.tv_nsec / 1000;
}

static int on_message(void *user, char *topic, int topic_size, MQTTAsync_message *message)
{
	struct bench *b = user;
	int64_t now = now_us();

	pthread_mutex_lock(&b->lock);
	/* A revision of an earlier one is no answer. */
	if (memmem(message->payload, (size_t)message->payloadlen, "\"rev\":1,", 8)) {
		b->pops++;
		b->arrived_us = now;
		pthread_cond_signal(&b->changed);
	}
	pthread_mutex_unlock(&b->lock);
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

static void ready(struct bench *b)
{
	pthread_mutex_lock(&b->lock);
	b->is_ready = true;
	pthread_cond_signal(&b->changed);
	pthread_mutex_unlock(&b->lock);
}

static void on_done(void *user, MQTTAsync_successData *data)
{
	ready(user);
}

static void on_failed(void *user, MQTTAsync_failureData *data)
{
	fprintf(stderr, "latency-client: the broker refused\n");
	exit(EXIT_FAILURE);
}

static void wait_ready(struct bench *b)
{
	pthread_mutex_lock(&b->lock);
	while (!b->is_ready)
		pthread_cond_wait(&b->changed, &b->lock);
	b->is_ready = false;
	pthread_mutex_unlock(&b->lock);
}

static int64_t ask(struct bench *b, MQTTAsync client, unsigned n)
{
	static const char *const sites[] = {"hip", "groin", "low_back", "buttock", "thigh", "leg"};
	static const char *const codes[] = {"sharp", "shooting", "stinging", "radiating", "numb"};
	static const char *const sides[] = {"left", "right", "both"};
	char topic[64], payload[128];
	int64_t sent;
	unsigned before;

	snprintf(topic, sizeof(topic), "%s/command/symptom", base);
	snprintf(payload, sizeof(payload),
		"{\"athlete\":\"ana\",\"code\":\"%s\",\"site\":\"%s\",\"side\":\"%s\"}",
		codes[n % 5], sites[n / 5 % 6], sides[n / 30 % 3]);
	pthread_mutex_lock(&b->lock);
	before = b->pops;
	sent = now_us();
	MQTTAsync_send(client, topic, (int)strlen(payload), payload, 0, 0, NULL);
	while (b->pops == before)
		pthread_cond_wait(&b->changed, &b->lock);
	sent = b->arrived_us - sent;
	pthread_mutex_unlock(&b->lock);
	return sent;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 200;
	struct bench b = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
	MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
	int64_t *took = calloc(n, sizeof(*took));
	struct timespec pause = {.tv_nsec = 30 * 1000 * 1000};
	MQTTAsync client;
	char uri[64], topic[64];

	snprintf(uri, sizeof(uri), "tcp://127.0.0.1:%s", argc > 1 ? argv[1] : "1883");
	if (!took || MQTTAsync_create(&client, uri, "latency", MQTTCLIENT_PERSISTENCE_NONE, NULL))
		return EXIT_FAILURE;
	MQTTAsync_setCallbacks(client, &b, NULL, on_message, NULL);
	connect.context = response.context = &b;
	connect.onSuccess = response.onSuccess = on_done;
	connect.onFailure = response.onFailure = on_failed;
	if (MQTTAsync_connect(client, &connect))
		return EXIT_FAILURE;
	wait_ready(&b);
	snprintf(topic, sizeof(topic), "%s/athlete/ana/pop", base);
	if (MQTTAsync_subscribe(client, topic, 1, &response))
		return EXIT_FAILURE;
	wait_ready(&b);
	for (unsigned i = 0; i < n; i++) {
		took[i] = ask(&b, client, i);
		nanosleep(&pause, NULL);
	}
	qsort(took, n, sizeof(*took), by_value);
	printf("command to red flag at the subscriber, %u times: p50 %.1f ms, p99 %.1f ms, max %.1f ms\n",
		n, (double)took[n / 2] / 1000, (double)took[n * 99 / 100] / 1000,
		(double)took[n - 1] / 1000);
	MQTTAsync_destroy(&client);
	free(took);
	return EXIT_SUCCESS;
}

// SPDX-License-Identifier: MIT
#include "daemon/mqtt/getaddrinfo.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HOST_SIZE    256
#define NUMERIC_SIZE 80

typedef int (*resolve_fn)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static struct {
	pthread_mutex_t lock;
	char host[HOST_SIZE], numeric[NUMERIC_SIZE];
} pinned = {.lock = PTHREAD_MUTEX_INITIALIZER};

void getaddrinfo_pin(const char *host, const struct sockaddr *address, socklen_t size)
{
	char numeric[NUMERIC_SIZE];

	if (getnameinfo(address, size, numeric, sizeof(numeric), NULL, 0, NI_NUMERICHOST))
		return;
	pthread_mutex_lock(&pinned.lock);
	snprintf(pinned.host, sizeof(pinned.host), "%s", host);
	snprintf(pinned.numeric, sizeof(pinned.numeric), "%s", numeric);
	pthread_mutex_unlock(&pinned.lock);
}

static bool find(const char *host, char ret[static NUMERIC_SIZE])
{
	bool is_pinned;

	pthread_mutex_lock(&pinned.lock);
	is_pinned = host && pinned.host[0] && !strcasecmp(host, pinned.host);
	if (is_pinned)
		memcpy(ret, pinned.numeric, NUMERIC_SIZE);
	pthread_mutex_unlock(&pinned.lock);
	return is_pinned;
}

/* Of the C library, or whatever else is in front of it. */
static int resolve(
	const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	resolve_fn next;
	void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

	if (!symbol)
		return EAI_SYSTEM;
	memcpy(&next, &symbol, sizeof(next));
	return next(host, service, hints, ret);
}

__attribute__((visibility("default"), used)) int getaddrinfo(
	const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	struct addrinfo numeric = {0};
	char address[NUMERIC_SIZE];

	/* With a service it is not Paho. */
	if (service || !find(host, address))
		return resolve(host, service, hints, ret);
	if (hints)
		numeric = *hints;
	numeric.ai_flags |= AI_NUMERICHOST;
	numeric.ai_family = AF_UNSPEC;
	return resolve(address, NULL, &numeric, ret);
}

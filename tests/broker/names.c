// SPDX-License-Identifier: MIT
/* A name server for the tests, to be preloaded: getaddrinfo of
 *   slow.test    begins, and does not answer for 40 s, like one out of reach
 *   four.test    127.0.0.1, then ::1
 *   six.test     ::1, then 127.0.0.1
 * Everything else is asked of the C library.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef int (*resolve_fn)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int resolve_both(resolve_fn next, const char *first, const char *second, const char *service,
	const struct addrinfo *hints, struct addrinfo **ret)
{
	struct addrinfo *rest = NULL;
	int r = next(first, service, hints, ret);

	if (r)
		return r;
	r = next(second, service, hints, &rest);
	for (struct addrinfo *last = *ret; !r; last = last->ai_next) {
		if (last->ai_next)
			continue;
		last->ai_next = rest;
		break;
	}
	return r;
}

int getaddrinfo(
	const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	resolve_fn next;
	void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

	memcpy(&next, &symbol, sizeof(next));
	if (host && !strcmp(host, "slow.test")) {
		fprintf(stderr, "names: asked for %s\n", host);
		sleep(40);
		return EAI_AGAIN;
	}
	if (host && !strcmp(host, "four.test"))
		return resolve_both(next, "127.0.0.1", "::1", service, hints, ret);
	if (host && !strcmp(host, "six.test"))
		return resolve_both(next, "::1", "127.0.0.1", service, hints, ret);
	return next(host, service, hints, ret);
}

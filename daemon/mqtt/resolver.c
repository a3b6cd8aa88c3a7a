// SPDX-License-Identifier: MIT
#include "daemon/mqtt/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/thread.h"
#include "daemon/mqtt/paho.h"

/* Whoever comes last, the owner or the thread, frees it. */
struct resolver {
	pthread_mutex_t lock;
	struct mailbox *mailbox; /* NULL: the owner is gone */
	bool is_done;            /* the thread is gone, or there was none */
	char *host;
};

static void destroy(struct resolver *resolver)
{
	pthread_mutex_destroy(&resolver->lock);
	free(resolver->host);
	free(resolver);
}

static void copy_found(struct resolver_result *result, const struct addrinfo *found)
{
	for (; found && result->n < RESOLVER_ADDRESSES_MAX; found = found->ai_next) {
		if (found->ai_addrlen > sizeof(result->found[0].address))
			continue;
		memcpy(&result->found[result->n].address, found->ai_addr, found->ai_addrlen);
		result->found[result->n++].size = found->ai_addrlen;
	}
}

/* The port gives it something that our own getaddrinfo is not asked for. */
static struct resolver_result *look_up(const char *host)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct resolver_result *result = new0(struct resolver_result);
	struct addrinfo *found = NULL;

	result->error = getaddrinfo(host, "1883", &hints, &found);
	if (result->error)
		return result;
	copy_found(result, found);
	freeaddrinfo(found);
	if (!result->n)
		result->error = EAI_NONAME;
	return result;
}

/* The host is an address itself, for which nobody need be asked; NULL: it is not. */
static struct resolver_result *read_address(const char *host)
{
	struct resolver_result *result = new0(struct resolver_result);
	struct sockaddr_in *four = (struct sockaddr_in *)&result->found[0].address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&result->found[0].address;

	result->n = 1;
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		result->found[0].size = sizeof(*four);
	} else if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		result->found[0].size = sizeof(*six);
	} else {
		free(result);
		return NULL;
	}
	return result;
}

static void post(struct mailbox *mailbox, struct resolver_result *result)
{
	struct mail mail = {.kind = PAHO_MAIL_RESOLVED, .data = result};

	mailbox_post(mailbox, &mail, false);
}

static void *run(void *user)
{
	struct resolver *resolver = user;
	struct resolver_result *result = look_up(resolver->host);
	bool is_last;

	pthread_mutex_lock(&resolver->lock);
	is_last = !resolver->mailbox;
	resolver->is_done = true;
	if (is_last)
		free(result);
	else
		post(resolver->mailbox, result);
	pthread_mutex_unlock(&resolver->lock);
	if (is_last)
		destroy(resolver);
	return NULL;
}

int resolver_new(const char *host, struct mailbox *mailbox, struct resolver **ret)
{
	struct resolver *resolver = new0(struct resolver);
	struct resolver_result *result = read_address(host);
	int r = 0;

	pthread_mutex_init(&resolver->lock, NULL);
	resolver->mailbox = mailbox;
	resolver->host = alloc_text(host);
	resolver->is_done = result;
	if (result)
		post(mailbox, result);
	else
		r = thread_start_detached("coxad-resolver", run, resolver);
	if (r)
		destroy(resolver);
	else
		*ret = resolver;
	return r;
}

struct resolver *resolver_free(struct resolver *resolver)
{
	bool is_last;

	if (!resolver)
		return NULL;
	pthread_mutex_lock(&resolver->lock);
	is_last = resolver->is_done;
	resolver->mailbox = NULL;
	pthread_mutex_unlock(&resolver->lock);
	if (is_last)
		destroy(resolver);
	return NULL;
}

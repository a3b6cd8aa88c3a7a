// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

struct mailbox {
	int fd;
	pthread_mutex_t lock;
	/* Under the lock: */
	size_t capacity, first, n;
	bool overflow;
	uint64_t dropped;
	struct mail mail[];
};

int mailbox_new(size_t capacity, struct mailbox **ret)
{
	struct mailbox *box = alloc_zero(1, sizeof(*box) + capacity * sizeof(box->mail[0]));

	box->capacity = capacity;
	pthread_mutex_init(&box->lock, NULL);
	box->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (box->fd < 0) {
		int r = -errno;

		mailbox_free(box);
		return r;
	}
	*ret = box;
	return 0;
}

struct mailbox *mailbox_free(struct mailbox *box)
{
	if (!box)
		return NULL;
	for (size_t i = 0; i < box->n; i++)
		free(box->mail[(box->first + i) % box->capacity].data);
	if (box->fd >= 0)
		close(box->fd);
	pthread_mutex_destroy(&box->lock);
	free(box);
	return NULL;
}

int mailbox_fd(const struct mailbox *box)
{
	return box->fd;
}

static void wake(struct mailbox *box)
{
	uint64_t one = 1;

	/* Fails only if the counter is full: then the reader is awake already. */
	while (write(box->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

bool mailbox_post(struct mailbox *box, const struct mail *mail, bool is_from_outside)
{
	size_t limit = is_from_outside ? box->capacity / 2 : box->capacity;
	bool is_kept;

	pthread_mutex_lock(&box->lock);
	is_kept = box->n < limit;
	if (is_kept) {
		box->mail[(box->first + box->n) % box->capacity] = *mail;
		box->n++;
	} else if (is_from_outside) {
		box->dropped++;
	} else {
		box->overflow = true;
	}
	pthread_mutex_unlock(&box->lock);
	if (!is_kept)
		free(mail->data);
	wake(box);
	return is_kept;
}

bool mailbox_take(struct mailbox *box, struct mail *ret)
{
	bool is_there;
	uint64_t count;

	pthread_mutex_lock(&box->lock);
	is_there = box->n > 0;
	if (is_there) {
		*ret = box->mail[box->first];
		box->first = (box->first + 1) % box->capacity;
		box->n--;
	} else if (read(box->fd, &count, sizeof(count)) < 0) {
		/* It was zero already. Reset under the lock, so that a later post wakes again. */
	}
	pthread_mutex_unlock(&box->lock);
	return is_there;
}

bool mailbox_take_overflow(struct mailbox *box)
{
	bool overflow;

	pthread_mutex_lock(&box->lock);
	overflow = box->overflow;
	box->overflow = false;
	pthread_mutex_unlock(&box->lock);
	return overflow;
}

uint64_t mailbox_dropped(struct mailbox *box)
{
	uint64_t dropped;

	pthread_mutex_lock(&box->lock);
	dropped = box->dropped;
	pthread_mutex_unlock(&box->lock);
	return dropped;
}

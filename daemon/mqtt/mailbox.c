// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

struct letter {
	struct letter *next;
	bool is_from_outside;
	struct mail mail;
};

struct mailbox {
	int fd;
	size_t own_max, outside_max;
	pthread_mutex_t lock;
	/* Under the lock: */
	struct letter *first, **end;
	size_t own, outside; /* records, bytes */
	bool overflow;
	uint64_t dropped;
};

int mailbox_new(size_t own, size_t from_outside, struct mailbox **ret)
{
	struct mailbox *box = new0(struct mailbox);

	box->own_max = own;
	box->outside_max = from_outside;
	box->end = &box->first;
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
	for (struct letter *letter = box->first, *next; letter; letter = next) {
		next = letter->next;
		free(letter->mail.data);
		free(letter);
	}
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

/* Under the lock. Where it is counted, and how much it takes there. */
static size_t *share_of(struct mailbox *box, const struct letter *letter, size_t *ret_size)
{
	*ret_size = letter->is_from_outside ? sizeof(*letter) + letter->mail.size : 1;
	return letter->is_from_outside ? &box->outside : &box->own;
}

/* Under the lock. */
static bool keep(struct mailbox *box, struct letter *letter)
{
	size_t size, *share = share_of(box, letter, &size);
	size_t max = letter->is_from_outside ? box->outside_max : box->own_max;

	if (size > max - *share)
		return false;
	*share += size;
	*box->end = letter;
	box->end = &letter->next;
	return true;
}

bool mailbox_post(struct mailbox *box, const struct mail *mail, bool is_from_outside)
{
	struct letter *letter = new0(struct letter);
	bool is_kept;

	letter->is_from_outside = is_from_outside;
	letter->mail = *mail;
	pthread_mutex_lock(&box->lock);
	is_kept = keep(box, letter);
	if (!is_kept && is_from_outside)
		box->dropped++;
	else if (!is_kept)
		box->overflow = true;
	pthread_mutex_unlock(&box->lock);
	if (!is_kept) {
		free(mail->data);
		free(letter);
	}
	wake(box);
	return is_kept;
}

/* Under the lock. */
static struct letter *take_first(struct mailbox *box)
{
	struct letter *letter = box->first;
	size_t size, *share = share_of(box, letter, &size);

	*share -= size;
	box->first = letter->next;
	if (!box->first)
		box->end = &box->first;
	return letter;
}

bool mailbox_take(struct mailbox *box, struct mail *ret)
{
	struct letter *letter = NULL;
	uint64_t count;

	pthread_mutex_lock(&box->lock);
	if (box->first) {
		letter = take_first(box);
	} else if (read(box->fd, &count, sizeof(count)) < 0) {
		/* It was zero already. Reset under the lock, so that a later post wakes again. */
	}
	pthread_mutex_unlock(&box->lock);
	if (!letter)
		return false;
	*ret = letter->mail;
	free(letter);
	return true;
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

// SPDX-License-Identifier: MIT
#pragma once
/* The last number that an event got while the disk failed, in the directory that systemd gives in memory
 * (RUNTIME_DIRECTORY): it outlives coxad, though not the machine. Without a directory nothing is kept.
 */
#include <stdint.h>

struct number_mark {
	int fd; /* -1: none */
};

/* From the environment. */
void number_mark_open(struct number_mark *mark);
void number_mark_close(struct number_mark *mark);
/* 0: none. */
uint64_t number_mark_read(const struct number_mark *mark);
void number_mark_write(const struct number_mark *mark, uint64_t seq);

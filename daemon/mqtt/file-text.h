// SPDX-License-Identifier: MIT
#pragma once
/* Reading a file that a setting names: regular files only, without waiting, and a sentence that says
 * what is wrong with which file. */
#include <stddef.h>

#define FILE_TEXT_ERROR_SIZE 512

struct file_text {
	char *text; /* owned; a byte beyond its end is zero */
	size_t size;
};

/* The first `max` bytes at most. -errno: ret_error says what is wrong and what to do. `what` is the
 * setting. */
int file_text_read(const char *what, const char *path, size_t max, struct file_text *ret,
	char ret_error[static FILE_TEXT_ERROR_SIZE]);

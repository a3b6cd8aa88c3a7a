// SPDX-License-Identifier: MIT
#pragma once
/* A password from a file: its first line, without the end of the line and a byte order mark. Whatever
 * else the file is or holds is an error, so that coxad never logs in without the password that it was
 * to use.
 */
#include <stddef.h>

#include "daemon/mqtt/file-text.h"

/* MQTT 5.0, 1.5.6: a length is two bytes. */
#define SECRET_BYTES_MAX 65535

struct secret {
	char *text; /* owned; NULL: none */
};

/* -errno: ret_error says what is wrong with which file and what to do. `what` is the setting. Never
 * waits. */
int secret_read(const char *what, const char *path, struct secret *ret,
	char ret_error[static FILE_TEXT_ERROR_SIZE]);
/* Overwrites it. */
void secret_done(struct secret *secret);

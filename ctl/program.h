// SPDX-License-Identifier: MIT
#pragma once
/* Other programs: coxad itself, which knows its own files best, and systemctl. */

/* What a shell calls a program that is not there. */
#define PROGRAM_NOT_FOUND 127

/* Found as a shell finds it, or in the folders of administrators. words end with NULL. Its exit status, or
 * PROGRAM_NOT_FOUND. *ret is what it wrote, errors too, cut after 256 KiB, returns-owned; ret NULL: it writes where
 * this program does. */
int program_run(const char *const *words, char **ret);

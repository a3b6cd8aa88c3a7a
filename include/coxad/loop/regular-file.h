// SPDX-License-Identifier: MIT
#pragma once
/* Opening what a setting names. Reading a FIFO or a device may never end, so only regular files, and
 * links to them, are opened, and never in a way that waits. */

/* A file descriptor to read from, or -errno; -EISDIR: a folder, -EMEDIUMTYPE: no regular file. Looks
 * before it opens, because opening a device can have effects. */
int regular_file_open(const char *path);

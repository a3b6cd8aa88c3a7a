// SPDX-License-Identifier: MIT
#pragma once
/* Files in the directory that systemd gives in memory (RUNTIME_DIRECTORY, from the environment): they
 * outlive coxad, though not the machine.
 */

/* -1: there is no directory, or it cannot be opened; then the journal says what that means. */
int runtime_file_open(const char *name, const char *otherwise);
/* *fd becomes -1. */
void runtime_file_close(int *fd);

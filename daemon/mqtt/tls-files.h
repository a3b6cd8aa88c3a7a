// SPDX-License-Identifier: MIT
#pragma once
/* The files of an encrypted connection, looked at before Paho reads them: it would wait for a FIFO, ask
 * for the passphrase of a key on the terminal, and say only that it failed. */
#include <stdbool.h>

#include "daemon/mqtt/file-text.h"

struct tls_files {
	const char *ca_file, *certificate_file, *key_file; /* or NULL */
};

/* -errno: no connection can be made with them; ret_error says which file and what to do. */
int tls_files_check(const struct tls_files *files, char ret_error[static FILE_TEXT_ERROR_SIZE]);
/* Each file alone, and the key with its certificate. */
int tls_files_check_ca(const char *path, char ret_error[static FILE_TEXT_ERROR_SIZE]);
int tls_files_check_pair(
	const struct tls_files *files, char ret_error[static FILE_TEXT_ERROR_SIZE]);
/* A certificate that is out of date, which a broker refuses: true, and a sentence. */
bool tls_files_are_dated(const struct tls_files *files, char ret_text[static FILE_TEXT_ERROR_SIZE]);

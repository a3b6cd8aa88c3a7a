// SPDX-License-Identifier: MIT
#pragma once
/* The broker's password where systemd finds it for coxad.service alone (LoadCredential=): a file that only root
 * reads. Errors are told.
 */
#include <stdbool.h>

/* What [mqtt] password-credential names. */
#define PASSWORD_FILE_CREDENTIAL "coxad.mqtt-password"

/* It holds this password, or there is none and the password is NULL. */
bool password_file_is(const char *password);
/* On disk beside the file, whole, for password_file_put or password_file_drop. An exit status. */
int password_file_draft(const char *password);
/* The draft takes the file's place. An exit status; the file is as it was unless CTL_OK. */
int password_file_put(void);
void password_file_drop(void);

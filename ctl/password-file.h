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
/* Whole, or as it was. An exit status. */
int password_file_write(const char *password);

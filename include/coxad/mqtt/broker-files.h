// SPDX-License-Identifier: MIT
#pragma once
/* The files that [mqtt] names, opened as the service would, for --check-config. */
#include "coxad/config/conf.h"

enum broker_files_verdict {
	BROKER_FILES_UNUSABLE, /* no connection can be made */
	BROKER_FILES_NOTE      /* worth knowing, or what cannot be told here */
};

/* Calls `each` for each finding, a sentence. Root looks with the rights of `service_user`; any other user
 * with its own. Changes the process's user meanwhile: no other thread may run. */
void broker_files_check(const struct conf *conf, const char *service_user,
	void (*each)(void *user, enum broker_files_verdict verdict, const char *text), void *user);

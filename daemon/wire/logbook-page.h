// SPDX-License-Identifier: MIT
#pragma once
/* A page of the logbook as JSON: `data` in the reply to command/history. */
#include <jansson.h>

#include "coxad/wire/logbook.h"

/* An entry whose text is no JSON object is left out. Returns-owned. */
json_t *logbook_page_make(const struct logbook_page *page);

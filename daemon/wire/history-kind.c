// SPDX-License-Identifier: MIT
#include "coxad/wire/history-kind.h"

#include <errno.h>
#include <string.h>

TERM_TABLE(HISTORY_KIND, history_kind, HISTORY_KIND_LIST)

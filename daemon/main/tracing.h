// SPDX-License-Identifier: MIT
#pragma once
/* Field tracing of this process: which topics COXAD_TRACE asks for, and its lines to the journal at
 * level debug, whatever level is written otherwise.
 */
#include "coxad/base/trace.h"

/* Reads COXAD_TRACE. 1: *ret is set; 0: nothing is traced; -EINVAL with what is wrong on standard
 * error. */
int tracing_start(struct tracer *ret);
/* Other topics from here on, as in COXAD_TRACE; "" for none. -EINVAL. */
int tracing_set(struct tracer *tracer, const char *topics);

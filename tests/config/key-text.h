// SPDX-License-Identifier: MIT
#pragma once
/* The keys as documented: the body of conf/coxad.conf and the key list of doc/coxad.conf.5, made from
 * the rows of conf-table.h. print-keys writes them, test-conf-docs compares them.
 */

/* Returns-owned. */
char *key_text_conf(void);
char *key_text_man(void);

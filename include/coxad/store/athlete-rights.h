// SPDX-License-Identifier: MIT
#pragma once
/* The two rights of an athlete: to see what the state directory holds, and to have it erased. Both
 * databases, and what was put aside of them. Not while coxad runs.
 */

/* coxad --export-athlete: all that is stored about the athlete (under the name, with the name as its
 * "athlete", or waiting in the outbox below athlete/<name>/), as one JSON object. *ret is
 * returns-owned. Returns how many entries. -EBUSY while coxad runs. */
int athlete_rights_export(const char *directory, const char *athlete, char **ret);
/* coxad --erase-athlete: deletes the same entries, also from the free pages of the files, and all files
 * that were put aside. The topics that the broker retains stay listed, so that the next run removes
 * them from the broker. Returns how many entries. -EBUSY while coxad runs. */
int athlete_rights_erase(const char *directory, const char *athlete);

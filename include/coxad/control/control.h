// SPDX-License-Identifier: MIT
#pragma once
/* coxad on the system bus, for coxactl: org.coxad at /org/coxad with the interfaces
 * org.coxad.Gateway1 (trainers) and org.coxad.Gateway1.Admin. Who may call which is decided by the
 * bus (systemd/org.coxad.conf). Owns a connection of its own, so that no caller can delay BlueZ.
 * Without a bus, or without the right to the name, it only tries again. What a caller may ask for is
 * bounded in number, rate and bytes. One thread, on the given loop, after all else that is due.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/config/conf.h"
#include "coxad/store/snapshot.h"
#include "coxad/wire/message.h"

struct control;

typedef void (*control_visit_fn)(void *visitor, const struct message *message);

#define CONTROL_WHY_SIZE 2048
#define CONTROL_TRY_MAX  3 /* wearables on trial */

struct control_ops {
	/* Its answer comes as a message whose reply_to is of REPLY_DBUS, within the call or later: pass
	 * it to control_reply. */
	void (*command)(void *user, const struct command_request *request);
	/* What commands have changed is on disk, or the disk cannot be written. */
	bool (*is_safe)(void *user);
	/* The newest of each retained topic. */
	void (*states)(void *user, control_visit_fn visit, void *visitor);
	/* 0, or -errno, and `each` is called for each reason. */
	int (*reload)(void *user,
		void (*each)(void *each_user, const char *name, const char *reason),
		void *each_user);
	/* What the broker refused is sent again. How many messages; -ENOTCONN: no broker is
	 * configured. */
	int (*requeue)(void *user);
	/* "debug", "info", ...; -EINVAL. */
	int (*log_level)(void *user, const char *level);
	/* As COXAD_TRACE, "" for none; -EINVAL. */
	int (*trace)(void *user, const char *topics);
	/* What is held about an athlete, JSON, returns-owned; NULL: nothing. */
	char *(*export)(void *user, const char *athlete);
	/* Looks for new wearables, from now for so long; what was found, JSON, returns-owned. NULL: there
	 * is no bus. */
	char *(*scan)(void *user, unsigned seconds);
	/* Connects to these of them from now for so long, and to no others. -ENOENT. */
	int (*hold)(void *user, char (*address)[ADDRESS_SIZE], size_t n, unsigned seconds);
	/* How these are, JSON, returns-owned. */
	char *(*held)(void *user);
	/* One of these shines or buzzes. -errno. */
	int (*identify)(void *user, const char *address, unsigned seconds);
	/* Pairs the wearable of that name or address, looking for it for so long: control_pair_asks and
	 * control_paired follow. -errno, -EBUSY or -ENOENT, or the reason for people. */
	int (*pair)(void *user, const char *who, unsigned seconds,
		char ret_why[static CONTROL_WHY_SIZE]);
	/* -ENOENT: nothing was asked. -EINVAL. */
	int (*pair_answer)(void *user, const char *answer);
	/* control_paired does not follow. */
	void (*pair_cancel)(void *user);
	/* Begins a recording; takes fd. -errno; -EMEDIUMTYPE: no regular file. */
	int (*record)(void *user, int fd);
	/* Ends it; control_recorded follows when the file is closed, or if it ends by itself. */
	void (*record_end)(void *user);
	/* Begins a backup; control_backed_up follows. -errno; -EBUSY: one is under way. */
	int (*backup)(void *user);
	/* Begins to erase an athlete; control_erased follows. -errno, and the reason for people. */
	int (*erase)(void *user, const char *athlete, char ret_why[static CONTROL_WHY_SIZE]);
};

struct control_backup_begun {
	int error; /* -errno: it has not */
	int fd;    /* from which to read the files, one after another; borrowed */
	const struct snapshot_file *file;
	size_t n;
};

/* Both ops and conf are borrowed for life. Only the lack of descriptors is a failure. */
int control_new(sd_event *loop, const struct conf *conf, const struct control_ops *ops, void *user,
	struct control **ret);
struct control *control_free(struct control *control);
/* The answer to a command, borrowed during the call. */
void control_reply(struct control *control, const struct message *message);
/* The recording has ended, and its file is closed. Why before its time; NULL: it is complete. */
void control_recorded(struct control *control, const char *why);
/* What is published, for those who watch. */
void control_message(struct control *control, const struct message *message);
/* Answers whoever asked for the backup. */
void control_backed_up(struct control *control, const struct control_backup_begun *begun);
/* The athlete is erased: what to tell, JSON. Or why not; NULL: that is not so. */
void control_erased(struct control *control, const char *text, const char *why);
/* What the wearable that is being paired demands: "enter_passkey", "enter_pin", "compare" and "show" (with the
 * value), or "nothing" any more. */
void control_pair_asks(struct control *control, const char *what, const char *value);
/* It is paired, a document about it; or why not. */
void control_paired(struct control *control, const char *document, const char *why);

// SPDX-License-Identifier: MIT
#include "ctl/setup-gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/drop-in.h"
#include "ctl/ask.h"
#include "ctl/out.h"
#include "ctl/password-file.h"
#include "ctl/printed.h"
#include "ctl/program.h"

enum setting { SITE, GATEWAY, BROKER, USERNAME, CREDENTIAL, SETTINGS };

/* What is typed to have a setting unset. */
#define NONE "none"

static const struct {
	const char *section, *key, *question;
	bool is_optional;
} settings[SETTINGS] = {
	[SITE] = {"gateway", "site", "Name of the site, part of every topic", false},
	[GATEWAY] = {"gateway", "name", "Name of this gateway, unique within the site", false},
	[BROKER] = {"mqtt", "broker", "Broker, as mqtt://HOST or mqtts://HOST, or " NONE, true},
	[USERNAME] = {"mqtt", "username", "User name at the broker, or " NONE, true},
	[CREDENTIAL] = {"mqtt", "password-credential", NULL, true},
};

struct setup {
	struct ctl *ctl;
	struct drop_in conf;
	char *now[SETTINGS];    /* in force; NULL: unset */
	char *wanted[SETTINGS]; /* NULL: as it is */
	char *password;         /* NULL: as it is */
	bool is_new_password;
};

/* --- what coxad --print-config says --- */

static int read_now(struct setup *s)
{
	_auto_free_ char *said = NULL;
	const char *const words[] = {"coxad", "--print-config", "--config", s->conf.config, NULL};

	if (program_run(words, &said) != 0) {
		out_message("the configuration has to be put right first:\n%s", said);
		return CTL_FAILED;
	}
	for (size_t i = 0; i < SETTINGS; i++)
		s->now[i] = printed_value(said, settings[i].section, settings[i].key);
	return CTL_OK;
}

/* --- what is wanted --- */

static int ask_for_all(struct setup *s)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		if (!settings[i].question)
			continue;
		s->wanted[i] = ask_line(settings[i].question, s->now[i] ? s->now[i] : "");
		if (!s->wanted[i])
			return CTL_FAILED;
	}
	return CTL_OK;
}

static void take_options(struct setup *s)
{
	const char *const option[SETTINGS] = {[SITE] = s->ctl->site,
		[GATEWAY] = s->ctl->gateway,
		[BROKER] = s->ctl->broker,
		[USERNAME] = s->ctl->username};

	for (size_t i = 0; i < SETTINGS; i++)
		s->wanted[i] = alloc_text(option[i]);
}

/* An empty one leaves what is there. */
static void ask_for_password(struct setup *s)
{
	s->password = ask_secret("Password at the broker (Enter: as it is)");
	if (!s->password || !s->password[0])
		return;
	s->wanted[CREDENTIAL] = alloc_text(PASSWORD_FILE_CREDENTIAL);
	s->is_new_password = !password_file_is(s->password);
}

static bool is_none(const struct setup *s, size_t i)
{
	return settings[i].is_optional && s->wanted[i] && strcmp(s->wanted[i], NONE) == 0;
}

static bool is_given(const struct ctl *ctl)
{
	return ctl->site || ctl->gateway || ctl->broker || ctl->username;
}

static int find_wanted(struct setup *s)
{
	int status = CTL_OK;

	if (is_given(s->ctl))
		take_options(s);
	else
		status = ask_for_all(s);
	if (status != CTL_OK || !s->wanted[USERNAME] || !s->wanted[USERNAME][0])
		return status;
	if (is_none(s, USERNAME))
		s->wanted[CREDENTIAL] = alloc_text(NONE);
	else
		ask_for_password(s);
	return status;
}

/* --- down to disk --- */

static bool is_change(const struct setup *s, size_t i)
{
	const char *wanted = s->wanted[i];

	if (is_none(s, i))
		return s->now[i] != NULL;
	return wanted && wanted[0] && (!s->now[i] || strcmp(s->now[i], wanted) != 0);
}

static bool is_as_wanted(const struct setup *s, size_t i, const char *printed)
{
	_auto_free_ char *would = printed_value(printed, settings[i].section, settings[i].key);

	return is_none(s, i) ? !would : would && strcmp(would, s->wanted[i]) == 0;
}

static int complain(const struct setup *s, size_t i)
{
	if (is_none(s, i))
		out_message(
			"%s is set in another file, which coxactl leaves as it is; nothing was changed",
			settings[i].key);
	else
		out_message(
			"%s cannot be '%s': another file of %s says otherwise and goes before, or it "
			"begins a comment there; nothing was changed",
			settings[i].key, s->wanted[i], s->conf.folder);
	return CTL_FAILED;
}

/* Before the password, so that nothing is changed at all where something is wrong. */
static int check(struct setup *s)
{
	_auto_free_ char *said = NULL;
	int status = drop_in_check(&s->conf, &said);

	for (size_t i = 0; i < SETTINGS && status == CTL_OK; i++)
		if (is_change(s, i) && !is_as_wanted(s, i, said))
			status = complain(s, i);
	return status;
}

/* All that can fail comes first: between the two renames nothing does. Killed there, the new user has the old
 * password, and the same command again puts it right. */
static int write_down(struct setup *s, bool is_new_conf)
{
	int status = is_new_conf ? check(s) : CTL_OK;

	if (status == CTL_OK && s->is_new_password)
		status = password_file_draft(s->password);
	if (status == CTL_OK && is_new_conf) {
		status = drop_in_put(&s->conf);
		if (status != CTL_OK && s->is_new_password)
			password_file_drop();
	}
	if (status == CTL_OK && s->is_new_password)
		status = password_file_put();
	drop_in_discard(&s->conf);
	return status;
}

static int set_changes(struct setup *s, size_t *ret_n)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		if (!is_change(s, i))
			continue;
		if (strpbrk(s->wanted[i], "\r\n")) {
			out_message("%s is one line", settings[i].key);
			return CTL_USAGE;
		}
		if (is_none(s, i))
			drop_in_unset(&s->conf, settings[i].section, settings[i].key);
		else
			drop_in_set(
				&s->conf, settings[i].section, NULL, settings[i].key, s->wanted[i]);
		(*ret_n)++;
	}
	return CTL_OK;
}

static void tell(const struct setup *s)
{
	json_t *changed = json_object();

	for (size_t i = 0; i < SETTINGS; i++)
		if (is_change(s, i))
			json_object_set_new(changed, settings[i].key,
				is_none(s, i) ? json_null() : json_string(s->wanted[i]));
	if (s->is_new_password)
		json_object_set_new(changed, "password", json_true());
	if (s->ctl->is_json)
		out_json(changed);
	else if (json_object_size(changed))
		printf("Written. coxad uses it from its next start on: sudo systemctl restart coxad\n");
	else
		printf("It is so already: nothing was changed.\n");
	json_decref(changed);
}

static int change(struct setup *s)
{
	size_t n = 0;
	int status = set_changes(s, &n);

	if (status == CTL_OK && (n || s->is_new_password))
		status = write_down(s, n > 0);
	if (status == CTL_OK)
		tell(s);
	return status;
}

static void done(struct setup *s)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		free(s->now[i]);
		free(s->wanted[i]);
	}
	if (s->password)
		explicit_bzero(s->password, strlen(s->password));
	free(s->password);
	drop_in_close(&s->conf);
}

int setup_gateway_run(struct ctl *ctl)
{
	struct setup s = {.ctl = ctl};
	int status;

	if (!is_given(ctl) && !ask_is_possible()) {
		out_message("setup asks at a terminal; without one say what is to be set: --site, "
			    "--gateway, --broker, --username");
		return CTL_USAGE;
	}
	status = drop_in_open(ctl, DROP_IN_TEXT_GATEWAY, &s.conf);
	if (status != CTL_OK)
		return status;
	status = read_now(&s);
	if (status == CTL_OK)
		status = find_wanted(&s);
	if (status == CTL_OK)
		status = change(&s);
	done(&s);
	return status;
}

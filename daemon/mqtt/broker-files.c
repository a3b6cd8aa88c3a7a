// SPDX-License-Identifier: MIT
#include "coxad/mqtt/broker-files.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/config/broker-url.h"
#include "daemon/mqtt/secret.h"
#include "daemon/mqtt/tls-files.h"

#define GROUPS_MAX 64

struct look {
	const struct conf *conf;
	void (*each)(void *user, enum broker_files_verdict verdict, const char *text);
	void *user;
	bool is_service; /* looks with the service's rights */
};

/* Who this process was. */
struct identity {
	bool is_changed;
	gid_t groups[GROUPS_MAX];
	int n_groups;
};

static bool become(const char *service_user, struct identity *ret)
{
	const struct passwd *service = getpwnam(service_user);

	*ret = (struct identity){0};
	if (geteuid() != 0)
		return service && service->pw_uid == geteuid();
	ret->n_groups = getgroups(GROUPS_MAX, ret->groups);
	if (!service || ret->n_groups < 0)
		return false;
	ret->is_changed = initgroups(service_user, service->pw_gid) == 0 &&
			  setegid(service->pw_gid) == 0 && seteuid(service->pw_uid) == 0;
	return ret->is_changed;
}

static void come_back(const struct identity *identity)
{
	if (geteuid() != getuid() && seteuid(getuid()) < 0)
		abort();
	if (getegid() != getgid() && setegid(getgid()) < 0)
		abort();
	if (identity->is_changed && setgroups((size_t)identity->n_groups, identity->groups) < 0)
		abort();
}

/* Another user may be refused what the service is allowed. */
static void report(const struct look *look, int error, const char *text)
{
	_auto_free_ char *unknown = NULL;

	if (error != -EACCES || look->is_service) {
		look->each(look->user, BROKER_FILES_UNUSABLE, text);
		return;
	}
	unknown = alloc_printf("cannot tell as this user, run as root to be sure: %s", text);
	look->each(look->user, BROKER_FILES_NOTE, unknown);
}

static void look_at_mode(const struct look *look, const char *what, const char *path)
{
	_auto_free_ char *text = NULL;
	struct stat st;

	if (stat(path, &st) < 0 || !(st.st_mode & (S_IRWXG | S_IRWXO) & ~(S_IXGRP | S_IXOTH)))
		return;
	text = alloc_printf("%s: %s is open to other users (mode %04o): chmod 400, owner coxad",
		what, path, (unsigned)(st.st_mode & 07777));
	look->each(look->user, BROKER_FILES_NOTE, text);
}

static void look_at_blanks(const struct look *look, const char *what, const char *password)
{
	_auto_free_ char *text = NULL;
	size_t length = strlen(password);

	if (!strchr(" \t", password[0]) && !strchr(" \t", password[length - 1]))
		return;
	text = alloc_printf(
		"%s: the password begins or ends with a blank, which is a part of it: remove "
		"it unless it was meant",
		what);
	look->each(look->user, BROKER_FILES_NOTE, text);
}

static void look_at_password(const struct look *look)
{
	const char *credential = look->conf->mqtt.password_credential;
	const char *path = look->conf->mqtt.password_file;
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	_auto_free_ char *of_systemd = NULL;
	char error[FILE_TEXT_ERROR_SIZE];
	struct secret secret = {0};
	const char *what;
	int r;

	if (credential && !directory) {
		of_systemd =
			alloc_printf("password-credential: %s is shown by systemd to the service "
				     "alone, so it is not checked here",
				credential);
		look->each(look->user, BROKER_FILES_NOTE, of_systemd);
		return;
	}
	if (credential)
		path = of_systemd = alloc_printf("%s/%s", directory, credential);
	if (!path)
		return;
	what = credential ? "password-credential" : "password-file";
	r = secret_read(what, path, &secret, error);
	if (r < 0)
		report(look, r, error);
	else
		look_at_blanks(look, what, secret.text);
	secret_done(&secret);
	if (r >= 0 && !credential)
		look_at_mode(look, "password-file", path);
}

static void look_at_tls(const struct look *look)
{
	const struct tls_files files = {look->conf->mqtt.ca_file, look->conf->mqtt.certificate_file,
		look->conf->mqtt.key_file};
	char error[FILE_TEXT_ERROR_SIZE];
	int r = files.ca_file ? tls_files_check_ca(files.ca_file, error) : 0;

	if (r < 0)
		report(look, r, error);
	r = files.certificate_file ? tls_files_check_pair(&files, error) : 0;
	if (r < 0)
		report(look, r, error);
	else if (files.key_file)
		look_at_mode(look, "key-file", files.key_file);
	if (tls_files_are_dated(&files, error))
		report(look, -EINVAL, error);
}

void broker_files_check(const struct conf *conf, const char *service_user,
	void (*each)(void *user, enum broker_files_verdict verdict, const char *text), void *user)
{
	struct look look = {.conf = conf, .each = each, .user = user};
	struct identity identity;
	struct broker_url url;

	if (!conf->mqtt.broker || !broker_url_read(conf->mqtt.broker, &url))
		return;
	look.is_service = become(service_user, &identity);
	look_at_password(&look);
	if (url.is_tls)
		look_at_tls(&look);
	come_back(&identity);
}

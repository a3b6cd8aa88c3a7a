// SPDX-License-Identifier: MIT
#include "ctl/verbs-enrol.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/out.h"
#include "ctl/password-file.h"
#include "ctl/printed.h"
#include "ctl/program.h"

#define SCRIPT       CTL_DATA_FOLDER "/enrol"
#define RADIO_CONF   "/etc/coxad/coxad.conf.d/50-radio.conf"
#define RADIO_CA     "/etc/coxad/radios-ca.crt"
#define CA_BYTES_MAX 65536

struct enrolment {
	const char *radio;
	char *site, *base;            /* of the brain; base NULL: that of the site */
	char *password, *broker, *ca; /* ca: what the file says */
};

static void done(struct enrolment *e)
{
	if (e->password)
		explicit_bzero(e->password, strlen(e->password));
	free(e->site);
	free(e->base);
	free(e->password);
	free(e->broker);
	free(e->ca);
}

/* The radio joins the site of this computer's coxad. */
static int read_site(const struct ctl *ctl, struct enrolment *e)
{
	_auto_free_ char *said = NULL, *name = NULL, *usual = NULL;
	const char *const with_file[] = {"coxad", "--print-config", "--config", ctl->config, NULL};
	const char *const usual_file[] = {"coxad", "--print-config", NULL};

	if (program_run(ctl->config ? with_file : usual_file, &said) != 0) {
		out_message("the configuration has to be put right first:\n%s", said);
		return CTL_FAILED;
	}
	name = printed_value(said, "gateway", "name");
	e->site = printed_value(said, "gateway", "site");
	e->base = printed_value(said, "mqtt", "base");
	if (!name || !e->site || !e->base)
		return CTL_FAILED;
	if (strcmp(name, e->radio) == 0) {
		out_message("%s is the name of this computer's coxad; each of a site needs its own",
			name);
		return CTL_USAGE;
	}
	usual = alloc_printf("coxa/v1/%s", e->site);
	if (strcmp(usual, e->base) == 0) {
		free(e->base);
		e->base = NULL;
	}
	return CTL_OK;
}

/* Returns-owned, or NULL after a message. */
static char *read_file(const char *path)
{
	char *text = alloc_zero(1, CA_BYTES_MAX);
	FILE *file = fopen(path, "re");
	size_t n = file ? fread(text, 1, CA_BYTES_MAX - 1, file) : 0;

	if (!n)
		out_message("%s: %s", path, file ? "it is empty" : strerror(errno));
	if (file)
		fclose(file);
	if (n)
		return text;
	free(text);
	return NULL;
}

/* The script's lines; what is not for us is for the person. */
static void take_lines(struct enrolment *e, char *said, char **ret_ca_path)
{
	const struct {
		const char *begin;
		char **value;
	} known[] = {{"password ", &e->password}, {"broker ", &e->broker}, {"ca ", ret_ca_path}};
	char *line;

	while ((line = strsep(&said, "\n"))) {
		bool is_known = false;

		for (size_t i = 0; i < ARRAY_LEN(known) && !is_known; i++) {
			size_t n = strlen(known[i].begin);

			is_known = strncmp(line, known[i].begin, n) == 0;
			if (is_known && !*known[i].value)
				*known[i].value = alloc_text(line + n);
		}
		if (!is_known && line[0])
			fprintf(stderr, "%s\n", line);
	}
}

static int enrol(struct enrolment *e, const char *host)
{
	_auto_free_ char *usual = alloc_printf("coxa/v1/%s", e->site), *said = NULL, *ca = NULL;
	const char *const words[] = {SCRIPT, e->radio, e->base ? e->base : usual, host, NULL};
	int status = program_run(words, &said);

	if (status == PROGRAM_NOT_FOUND)
		out_message("there is no " SCRIPT "; install coxad again");
	else if (status != 0)
		fputs(said, stderr);
	else
		take_lines(e, said, &ca);
	explicit_bzero(said, strlen(said));
	if (status != 0)
		return CTL_FAILED;
	e->ca = ca ? read_file(ca) : NULL;
	return e->ca && e->password && e->broker ? CTL_OK : CTL_FAILED;
}

/* Returns-owned. */
static char *conf_of(const struct enrolment *e)
{
	_auto_free_ char *base = e->base ? alloc_printf("base = %s\n", e->base) : alloc_text("");

	return alloc_printf("[gateway]\nname = %s\nsite = %s\nrole = radio\n\n"
			    "[mqtt]\nbroker = %s\n%susername = %s\npassword-credential = %s\n"
			    "ca-file = %s\n",
		e->radio, e->site, e->broker, base, e->radio, PASSWORD_FILE_CREDENTIAL, RADIO_CA);
}

static int tell(const struct ctl *ctl, const struct enrolment *e)
{
	_auto_free_ char *conf = conf_of(e);
	json_t *json;
	int status;

	if (!ctl->is_json) {
		printf("\nOn %s, in " RADIO_CONF ":\n\n%s\nand in " RADIO_CA
		       ":\n\n%s\nThen there: sudo coxactl setup --username %s\nand as the password: "
		       "%s (write it down, it is not shown again)\n",
			e->radio, conf, e->ca, e->radio, e->password);
		return CTL_OK;
	}
	json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "radio", e->radio, "broker", e->broker,
		"password", e->password, "conf", conf, "ca", e->ca);
	status = out_json(json);
	json_decref(json);
	return status;
}

int verbs_enrol_run(struct ctl *ctl, int argc, char **argv)
{
	struct enrolment e = {.radio = argv[1]};
	int status;

	if (geteuid() != 0) {
		out_message("enrol needs root: sudo coxactl enrol %s", e.radio);
		return CTL_FAILED;
	}
	status = read_site(ctl, &e);
	if (status == CTL_OK)
		status = enrol(&e, argc > 2 ? argv[2] : NULL);
	if (status == CTL_OK)
		status = tell(ctl, &e);
	done(&e);
	return status;
}

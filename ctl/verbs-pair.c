// SPDX-License-Identifier: MIT
#include "ctl/verbs-pair.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/address.h"
#include "ctl/client.h"
#include "ctl/large.h"
#include "ctl/names.h"
#include "ctl/out.h"
#include "ctl/picked.h"
#include "ctl/topic.h"

#define LOOK_S      60
#define LOOK_MAX_S  300
#define INVALID     "org.coxad.Error.Invalid"
#define HELD_MS     2000 /* one on trial is asked for again */
#define ANSWER_SIZE 64

static const struct client_call call_pair = {CLIENT_ADMIN, "Pair", UINT64_MAX};

struct pair {
	struct ctl *ctl;
	const char *who;
	uint32_t seconds;
	struct trying *trying; /* NULL: it is configured */
	sd_bus_slot *requests;
	bool is_asking; /* a line of standard input is the answer */
	unsigned n_asked;
	bool is_over, is_unknown;
	int status;
	char line[ANSWER_SIZE];
	size_t n_line;
};

static void end(struct pair *p, int status)
{
	p->is_over = true;
	p->status = status;
}

/* --- what the wearable demands --- */

static void show(const struct pair *p, const char *value)
{
	char row[LARGE_SIZE];

	if (!out_is_terminal(stdout)) {
		printf("%s\n", value);
		return;
	}
	putchar('\n');
	for (size_t i = 0; i < LARGE_ROWS; i++) {
		large_row(value, i, row);
		printf("%s%s%s\n", out_begin(stdout, OUT_HEAD), row, out_end(stdout, OUT_HEAD));
	}
	printf("\n%12s%s%s%s\n\n", "", out_begin(stdout, OUT_HEAD), value,
		out_end(stdout, OUT_HEAD));
}

static void print_request(const struct pair *p, const char *what, const char *value)
{
	json_t *request =
		json_pack("{s:s,s:s?}", "request", what, "value", value[0] ? value : NULL);

	if (p->ctl->is_json)
		out_json(request);
	else if (strcmp(what, "enter_passkey") == 0)
		printf("Enter the passkey that the wearable shows: ");
	else if (strcmp(what, "enter_pin") == 0)
		printf("Enter the PIN of the wearable (see its manual): ");
	else if (strcmp(what, "show") == 0)
		puts("Enter this passkey on the wearable:");
	else if (strcmp(what, "compare") == 0)
		puts("Does the wearable show this passkey?");
	else
		puts("\nThe wearable has withdrawn its question.");
	json_decref(request);
	if (value[0] && !p->ctl->is_json)
		show(p, value);
	if (strcmp(what, "compare") == 0 && !p->ctl->is_json)
		printf("yes or no: ");
	fflush(stdout);
}

static int on_request(sd_bus_message *signal, void *user, sd_bus_error *error)
{
	struct pair *p = user;
	const char *what, *value;

	if (sd_bus_message_read(signal, "ss", &what, &value) < 0)
		return 0;
	p->is_asking = strcmp(what, "show") != 0 && strcmp(what, "nothing") != 0;
	p->n_asked += p->is_asking;
	print_request(p, what, value);
	return 0;
}

/* --- answers --- */

/* What makes no sense to coxad is asked again. */
static void answer(struct pair *p, char *line)
{
	struct client_call call = {CLIENT_ADMIN, "PairAnswer", 0};
	unsigned asked = p->n_asked;

	line[strcspn(line, "\r")] = '\0';
	if (client_run(p->ctl, &call, NULL, "s", line) == CTL_OK) {
		p->is_asking = false;
		return;
	}
	/* What came before the answer did, as that the question was withdrawn, waits to be taken in. */
	while (!p->is_over && sd_bus_process(p->ctl->bus, NULL) > 0)
		;
	if (p->is_over || !p->is_asking || p->n_asked != asked)
		return;
	if (!out_is_terminal(stdout)) {
		end(p, CTL_FAILED);
	} else {
		printf("Once more: ");
		fflush(stdout);
	}
}

static void take_byte(struct pair *p, char c)
{
	if (c != '\n') {
		if (p->n_line + 1 < sizeof(p->line))
			p->line[p->n_line++] = c;
		return;
	}
	p->line[p->n_line] = '\0';
	p->n_line = 0;
	answer(p, p->line);
}

/* A byte at a time: what follows may answer the next question. */
static void take_input(struct pair *p)
{
	char c;
	ssize_t n = read(STDIN_FILENO, &c, 1);

	if (n > 0) {
		take_byte(p, c);
	} else if (n == 0 && p->n_line) {
		take_byte(p, '\n');
	} else if (n == 0 || errno != EINTR) {
		out_message("nothing more comes from standard input, so it is not paired");
		end(p, CTL_FAILED);
	}
}

/* --- the call --- */

static void print_done(const struct pair *p, const json_t *document)
{
	const char *name = json_string_value(json_object_get(document, "name"));

	if (p->ctl->is_json) {
		out_json(document);
		return;
	}
	printf("%s is paired", name ? name : topic_text(document, "address"));
	puts(json_is_true(json_object_get(document, "is_authenticated"))
			? "."
			: "; it asked for no passkey, so nobody knows whether it is the one in your hand.");
	if (!name)
		printf("It can be adopted now: coxactl --address %s adopt KIT PLACEMENT\n",
			topic_text(document, "address"));
}

static int on_reply(sd_bus_message *reply, void *user, sd_bus_error *error)
{
	struct pair *p = user;
	json_t *document = NULL;

	if (sd_bus_message_is_method_error(reply, INVALID) > 0 && !p->trying) {
		p->is_unknown = true;
		end(p, CTL_FAILED);
		return 0;
	}
	end(p, client_answered(&call_pair, reply));
	if (p->status == CTL_OK)
		p->status = client_parse(reply, &document);
	if (p->status == CTL_OK)
		print_done(p, document);
	json_decref(document);
	return 0;
}

static int begin(struct pair *p)
{
	sd_bus_message *message = NULL;
	int r, status = client_new(p->ctl, &call_pair, &message);

	if (status != CTL_OK)
		return status;
	r = sd_bus_message_append(message, "su", p->who, p->seconds);
	if (r >= 0)
		r = sd_bus_match_signal(p->ctl->bus, &p->requests, CLIENT_SERVICE, CLIENT_PATH,
			CLIENT_ADMIN, "PairRequest", on_request, p);
	if (r >= 0)
		r = sd_bus_call_async(
			p->ctl->bus, NULL, message, on_reply, p, call_pair.timeout_us);
	sd_bus_message_unref(message);
	if (r >= 0)
		return CTL_OK;
	out_message("%s", strerror(-r));
	return CTL_FAILED;
}

/* --- the loop --- */

static void wait_for_more(struct pair *p)
{
	struct pollfd fds[] = {
		{.fd = sd_bus_get_fd(p->ctl->bus), .events = (short)sd_bus_get_events(p->ctl->bus)},
		{.fd = p->is_asking ? STDIN_FILENO : -1, .events = POLLIN}};
	int n = poll(fds, 2, p->trying ? HELD_MS : -1);

	if (n == 0 && p->trying && trying_step(p->trying) != CTL_OK)
		end(p, CTL_FAILED);
	if (n > 0 && fds[1].revents)
		take_input(p);
}

static int run(struct pair *p)
{
	int r, status = begin(p);

	if (status != CTL_OK)
		end(p, status);
	while (!p->is_over) {
		r = sd_bus_process(p->ctl->bus, NULL);
		if (r == 0)
			wait_for_more(p);
		if (r >= 0)
			continue;
		out_message("the system bus is gone");
		end(p, CTL_UNAVAILABLE);
	}
	sd_bus_slot_unref(p->requests);
	return p->status;
}

/* --- whom --- */

static int unknown(struct ctl *ctl, const char *name)
{
	json_t *states = NULL, *names;

	out_message("there is no wearable %s; coxactl list and scan tell which there are", name);
	if (client_document(ctl, "Status", &states) == CTL_OK) {
		names = names_of(states);
		names_suggest_any(names, name);
		json_decref(names);
	}
	json_decref(states);
	return CTL_FAILED;
}

/* One that scan lists: held on trial meanwhile, and paired it stays. */
static int run_on_trial(const struct pair *first, const char *address)
{
	struct trying trying;
	struct pair p = {
		.ctl = first->ctl, .who = address, .seconds = first->seconds, .trying = &trying};
	int status;

	trying_begin(&trying, p.ctl);
	trying.is_alone = true;
	status = picked_hear(&trying, address);
	if (status == CTL_OK) {
		trying_keep(&trying, address);
		status = trying_step(&trying);
	}
	if (status == CTL_OK)
		status = run(&p);
	trying_end(&trying);
	return status;
}

static int seconds_of(const char *text, uint32_t *ret)
{
	char *after = NULL;
	unsigned long number = text ? strtoul(text, &after, 10) : LOOK_S;

	if (text &&
		(after == text || *after || text[0] == '-' || number < 1 || number > LOOK_MAX_S)) {
		out_message("SECONDS is a whole number from 1 to %d", LOOK_MAX_S);
		return -EINVAL;
	}
	*ret = (uint32_t)number;
	return 0;
}

int verbs_pair_run(struct ctl *ctl, int argc, char **argv)
{
	struct pair p = {.ctl = ctl, .who = argv[1]};
	char address[ADDRESS_SIZE];
	int status;

	if (seconds_of(argc > 2 ? argv[2] : NULL, &p.seconds) < 0)
		return CTL_USAGE;
	status = run(&p);
	if (!p.is_unknown)
		return status;
	return address_from_string(argv[1], address) < 0 ? unknown(ctl, argv[1])
							 : run_on_trial(&p, address);
}

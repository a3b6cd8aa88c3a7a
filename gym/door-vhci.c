// SPDX-License-Identifier: MIT
#include "gym/door-vhci.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "gym/hci-controller.h"
#include "gym/peripheral.h"
#include "gym/vhci-adapter.h"

const char door_vhci_orders[] =
	"  lose DEVICE     its link is lost, as by a supervision timeout\n"
	"  forget DEVICE   it loses its bond\n"
	"  imitate DEVICE  another takes its place: its address, not its key, nothing encrypted\n"
	"  return DEVICE   it is back itself\n"
	"  demand DEVICE shown PASSKEY | entered | nothing\n"
	"                  it shows a passkey, wants one, or neither, when it is paired\n"
	"  enter DEVICE PASSKEY\n"
	"                  a person enters it there\n"
	"  fail N STATUS   the next N connections fail with this HCI status\n"
	"  mute DEVICE     it sends and answers nothing, though its link stays\n"
	"  unmute DEVICE   it does again\n"
	"  shake DEVICE S  a hand turns it to and fro for S seconds; 0 ends that\n"
	"  silent [N]      the controller says nothing to the host, but keeps its links\n"
	"  hang [N]        it stops, its links end, until the host resets it\n"
	"  answer [N]      it answers again\n"
	"  unplug [N]      the adapter is removed\n"
	"  plug [N]        it is plugged in again\n"
	"  stop            ends the program\n"
	"  DEVICE is an address, or all; N an adapter, from 0\n";

static int order_devices(struct vhci *vhci, const char *verb, const char *who, const char *seconds)
{
	unsigned n = 0;

	for (unsigned i = 0; i < vhci->n; i++) {
		if (strcmp(who, "all") != 0 &&
			strcasecmp(who, device_address(vhci_adapter_device(vhci, i))) != 0)
			continue;
		n++;
		if (strcmp(verb, "lose") == 0 && vhci->holder[i])
			hci_controller_lose_link(
				vhci->holder[i]->controller, vhci_adapter_now_us(vhci), i);
		else if (strcmp(verb, "imitate") == 0 || strcmp(verb, "return") == 0)
			peripheral_imitate(vhci->peripheral[i], verb[0] == 'i');
		else if (strcmp(verb, "mute") == 0 || strcmp(verb, "unmute") == 0)
			peripheral_set_mute(vhci->peripheral[i], verb[0] == 'm');
		else if (strcmp(verb, "forget") == 0)
			peripheral_forget(vhci->peripheral[i]);
		else if (strcmp(verb, "shake") == 0)
			device_shake(vhci_adapter_device(vhci, i), vhci_adapter_now_us(vhci),
				strtod(seconds, NULL));
	}
	return n > 0 ? 0 : -ENODEV;
}

static int passkey_of(const char *text, uint32_t *ret)
{
	char *end;
	unsigned long passkey = strtoul(text, &end, 10);

	*ret = (uint32_t)passkey;
	return *end || end == text || passkey > 999999 ? -EINVAL : 0;
}

/* "demand DEVICE shown PASSKEY | entered | nothing", "enter DEVICE PASSKEY" */
static int order_pairing(
	struct vhci *vhci, const char *who, const char *what, const char *passkey_text)
{
	uint32_t passkey = 0;

	for (unsigned i = 0; i < vhci->n; i++) {
		struct peripheral *p = vhci->peripheral[i];

		if (strcasecmp(who, device_address(vhci_adapter_device(vhci, i))) != 0)
			continue;
		if (!passkey_text)
			return passkey_of(what, &passkey) < 0 ? -EINVAL
			       : peripheral_enter(p, passkey) ? 0
							      : -EAGAIN;
		if (strcmp(what, "shown") == 0 && passkey_of(passkey_text, &passkey) == 0)
			peripheral_set_demand(p, SMP_DEMAND_SHOWN, passkey);
		else if (strcmp(what, "entered") == 0)
			peripheral_set_demand(p, SMP_DEMAND_ENTERED, 0);
		else if (strcmp(what, "nothing") == 0)
			peripheral_set_demand(p, SMP_DEMAND_NOTHING, 0);
		else
			return -EINVAL;
		return 0;
	}
	return -ENODEV;
}

static int order_adapter(struct vhci *vhci, const char *verb, unsigned long index)
{
	struct vhci_adapter *adapter;

	if (index >= vhci->n_adapters)
		return -ENODEV;
	adapter = &vhci->adapter[index];
	if (strcmp(verb, "silent") == 0)
		hci_controller_set_silent(adapter->controller, true);
	else if (strcmp(verb, "hang") == 0)
		hci_controller_hang(adapter->controller);
	else if (strcmp(verb, "answer") == 0)
		hci_controller_set_silent(adapter->controller, false);
	else if (strcmp(verb, "unplug") == 0)
		vhci_adapter_unplug(adapter);
	else if (strcmp(verb, "plug") == 0)
		return adapter->fd < 0 ? vhci_adapter_plug(adapter) : -EALREADY;
	else
		return -EINVAL;
	return 0;
}

static bool is_about_devices(const char *verb)
{
	static const char *const verbs[] = {
		"lose", "forget", "imitate", "return", "mute", "unmute"};

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	return false;
}

static int run_order(struct vhci *vhci, char *line)
{
	char verb[16] = "", who[24] = "", last[16] = "", passkey[16] = "";
	int n = sscanf(line, "%15s %23s %15s %15s", verb, who, last, passkey);

	if ((n == 2 && is_about_devices(verb)) || (n == 3 && strcmp(verb, "shake") == 0))
		return order_devices(vhci, verb, who, last);
	if (n >= 3 && strcmp(verb, "demand") == 0)
		return order_pairing(vhci, who, last, passkey);
	if (n == 3 && strcmp(verb, "enter") == 0)
		return order_pairing(vhci, who, last, NULL);
	if (n == 3 && strcmp(verb, "fail") == 0) {
		for (unsigned i = 0; i < vhci->n_adapters; i++)
			hci_controller_fail_connects(vhci->adapter[i].controller,
				(unsigned)strtoul(who, NULL, 0),
				(enum hci_status)strtoul(last, NULL, 0));
		return 0;
	}
	if (n == 1 && strcmp(verb, "stop") == 0) {
		vhci->is_stopped = true;
		return 0;
	}
	return n == 1 || n == 2 ? order_adapter(vhci, verb, strtoul(who, NULL, 10)) : -EINVAL;
}

static void read_orders(struct vhci *vhci)
{
	char byte;

	while (read(vhci->control, &byte, 1) == 1) {
		int r;

		if (byte != '\n') {
			if (vhci->order_size + 1 < sizeof(vhci->order))
				vhci->order[vhci->order_size++] = byte;
			continue;
		}
		vhci->order[vhci->order_size] = '\0';
		vhci->order_size = 0;
		r = run_order(vhci, vhci->order);
		vhci_adapter_note(vhci, "order %s: %s", vhci->order, r < 0 ? strerror(-r) : "done");
	}
}

/* Returns when the next command is due. */
static int64_t send_commands(struct vhci *vhci)
{
	struct gym_command command;

	while (vhci->options->command && gym_get_command(vhci->gym, vhci->command_at, &command)) {
		if (command.t_us > vhci_adapter_now_us(vhci))
			return command.t_us;
		vhci_adapter_note(vhci, "command %s", command.topic);
		vhci->options->command(command.topic, command.payload, vhci->options->user);
		vhci->command_at++;
	}
	return INT64_MAX;
}

static void wait_until(struct vhci *vhci, int64_t t_us, int signals)
{
	struct pollfd fds[2 + VHCI_ADAPTERS_MAX] = {
		{.fd = signals, .events = POLLIN},
		{.fd = vhci->control, .events = POLLIN},
	};
	int64_t left_us = t_us - vhci_adapter_now_us(vhci);
	struct timespec ts = {.tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000};

	for (unsigned i = 0; i < vhci->n_adapters; i++)
		fds[2 + i] = (struct pollfd){.fd = vhci->adapter[i].fd, .events = POLLIN};
	if (left_us < 0)
		ts = (struct timespec){0};
	if (ppoll(fds, 2 + vhci->n_adapters, &ts, NULL) <= 0)
		return;
	if (fds[0].revents)
		vhci->is_stopped = true;
	for (unsigned i = 0; i < vhci->n_adapters; i++)
		if (fds[2 + i].revents)
			vhci_adapter_read(&vhci->adapter[i]);
	if (fds[1].revents)
		read_orders(vhci);
}

/* Returns when something is due next. */
static int64_t advance(struct vhci *vhci)
{
	int64_t next_us = INT64_MAX;

	for (unsigned i = 0; i < vhci->n_adapters; i++)
		hci_controller_advance(vhci->adapter[i].controller, vhci_adapter_now_us(vhci));
	for (unsigned i = 0; i < vhci->n_adapters; i++) {
		int64_t at_us = hci_controller_next(vhci->adapter[i].controller);

		next_us = at_us < next_us ? at_us : next_us;
	}
	return next_us;
}

static void play(struct vhci *vhci, int signals)
{
	int64_t script_us = gym_end_us(vhci->gym);
	int64_t end_us = script_us + (int64_t)(vhci->options->stay_s * 1e6);

	while (!vhci->is_stopped && vhci_adapter_now_us(vhci) < end_us) {
		int64_t command_us = send_commands(vhci), next_us;

		if (vhci_adapter_now_us(vhci) >= script_us) {
			vhci_adapter_note(vhci, "ended");
			script_us = INT64_MAX;
		}
		next_us = advance(vhci);
		if (command_us < next_us)
			next_us = command_us;
		if (script_us < next_us)
			next_us = script_us;
		wait_until(vhci, next_us < end_us ? next_us : end_us, signals);
	}
}

static int open_control(const struct vhci *vhci)
{
	if (!vhci->options->control)
		return -1;
	if (mkfifo(vhci->options->control, 0600) < 0 && errno != EEXIST)
		return -1;
	/* Both ends, so that it does not end when a writer closes it. */
	return open(vhci->options->control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static void init(struct vhci *vhci)
{
	unsigned n = vhci->options->n_adapters;

	vhci->n_adapters = n == 0 ? 1 : n < VHCI_ADAPTERS_MAX ? n : VHCI_ADAPTERS_MAX;
	vhci->start_us = vhci_adapter_now_us(vhci);
	vhci->control = open_control(vhci);
	vhci->peripheral = alloc_zero(vhci->n + 1, sizeof(*vhci->peripheral));
	vhci->subscriptions = alloc_zero(vhci->n + 1, sizeof(*vhci->subscriptions));
	for (size_t i = 0; i < vhci->n; i++)
		vhci->peripheral[i] = peripheral_new(gym_get_device(vhci->gym, i));
	vhci->holder = alloc_zero(vhci->n + 1, sizeof(*vhci->holder));
	for (unsigned i = 0; i < vhci->n_adapters; i++)
		vhci_adapter_init(vhci, i);
}

static void note_refusals(const struct vhci_adapter *adapter)
{
	unsigned refused = hci_controller_refused(adapter->controller);
	unsigned unknown = hci_controller_unknown(adapter->controller);

	if (refused > 0)
		vhci_adapter_note(adapter->vhci, "packets refused: %u", refused);
	if (unknown != 0)
		vhci_adapter_note(adapter->vhci, "last unknown command: %04x", unknown);
}

static void done(struct vhci *vhci)
{
	for (unsigned i = 0; i < vhci->n_adapters; i++)
		hci_controller_free(vhci->adapter[i].controller);
	for (size_t i = 0; i < vhci->n; i++)
		peripheral_free(vhci->peripheral[i]);
	free(vhci->peripheral);
	free(vhci->subscriptions);
	free(vhci->holder);
	if (vhci->control >= 0)
		close(vhci->control);
}

int door_vhci_run(struct gym *gym, const struct door_vhci_options *options)
{
	struct vhci vhci = {.options = options, .gym = gym, .n = gym_n_devices(gym)};
	sigset_t mask, before;
	int signals, r = 0;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &before);
	signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	init(&vhci);
	for (unsigned i = 0; r == 0 && i < vhci.n_adapters; i++)
		r = vhci_adapter_plug(&vhci.adapter[i]);
	if (r == 0)
		play(&vhci, signals);
	for (unsigned i = 0; i < vhci.n_adapters; i++) {
		note_refusals(&vhci.adapter[i]);
		vhci_adapter_unplug(&vhci.adapter[i]);
	}
	done(&vhci);
	if (signals >= 0)
		close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

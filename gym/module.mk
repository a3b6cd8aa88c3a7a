# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libgym.a
libgym_a_SOURCES = \
	gym/adpcm.h gym/adpcm.c \
	gym/advert.h gym/advert.c \
	gym/beat.h gym/beat.c \
	gym/body.h gym/body.c \
	gym/button.h gym/button.c \
	gym/chip.h gym/chip.c \
	gym/coxad-conf.h gym/coxad-conf.c \
	gym/device.h gym/device-private.h gym/device.c \
	gym/device-bluest.h gym/device-bluest.c \
	gym/device-coxa.h gym/device-coxa-private.h gym/device-coxa.c \
	gym/device-coxa-control.h gym/device-coxa-control.c \
	gym/device-coxa-stream.h gym/device-coxa-stream.c \
	gym/device-dot.h gym/device-dot-private.h gym/device-dot.c \
	gym/device-dot-control.h gym/device-dot-control.c \
	gym/device-meta.h gym/device-meta-private.h gym/device-meta.c \
	gym/device-meta-control.h gym/device-meta-control.c \
	gym/device-movesense.h gym/device-movesense.c \
	gym/device-playback.h gym/device-playback.c \
	gym/device-thingy.h gym/device-thingy.c \
	gym/device-wit.h gym/device-wit.c \
	gym/door-capture.h gym/door-capture.c \
	gym/door-central.h gym/door-central.c \
	gym/grow.h gym/grow.c \
	gym/gym.h gym/gym-private.h gym/gym.c \
	gym/gym-config.h gym/gym-config.c \
	gym/gym-fault.h gym/gym-fault.c \
	gym/gym-sound.h gym/gym-sound.c \
	gym/gz.h gym/gz.c \
	gym/kind.h gym/kind.c \
	gym/microphone.h gym/microphone.c \
	gym/packet.h gym/packet.c \
	gym/person.h gym/person.c \
	gym/planner.h gym/planner.c \
	gym/radio.h gym/radio.c \
	gym/random.h \
	gym/script.h gym/script.c \
	gym/script-class.h gym/script-class.c \
	gym/script-item.h gym/script-item.c \
	gym/script-reader.h gym/script-reader.c \
	gym/script-section.h gym/script-section.c \
	gym/sensor.h gym/sensor.c \
	gym/sound.h gym/sound.c \
	gym/timeline.h gym/timeline-private.h gym/timeline.c \
	gym/timeline-add.h gym/timeline-add.c \
	gym/timeline-move.h gym/timeline-move.c \
	gym/timeline-person.h gym/timeline-person.c \
	gym/truth.h gym/truth.c \
	gym/truth-phase.h gym/truth-phase.c
libgym_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS)
GYM_LIBS = libgym.a $(PURE_LIBS) $(ZLIB_LIBS)

bin_PROGRAMS += coxa-gym
coxa_gym_SOURCES = gym/coxa-gym.c gym/commands.h gym/commands.c $(DOOR_BUS_SOURCES)
coxa_gym_CFLAGS = $(AM_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
coxa_gym_LDADD = $(GYM_HCI_LIBS) libgym.a $(IO_LIBS)

EXTRA_DIST += gym/quickstart.gym gym/class.gym gym/class-anyhow.gym
# A Bluetooth LE controller with the gym's wearables behind it, and its door on /dev/vhci.
noinst_LIBRARIES += libgym-hci.a
libgym_hci_a_SOURCES = \
	gym/att-server.h gym/att-server.c \
	gym/att-table.h gym/att-table.c \
	gym/door-vhci.h gym/door-vhci.c \
	gym/vhci-adapter.h gym/vhci-adapter.c \
	gym/hci.h \
	gym/hci-commands.h gym/hci-commands.c \
	gym/hci-controller.h gym/hci-private.h gym/hci-controller.c \
	gym/hci-event.h gym/hci-event.c \
	gym/hci-link.h gym/hci-link.c \
	gym/hci-radio.h gym/hci-radio.c \
	gym/hci-random.h \
	gym/hci-table.h gym/hci-table.c \
	gym/peripheral.h gym/peripheral.c \
	gym/smp.h gym/smp.c \
	gym/smp-crypto.h gym/smp-crypto.c
libgym_hci_a_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS)
GYM_HCI_LIBS = libgym-hci.a $(CRYPTO_LIBS)
# The fake org.bluez: what uses it also links IO_LIBS.
DOOR_BUS_SOURCES = gym/door-private.h \
	gym/door-agent.h gym/door-agent.c \
	gym/door-bus.h gym/door-bus.c \
	gym/door-clock.h gym/door-clock.c \
	gym/door-command.h gym/door-command.c \
	gym/door-dict.h gym/door-dict.c \
	gym/door-fault.h gym/door-fault.c \
	gym/door-hall.h gym/door-hall.c \
	gym/door-lookup.h gym/door-lookup.c \
	gym/door-methods.h gym/door-methods.c \
	gym/door-objects.h gym/door-objects.c \
	gym/door-properties.h gym/door-properties.c \
	gym/door-radio.h gym/door-radio.c \
	gym/door-send.h gym/door-send.c

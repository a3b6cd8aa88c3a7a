# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	ctl/drop-in.h ctl/drop-in.c \
	ctl/drop-in-text.h ctl/drop-in-text.c \
	ctl/chosen.h ctl/chosen.c \
	ctl/ask.h ctl/ask.c \
	ctl/backup-manifest.h ctl/backup-manifest.c \
	ctl/backup-place.h ctl/backup-place.c \
	ctl/backup-read.h ctl/backup-read.c \
	ctl/backup-sum.h ctl/backup-sum.c \
	ctl/backup-write.h ctl/backup-write.c \
	ctl/client.h ctl/client.c \
	ctl/command.h ctl/command.c \
	ctl/ctl.h \
	ctl/doctor.h ctl/doctor.c \
	ctl/doctor-broker.h ctl/doctor-broker.c \
	ctl/doctor-bus.h ctl/doctor-bus.c \
	ctl/doctor-config.h ctl/doctor-config.c \
	ctl/doctor-gateway.h ctl/doctor-gateway.c \
	ctl/doctor-host.h ctl/doctor-host.c \
	ctl/doctor-kernel.h ctl/doctor-kernel.c \
	ctl/doctor-machine.h ctl/doctor-machine.c \
	ctl/doctor-rates.h ctl/doctor-rates.c \
	ctl/feed.h ctl/feed.c \
	ctl/labels-page.h ctl/labels-page.c \
	ctl/large.h ctl/large.c \
	ctl/names.h ctl/names.c \
	ctl/nearby.h ctl/nearby.c \
	ctl/out.h ctl/out.c \
	ctl/password-file.h ctl/password-file.c \
	ctl/picked.h ctl/picked.c \
	ctl/program.h ctl/program.c \
	ctl/printed.h ctl/printed.c \
	ctl/radios.h ctl/radios.c \
	ctl/restore-plan.h ctl/restore-plan.c \
	ctl/restore-stage.h ctl/restore-stage.c \
	ctl/scrub.h ctl/scrub.c \
	ctl/setup-gateway.h ctl/setup-gateway.c \
	ctl/state-lock.h ctl/state-lock.c \
	ctl/topic.h ctl/topic.c \
	ctl/trying.h ctl/trying.c \
	ctl/verb.h ctl/verb.c \
	ctl/verb-table.h ctl/verb-table.c \
	ctl/verbs-admin.h ctl/verbs-admin.c \
	ctl/verbs-adopt.h ctl/verbs-adopt.c \
	ctl/verbs-backup.h ctl/verbs-backup.c \
	ctl/verbs-calibrate.h ctl/verbs-calibrate.c \
	ctl/verbs-doctor.h ctl/verbs-doctor.c \
	ctl/verbs-enrol.h ctl/verbs-enrol.c \
	ctl/verbs-erase.h ctl/verbs-erase.c \
	ctl/verbs-history.h ctl/verbs-history.c \
	ctl/verbs-identify.h ctl/verbs-identify.c \
	ctl/verbs-labels.h ctl/verbs-labels.c \
	ctl/verbs-look.h ctl/verbs-look.c \
	ctl/verbs-scan.h ctl/verbs-scan.c \
	ctl/verbs-pair.h ctl/verbs-pair.c \
	ctl/verbs-report.h ctl/verbs-report.c \
	ctl/verbs-restore.h ctl/verbs-restore.c \
	ctl/verbs-setup.h ctl/verbs-setup.c \
	ctl/verbs-train.h ctl/verbs-train.c \
	ctl/verbs-watch.h ctl/verbs-watch.c \
	ctl/watch-event.h ctl/watch-event.c \
	ctl/watch-model.h ctl/watch-model.c \
	ctl/watch-screen.h ctl/watch-screen.c
libctl_a_CFLAGS = $(AM_CFLAGS) -DCTL_DATA_FOLDER='"$(pkgdatadir)"' $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS) $(ARCHIVE_CFLAGS) $(TLS_CFLAGS)
CTL_LIBS = libctl.a $(PURE_LIBS) $(SYSTEMD_LIBS) $(ARCHIVE_LIBS) $(TLS_LIBS)

dist_pkgdata_SCRIPTS = ctl/enrol

bin_PROGRAMS += coxactl
coxactl_SOURCES = ctl/coxactl.c
coxactl_CFLAGS = $(libctl_a_CFLAGS)
coxactl_LDADD = $(CTL_LIBS)

# Writes what is made of the table of verbs: see update-docs.
noinst_PROGRAMS += ctl/print-verbs
ctl_print_verbs_SOURCES = ctl/print-verbs.c
ctl_print_verbs_CFLAGS = $(libctl_a_CFLAGS)
ctl_print_verbs_LDADD = $(CTL_LIBS)

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = ctl/completion/coxactl
zshcompletiondir = $(datadir)/zsh/vendor-completions
dist_zshcompletion_DATA = ctl/completion/_coxactl

# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/config/test-conf-merge
CMOCKA_TESTS += tests/config/test-conf-notes
READ_TEXT = tests/config/read-text.h tests/config/read-text.c
CMOCKA_TESTS += tests/config/test-conf-read
tests_config_test_conf_read_SOURCES = tests/config/test-conf-read.c $(READ_TEXT)
CMOCKA_TESTS += tests/config/test-conf-lines
tests_config_test_conf_lines_SOURCES = tests/config/test-conf-lines.c $(READ_TEXT)
CMOCKA_TESTS += tests/config/test-conf-hash
tests_config_test_conf_hash_SOURCES = tests/config/test-conf-hash.c $(READ_TEXT)
CMOCKA_TESTS += tests/config/test-conf-reload
CMOCKA_TESTS += tests/config/test-conf-docs
tests_config_test_conf_docs_SOURCES = tests/config/test-conf-docs.c \
	tests/config/key-text.h tests/config/key-text.c
check_PROGRAMS += tests/config/print-keys
tests_config_print_keys_SOURCES = tests/config/print-keys.c \
	tests/config/key-text.h tests/config/key-text.c
tests_config_print_keys_LDADD = $(PURE_LIBS)

# What the documents say of the configuration and of coxactl, made anew from the tables.
update-docs: tests/config/print-keys$(EXEEXT) coxad$(EXEEXT) ctl/print-verbs$(EXEEXT)
	$(top_srcdir)/tools/verb-documents ctl/print-verbs$(EXEEXT)
	$(top_srcdir)/tools/wearables-table ./coxad$(EXEEXT)
	tests/config/print-keys conf $(top_srcdir)/conf/coxad.conf > coxad.conf.new
	mv coxad.conf.new $(top_srcdir)/conf/coxad.conf
	tests/config/print-keys man $(top_srcdir)/doc/coxad.conf.5 > coxad.conf.5.new
	mv coxad.conf.5.new $(top_srcdir)/doc/coxad.conf.5
.PHONY: update-docs

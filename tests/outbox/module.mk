# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/outbox/test-outbox
CMOCKA_TESTS += tests/outbox/test-outbox-reply

# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/outbox/test-outbox

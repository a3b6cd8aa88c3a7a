# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/base/test-uuid
CMOCKA_TESTS += tests/base/test-trace

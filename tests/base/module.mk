# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/base/test-uuid

# SPDX-License-Identifier: MIT
dist_noinst_SCRIPTS += tools/check tools/packages tools/free-port tools/narrate tools/quickstart

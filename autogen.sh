#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes ./configure out of configure.ac, and the parts of the makefiles that follow from the list
# of drivers.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux m4
tools/driver-fragments
exec autoreconf --install --force --warnings=all,no-obsolete "$@"

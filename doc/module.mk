# SPDX-License-Identifier: MIT
dist_man_MANS += doc/coxad.8

# SPDX-License-Identifier: MIT
dist_noinst_SCRIPTS += dashboard/prepare dashboard/setup
EXTRA_DIST += dashboard/package.json dashboard/package-lock.json dashboard/tsconfig.json dashboard/.npmrc \
	dashboard/50-coxad-dashboard.conf dashboard/scripts dashboard/src dashboard/test

# The trainers' page. It needs Node.js and, for its packages, the network; neither the daemon nor a Debian
# package does. So a release carries it: `make page dist`.
page:
	$(top_srcdir)/dashboard/prepare dashboard
	cd dashboard && node scripts/build.mjs page '$(abs_top_srcdir)/doc/schemas'

dist-hook:
	@for each in index.html licences.txt; do \
		for from in dashboard $(srcdir)/dashboard; do \
			[ -f $$from/dist/$$each ] || continue; \
			$(MKDIR_P) $(distdir)/dashboard/dist && cp -f $$from/dist/$$each $(distdir)/dashboard/dist/; break; \
		done; \
	done

.PHONY: page

# SPDX-License-Identifier: MIT
dist_noinst_SCRIPTS += tools/check tools/packages tools/free-port tools/narrate tools/quickstart
dist_noinst_SCRIPTS += tools/explain tools/fuzz tools/verb-documents
EXTRA_DIST += tools/explainer/__init__.py tools/explainer/evidence.py tools/explainer/picture.py \
	tools/explainer/report.py tools/explainer/set_picture.py tools/explainer/set_report.py \
	tools/explainer/sets.py tools/explainer/words.py

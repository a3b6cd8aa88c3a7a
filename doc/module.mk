# SPDX-License-Identifier: MIT
dist_man_MANS += doc/coxad.8
schemasdir = $(docdir)/schemas
dist_schemas_DATA = \
	doc/schemas/alert.json doc/schemas/alerts.json doc/schemas/brain-status.json \
	doc/schemas/calibration.json \
	doc/schemas/command-acknowledge.json doc/schemas/command-calibrate.json \
	doc/schemas/command-clear-symptoms.json doc/schemas/command-cue.json \
	doc/schemas/command-history.json doc/schemas/command-identify.json \
	doc/schemas/command-override.json doc/schemas/command-result.json \
	doc/schemas/command-session-end.json doc/schemas/command-session-start.json \
	doc/schemas/command-symptom.json doc/schemas/command-watch.json doc/schemas/cue.json \
	doc/schemas/defs.json doc/schemas/gateway-health.json doc/schemas/gateway-inventory.json \
	doc/schemas/gateway-radios.json doc/schemas/gateway-stats.json doc/schemas/gateway-status.json doc/schemas/history.json \
	doc/schemas/home-assistant.json doc/schemas/pop.json doc/schemas/posture.json doc/schemas/rep.json \
	doc/schemas/radio-answer.json doc/schemas/radio-clock.json doc/schemas/radio-flow.json \
	doc/schemas/radio-heard.json doc/schemas/radio-order.json doc/schemas/radio-status.json \
	doc/schemas/radio-wearables.json \
	doc/schemas/session.json doc/schemas/summary.json doc/schemas/wearable-live.json \
	doc/schemas/wearable-status.json
dist_man_MANS += doc/coxactl.1 doc/coxad.conf.5 doc/coxad-security.7
if GYM_ENABLED
dist_man_MANS += doc/coxa-gym.1
endif
dist_doc_DATA = NEWS SECURITY.md doc/decision-model.md doc/wearable-profile.md
EXTRA_DIST += doc/dashboards.md doc/images/dashboard.png
EXTRA_DIST += CONTRIBUTING.md README.md doc/adding-a-driver.md doc/hacking.md

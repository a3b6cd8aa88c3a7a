// SPDX-License-Identifier: MIT
#include "ctl/verbs-labels.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/nearest.h"
#include "ctl/client.h"
#include "ctl/labels-page.h"
#include "ctl/out.h"
#include "ctl/topic.h"

/* kit NULL: of all kits. Returns-owned. */
static json_t *labels_of(const json_t *inventory, const char *kit)
{
	json_t *labels = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(inventory, "wearables"), i, one)
	{
		if (kit && strcmp(topic_text(one, "kit"), kit) != 0)
			continue;
		json_array_append_new(labels,
			json_pack("{s:s,s:s,s:s}", "name", topic_text(one, "name"), "kit",
				topic_text(one, "kit"), "placement", topic_text(one, "placement")));
	}
	return labels;
}

/* There is no wearable: perhaps no such kit. */
static int nothing(const json_t *inventory, const char *kit)
{
	struct nearest nearest = {0};
	bool is_known = false;
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(inventory, "kits"), i, one)
	{
		is_known |= kit && strcmp(topic_text(one, "name"), kit) == 0;
		nearest_add(&nearest, kit ? kit : "", topic_text(one, "name"));
	}
	if (!kit || is_known)
		out_message("there are no wearables yet; coxactl adopt adds some");
	else if (nearest.word)
		out_message("there is no kit %s; did you mean %s?", kit, nearest.word);
	else
		out_message("there is no kit %s", kit);
	return CTL_FAILED;
}

int verbs_labels_run(struct ctl *ctl, int argc, char **argv)
{
	const char *kit = argc > 1 ? argv[1] : NULL;
	json_t *inventory = NULL, *labels;
	int status = client_document(ctl, "Inventory", &inventory);

	if (status != CTL_OK)
		return status;
	labels = labels_of(inventory, kit);
	if (json_array_size(labels) == 0)
		status = nothing(inventory, kit);
	else if (ctl->is_json)
		status = out_json(labels);
	else
		labels_page_print(stdout, labels);
	json_decref(labels);
	json_decref(inventory);
	return status;
}

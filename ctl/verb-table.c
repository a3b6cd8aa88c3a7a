// SPDX-License-Identifier: MIT
#include "ctl/verb-table.h"

#include "ctl/verbs-admin.h"
#include "ctl/verbs-adopt.h"
#include "ctl/verbs-backup.h"
#include "ctl/verbs-calibrate.h"
#include "ctl/verbs-doctor.h"
#include "ctl/verbs-enrol.h"
#include "ctl/verbs-erase.h"
#include "ctl/verbs-history.h"
#include "ctl/verbs-identify.h"
#include "ctl/verbs-labels.h"
#include "ctl/verbs-look.h"
#include "ctl/verbs-pair.h"
#include "ctl/verbs-report.h"
#include "ctl/verbs-restore.h"
#include "ctl/verbs-scan.h"
#include "ctl/verbs-setup.h"
#include "ctl/verbs-train.h"
#include "ctl/verbs-watch.h"

const struct verb verb_table[] = {
	{"status", "", verbs_look_status, "how coxad, its broker and its wearables are",
		"Show the gateway, what is wrong now with what to do about it, and how many "
		"wearables send data."},
	{"list", "", verbs_look_list, "wearables, their kits and how well they are received",
		"List all wearables. BONDED: whether the gateway keeps a bond with it, as of this "
		"connection. With --names, print the names of kits, wearables and athletes alone, one "
		"a line."},
	{"show", "NAME", verbs_look_show, "all that is known of a wearable, a kit or an athlete",
		"Show the newest value of each topic of a wearable, a kit or an athlete."},
	{"watch", "[KIT]", verbs_watch_run, "what happens now, until Ctrl-C",
		"On a terminal show who trains, the phase, repetitions, the last pop and the "
		"links, painted anew in place. Otherwise, or with --json, print a line for each "
		"event."},
	{"scan", "[SECONDS]", verbs_scan_run, "new wearables nearby, which nobody has adopted",
		"List wearables that coxad could use and that are not configured, the nearest "
		"first. Phones and other strangers' devices are never listed. Needs root or the group "
		"coxad-admin."},
	{"identify", "WEARABLE", verbs_identify_run,
		"which sensor is it: it shines, buzzes or is shaken",
		"Let a wearable shine or buzz. One with neither light nor motor is to be shaken, and "
		"coxactl says whether it is that one. WEARABLE may be an ADDRESS of scan too, which "
		"needs root or the group coxad-admin, and only while nobody adopts; it is let go "
		"afterwards."},
	{"adopt", "[KIT] [PLACEMENT]", verbs_adopt_run, "new sensors join a kit, by shaking them",
		"Ask for the sensor of each placement in turn (pelvis, thigh-left, thigh-right and "
		"hip-right, or the one PLACEMENT), and take the one that is shaken while the others "
		"rest, or that is much closer than all others. It shines or buzzes if it can, is paired if "
		"it has to be, is watched for 10 seconds, and then joins the running gateway as "
		"KIT-PLACEMENT, written to coxad.conf.d/50-adopted.conf. A KIT that is new gets the "
		"exercise supine-straight, or that of --exercise. With --address ADDRESS of scan nothing "
		"needs to be shaken. Needs root."},
	{"release", "WEARABLE", verbs_adopt_release, "a sensor leaves its kit",
		"Take a wearable that was adopted out of the configuration. Nobody else notices. "
		"Needs root."},
	{"replace", "WEARABLE [ADDRESS]", verbs_adopt_replace, "put another sensor in one's place",
		"For a sensor that dies in the middle of a class: another one, shaken or named by the "
		"ADDRESS of scan, takes over its name, placement and kit. Nobody else notices. "
		"Needs root."},
	{"pair", "WEARABLE [SECONDS]", verbs_pair_run,
		"pair with a wearable, with the passkey shown or asked for",
		"Pair with a wearable, whatever bond and pairing say in coxad.conf; its data pause "
		"meanwhile. What it demands is shown, or read from the terminal or a line of standard "
		"input: the passkey that it shows, its PIN, yes or no to whether it shows the same "
		"passkey. The search for it ends after 60 seconds, or SECONDS up to 300; Ctrl-C ends it, and "
		"leaves nothing behind. WEARABLE may be an ADDRESS of scan too: then it stays paired "
		"and can be adopted. A wearable that is paired already is left as it is: only "
		"bluetoothctl remove takes a bond away. With --json, print each request and the "
		"outcome in a line of its own. Needs root or the group coxad-admin."},
	{"labels", "[KIT]", verbs_labels_run, "labels to print and stick on the wearables",
		"Print a page of HTML with a label for each wearable, of one KIT or of all: its name, kit "
		"and placement. Open it in a browser and print it; each label is cut out along its "
		"line. With --json, print what is on them."},
	{"session", "start|end KIT [ATHLETE] [EXERCISE]", verbs_train_session,
		"begin or end an athlete's session with a kit",
		"Begin or end a session. Without ATHLETE and EXERCISE those of the "
		"configuration are taken."},
	{"calibrate", "KIT [STEP]", verbs_calibrate_run, "guide an athlete through a calibration",
		"Go through the steps that are there for the kit's wearables, or do one STEP, "
		"and say what to do and whether it was accepted. On a terminal each step waits "
		"for Enter and may be repeated; otherwise a rejected step ends it."},
	{"symptom", "ATHLETE CODE [SITE] [SIDE] [INTENSITY]", verbs_train_symptom,
		"note what an athlete feels", "Note a symptom. It may raise an alert."},
	{"acknowledge", "ALERT", verbs_train_acknowledge, "confirm that an alert was seen",
		"Acknowledge an alert by its id, as show and watch print it."},
	{"override", "POP CLASS REASON", verbs_train_override, "correct the class of a pop",
		"Give a pop another class. It clears neither symptoms nor alerts."},
	{"history", "ATHLETE [KIND]", verbs_history_run, "what happened to an athlete",
		"Print what happened to an athlete in the last 400 days, or one KIND of it, the "
		"oldest first: repetitions, final pops, alerts, what people did, summaries of "
		"sessions. --since and --limit narrow it. With --json, next is the cursor with "
		"which --since goes on where --limit stopped."},
	{"doctor", "[FILE]", verbs_doctor_run, "what is wrong, why, and what to do",
		"Look at the bus, BlueZ, adapters, the configuration, the machine, what coxad says of "
		"itself, and each wearable; and print what is wrong with what to do about it. Works "
		"without coxad too. FILE is the configuration if it is not the usual one. With --fix, "
		"mend what can be mended without harm. See DOCTOR for codes and exit status."},
	{"export", "ATHLETE", verbs_admin_export, "all that is stored about an athlete, as JSON",
		"Print what coxad holds about an athlete: what is remembered over restarts, messages "
		"that wait, and the logbook. Rows that were damaged are only in coxad "
		"--export-athlete. Needs root or the group coxad-admin."},
	{"erase", "ATHLETE", verbs_erase_run, "delete all that is stored about an athlete",
		"Ask for the athlete's name once more, unless --yes is given, and delete all that export prints, "
		"from memory, from the files to the last byte, and from the broker. Refused while the athlete is in "
		"a session, or while coxad records or a backup is made. If coxad is killed meanwhile, its next "
		"start finishes it. coxad-security(7) says what is out of its reach. Needs root or the group "
		"coxad-admin."},
	{"record", "FILE [SECONDS]", verbs_admin_record, "record what coxad receives, until Ctrl-C",
		"Write a capture from now on, for SECONDS or until Ctrl-C, for tools/explain or a "
		"bug report. It is health data: FILE is created for its owner alone and must not "
		"exist; what was recorded until a failure is kept. A replay begins without "
		"calibrations and symptoms from before. Needs root or the group coxad-admin."},
	{"reload", "", verbs_admin_reload, "apply the changed configuration",
		"Apply the configuration as SIGHUP does, and say what was refused and why. "
		"Needs root or the group coxad-admin."},
	{"requeue", "", verbs_admin_requeue, "send again what the broker refused",
		"Send held and set aside messages again. Needs root or the group coxad-admin."},
	{"log-level", "LEVEL", verbs_admin_log_level, "how much the journal is told",
		"Change the log level until the next start. debug may contain health data. "
		"Needs root or the group coxad-admin."},
	{"trace", "TOPICS", verbs_admin_trace, "write down the numbers behind decisions",
		"Trace topics, separated by commas, all, or none, to the journal until the next "
		"start. The lines name athletes. Needs root or the group coxad-admin."},
	{"report", "FILE", verbs_report_run, "one file to attach to a bug report",
		"Write versions, the configuration without logins, what coxad tells, what doctor finds and "
		"the last hour of the journal into FILE, which must not exist. Names of athletes, kits "
		"and wearables are replaced (with --names they are not), addresses shortened. Works "
		"without coxad too."},
	{"backup", "FILE", verbs_backup_run, "copy all that coxad keeps into one file",
		"Write the configuration, the databases (what is remembered, what happened, what waits "
		"for the broker) and the keys of paired wearables into FILE, a tar file packed with "
		"gzip, which must not exist. coxad goes on meanwhile, or need not run. See BACKUP. Needs "
		"root."},
	{"restore", "[FILE]", verbs_restore_run, "carry on where a backup was made",
		"Check FILE, which backup wrote, and put all of it in place; what was there is kept "
		"beside it. coxad must not run: with --stop it is stopped, and started in the end. "
		"Without FILE, finish a restore that was interrupted, if there is one. See BACKUP. Needs "
		"root."},
	{"setup", "[dashboard] [trainer|screen] [USER]", verbs_setup_run,
		"name this gateway and its broker, or put up the trainers' page",
		"Ask for the site, the name of this gateway, the broker and the login there, or take them "
		"from --site, --gateway, --broker and --username, and write what differs to "
		"coxad.conf.d/50-setup.conf once coxad finds it right; the password, asked for after the "
		"user name or the first line of standard input, to /etc/credstore, for root alone. The "
		"broker none and the user none are taken out again. "
		"Everything else stays, and coxad uses it from its next start on. With dashboard, make a "
		"certificate, a listener of mosquitto and the users trainer and screen for the package "
		"coxad-dashboard, and print the page's address, as a QR code too. What is there already "
		"stays. With trainer or screen, add a user who may command or only look, called USER or "
		"like the role; the password is printed once. Needs root."},
	{"enrol", "RADIO [HOST]", verbs_enrol_run, "let a radio in at this computer's broker",
		"For a gym with many radios (role in coxad.conf(5)), on the computer of the broker and "
		"the brain: make the radio a user of mosquitto, who may use its own topics alone, with a "
		"new password, and print what the radio's coxad.conf must hold, the certificate that it "
		"trusts and, once, the password. The first time it makes a certificate authority, a "
		"certificate for HOST (the name or address by which radios reach this computer, "
		"NAME.local if it is left out) and a listener of mosquitto at port 8886; what is there "
		"already stays. Again for the same RADIO: another password. Needs root."},
	{.name = NULL},
};

/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <json-glib/json-glib.h>

/* What the subcommands share. Exit codes: */
enum
{
  CW_CLI_OK = 0,
  CW_CLI_FAILED = 1,
  CW_CLI_USAGE = 2,
  CW_CLI_INTERRUPTED = 130,
};

typedef struct
{
  const char *name;
  const char *arguments; /* as shown behind the name */
  const char *summary;   /* one line */
  int (*run) (int argc, char **argv);
} CwCommand;

extern const CwCommand cw_command_augment, cw_command_bench, cw_command_dataset, cw_command_demo,
    cw_command_embed, cw_command_evaluate, cw_command_export, cw_command_ops, cw_command_plugins,
    cw_command_run, cw_command_search, cw_command_train;

/**
 * cw_cli_parse:
 * @details: (nullable): further lines of --help
 * @min, @max: how many positional arguments; @max -1 = any number
 * @status: (out): exit status when FALSE
 *
 * Takes the options out of @argv, so that argv[1].. are the positional arguments.
 */
gboolean cw_cli_parse (const CwCommand *command, const char *details, const GOptionEntry *entries,
                       int *argc, char ***argv, int min, int max, int *status);
/* "contrawarp: message" on stderr; returns the exit status that fits @error: that of a usage mistake for
 * G_OPTION_ERROR. */
int      cw_cli_fail (const GError *error);
int      cw_cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* (transfer none): cancelled by the first SIGINT, SIGTERM or SIGHUP; a later SIGINT or SIGTERM ends the
 * process. */
GCancellable *cw_cli_get_cancellable (void);
/* Progress on stderr where that is a terminal; cancelled with the above. */
CwJob        *cw_cli_job_new (void);
/* Ends the progress line. */
void          cw_cli_job_done (void);

/* One JSON object on stdout. */
void cw_cli_print_json (JsonBuilder *builder);

/* A preset's name or the path of a .cwexp, then the sections of each file of @parts (nullable), then each
 * "key=value" of @sets (nullable). */
CwExperiment *cw_cli_load_experiment (const char *what, char **parts, char **sets, GError **error);

/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/cw-cli-model.h"

/* Options of `run rank`, filled by GOption. */
typedef struct
{
  CwCliModel model; /* but for the path */
  char *reader, *options;
  int seed; /* CW_CLI_RANK_NO_SEED: not given */
  gboolean no_cache;
} CwCliRank;

#define CW_CLI_RANK_NO_SEED G_MININT

#define CW_CLI_RANK_ENTRIES(r)                                                                     \
  CW_CLI_ENCODER_ENTRY (&(r)->model),                                                              \
  CW_CLI_NORM_ENTRY (&(r)->model),                                                                 \
  { "reader", 'r', 0, G_OPTION_ARG_FILENAME, &(r)->reader, "rank: read the data as this layout",   \
    "ID" },                                                                                        \
  { "options", 'O', 0, G_OPTION_ARG_FILENAME, &(r)->options,                                       \
    "rank: the reader's parameters; face=LEFT,TOP,WIDTH,HEIGHT too", "KEY=VALUE&…" },              \
  { "seed", 0, 0, G_OPTION_ARG_INT, &(r)->seed, "rank: of splits and views (default: 1)", "S" },   \
  { "no-cache", 0, 0, G_OPTION_ARG_NONE, &(r)->no_cache,                                           \
    "rank: neither take features kept in the user's cache folder nor keep them there", NULL }

void     cw_cli_rank_clear (CwCliRank *rank);
/* Whether there is any of these options. */
gboolean cw_cli_rank_is_given (const CwCliRank *rank);
/* Label-free scores of every checkpoint in @run, and how well they go with the linear probe's
 * accuracy where @data has labels. Returns the exit status. */
int      cw_cli_run_rank (const char *run, const char *data, CwCliRank *rank, gboolean json);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwCliRank, cw_cli_rank_clear)

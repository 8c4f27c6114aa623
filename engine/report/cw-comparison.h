/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluation.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CW_COMPARED_ALL G_MAXUINT /* instead of a condition: all of them */

typedef struct
{
  char *folder;
  guint64 seed;
  guint condition;
} CwComparedRun;

/* A key of the experiments that is not the same in all conditions. */
typedef struct
{
  char *key;     /* "objective.negative" */
  char *label;   /* (nullable): as forms have it, translated: "Objective: Negatives" */
  guint n_values;
  char **values; /* [n_values], of the conditions; NULL where one has no such key */
} CwComparedSetting;

/* A score of one protocol with the same parameters, for each run; NaN where it was not scored. */
typedef struct
{
  char *protocol, *id;
  char *parameters;  /* "k=50": those that are not at their defaults; "" = none */
  CwScoreUnit unit;  /* number where neither the runs' records tell nor the id does */
  double *values[CW_N_CONTENDERS]; /* [n_runs] each */
} CwComparedScore;

/* What the runs have in common that were evaluated in the same way: the same pictures, as far as is known,
 * sides that were chosen by the same rule and are as large, network and norms. */
typedef struct
{
  char *data, *split, *network, *norm;
  char *fingerprint, *face; /* of the data; "" where the record does not tell */
  gboolean drawn;    /* the sides are drawn by the evaluation's seed */
  gint64 n_fit, n_score;
  double majority;   /* share of the majority class; NaN without labels */
  gint64 *steps;     /* [n_runs]: how far the run was when it was evaluated, the furthest there is; -1 = it
                        was not */
  gint64 *seeds;     /* [n_runs]: of the evaluation */
  GPtrArray *scores; /* CwComparedScore */
} CwComparedEvaluation;

/**
 * CwComparison:
 *
 * Training runs side by side: what their experiments do not share, and the scores of the evaluations they
 * keep. Runs whose experiments are the same but for name, seed, [run] and the cache are one condition, in
 * the order in which they are given.
 */
typedef struct
{
  guint n_runs, n_conditions;
  guint reference;        /* the condition that the others are held against: the first one, or another */
  CwComparedRun *runs;
  GPtrArray *settings;    /* CwComparedSetting, in the order of the files */
  GPtrArray *evaluations; /* CwComparedEvaluation */
  GPtrArray *notes;       /* char *: a line for each record that cannot be read */
  gboolean same_floors;   /* all conditions have the same encoder and size of the views */
} CwComparison;

/* Of a condition, or of the difference of two, over seeds: several runs with the same one count as their
 * mean. */
typedef struct
{
  guint n;        /* seeds */
  double mean, sd;
  double low, high; /* Student's 95 % interval of the mean over the seeds; NaN for fewer than two */
} CwComparedSpread;

/**
 * cw_comparison_new:
 * @folders: `[n]` run folders, each once
 *
 * Reads the runs' databases, which may be written to meanwhile. A record that cannot be read is passed over,
 * with a note.
 *
 * Returns: NULL with one line naming the folder, or %G_IO_ERROR_CANCELLED
 */
CwComparison *cw_comparison_new (const char *const *folders, guint n, CwJob *job, GError **error);
void          cw_comparison_free (CwComparison *self);

/**
 * cw_comparison_keep_scores:
 * @names: NULL-terminated "PROTOCOL.SCORE", or "SCORE" of whatever protocol
 *
 * Forgets all other scores, and evaluations that have none of them.
 *
 * Returns: FALSE with CW_ERROR_NOT_FOUND, and nothing changed, where no evaluation has a score of one of the names;
 *   the line lists those that there are
 */
gboolean      cw_comparison_keep_scores (CwComparison *self, const char *const *names, GError **error);

/**
 * cw_comparison_set_reference:
 * @run: a folder, of whose condition the others' differences are from now on
 *
 * Returns: FALSE with CW_ERROR_NOT_FOUND, and nothing changed, where it is none of those that are compared
 */
gboolean      cw_comparison_set_reference (CwComparison *self, const char *run, GError **error);

/* (transfer full): "A", "B" ... "Z", "AA" ... */
char            *cw_comparison_dup_label (guint condition);
/* (transfer full): what the folders of its runs are called, without the seed: "simclr-warp". Where two conditions
 * have one name, the folder above stands before it. */
char            *cw_comparison_dup_name (const CwComparison *self, guint condition);
/* Whether all runs of @condition were evaluated after the same number of steps; @step (out): which, -1 = none
 * was. */
gboolean         cw_comparison_find_step (const CwComparison *self, const CwComparedEvaluation *e,
                                          guint condition, gint64 *step);
/* (transfer full) (nullable): "A, B, D": those of which that is so with the step of @condition, which comes first
 * among them; NULL where it does not, or where its runs differ. */
char            *cw_comparison_dup_same_step (const CwComparison *self, const CwComparedEvaluation *e,
                                              guint condition);
/* How many seeds @condition has. */
guint            cw_comparison_count_seeds (const CwComparison *self, guint condition);
/* Over the seeds of @condition, or CW_COMPARED_ALL. */
CwComparedSpread cw_comparison_spread (const CwComparison *self, const CwComparedScore *score,
                                       CwContender contender, guint condition);
/* Of @condition less @reference, trained, over the seeds that both have, scored on the same sides. */
CwComparedSpread cw_comparison_difference (const CwComparison *self, const CwComparedEvaluation *e,
                                           const CwComparedScore *score, guint condition,
                                           guint reference);

/* (transfer container) (element-type CwComparedScore): those worth showing: without scores for which the
 * same person is barred, where that makes no difference. */
GPtrArray       *cw_comparison_list_scores (const CwComparison *self, const CwComparedEvaluation *e);

/* As members of an open object. */
void             cw_comparison_to_json (const CwComparison *self, JsonBuilder *builder);
/* (transfer full): tables for terminals. */
char            *cw_comparison_to_text (const CwComparison *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwComparison, cw_comparison_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluation.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

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
  char **values; /* [n_conditions]; NULL where a condition has no such key */
} CwComparedSetting;

/* A score of one protocol, for each run; NaN where it was not scored. */
typedef struct
{
  char *protocol, *id;
  CwScoreUnit unit;  /* number where the runs' records do not tell */
  double *values[CW_N_CONTENDERS]; /* [n_runs] each */
} CwComparedScore;

/* What the runs have in common that were evaluated in the same way: data, split, how many pictures,
 * network and norms. */
typedef struct
{
  char *data, *split, *network, *norm;
  gint64 n_fit, n_score;
  double majority;   /* share of the majority class; NaN without labels */
  gint64 *steps;     /* [n_runs]: of the newest evaluation, and those of the same step with it; -1 = none */
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
  CwComparedRun *runs;
  GPtrArray *settings;    /* CwComparedSetting, in the order of the files */
  GPtrArray *evaluations; /* CwComparedEvaluation */
} CwComparison;

/* Of a condition, or of the difference of two. */
typedef struct
{
  guint n;
  double mean, sd;
  double low, high; /* Student's 95 % interval of the mean over the seeds; NaN for fewer than two */
} CwComparedSpread;

/**
 * cw_comparison_new:
 * @folders: `[n]` run folders, each once
 *
 * Reads the runs' databases, which may be written to meanwhile.
 *
 * Returns: NULL with one line naming the folder
 */
CwComparison *cw_comparison_new (const char *const *folders, guint n, GError **error);
void          cw_comparison_free (CwComparison *self);

/* (transfer full): "A", "B" ... "Z", "AA" ... */
char            *cw_comparison_dup_label (guint condition);
/* Over the runs of @condition. */
CwComparedSpread cw_comparison_spread (const CwComparison *self, const CwComparedScore *score,
                                       CwContender contender, guint condition);
/* Of @condition less the first one, trained, over the seeds that both have. */
CwComparedSpread cw_comparison_difference (const CwComparison *self, const CwComparedScore *score,
                                           guint condition);

/* (transfer container) (element-type CwComparedScore): those worth showing: without scores for which the
 * same person is barred, where that makes no difference. */
GPtrArray       *cw_comparison_list_scores (const CwComparison *self, const CwComparedEvaluation *e);

/* As members of an open object. */
void             cw_comparison_to_json (const CwComparison *self, JsonBuilder *builder);
/* (transfer full): tables for terminals. */
char            *cw_comparison_to_text (const CwComparison *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwComparison, cw_comparison_free)

G_END_DECLS

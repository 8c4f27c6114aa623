/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-diagnostics.h"
#include "learn/cw-trainer.h"

G_BEGIN_DECLS

typedef enum
{
  CW_HEALTH_GOOD,
  CW_HEALTH_WARNING,
  CW_HEALTH_COLLAPSE, /* the embeddings no longer tell faces apart, or soon will not */
} CwHealthLevel;

/* What is likely wrong. */
typedef enum
{
  CW_CAUSE_NO_PREDICTOR,
  CW_CAUSE_TARGET_MOMENTUM,
  CW_CAUSE_LEARNING_RATE,
  CW_CAUSE_DEAD_FEATURES,
  CW_CAUSE_NEGATIVES_DOMINATE,
  CW_CAUSE_WARP_NOT_NOTICED,
  CW_CAUSE_DIMENSIONS, /* few dimensions are used: none of the above explains it */
  CW_CAUSE_UNKNOWN,    /* embeddings coincide: none of the above explains it */
  CW_N_CAUSES
} CwHealthCause;

typedef struct
{
  guint64 step; /* number of the record that raised it */
  CwHealthLevel level;
  CwHealthCause cause;
} CwHealthFlag;

/* A cause may be a warning first and a collapse later. */
#define CW_MAX_HEALTH_FLAGS (2 * CW_N_CAUSES)

/**
 * CwHealth:
 *
 * Watches the records of a run for signs of collapse. A plain value without heap memory; what it
 * holds depends on the recipe and the records alone, so a resume feeds it those of before.
 */
typedef struct
{
  CwHealthFlag flags[CW_MAX_HEALTH_FLAGS]; /* in the order in which they were raised */
  int n_flags;

  /*< private >*/
  gboolean lacks_predictor;
  double peak_lr;
  double warmup_epochs;        /* of the warp negatives; < 0 where there are none */
  guint64 n_records, n_strong; /* all; those with at least half of the peak learning rate */
  guint64 n_warps;             /* those with warp_auc, once the warm-up is over */
  double first_spread, spread; /* projection_std: mean of the first records, running mean */
  double first_rank, rank;     /* feature_rank: the first, running mean */
  double cosine, warp_auc;     /* running means, like those above NaN before the first */
  double norms[CW_DIAGNOSTICS_EVERY]; /* weight_norm of the last records, by their number */
} CwHealth;

void cw_health_init (CwHealth *health, const CwRecipe *recipe);
/* The next record; undefined values (NaN) are passed over. Returns how many flags it raised: the
 * last ones of @flags. */
int  cw_health_add (CwHealth *health, const CwStepRecord *record);
/* The step after the last record could not be made, as something was not finite. */
int  cw_health_add_divergence (CwHealth *health, guint64 step);

/* The worst of @n flags. */
CwHealthLevel cw_health_worst (const CwHealthFlag *flags, guint n);
/* Stable names, for files: "good", "warning", "collapse"; "no-predictor" ... */
const char   *cw_health_level_name (CwHealthLevel level);
const char   *cw_health_cause_name (CwHealthCause cause);
/* Level and cause of @flag by name; FALSE where this version does not know one. */
gboolean      cw_health_parse (const char *level, const char *cause, CwHealthFlag *flag);
/* One line for people, marked with N_(): what is seen, the likely cause, and what to do. */
const char   *cw_health_flag_text (const CwHealthFlag *flag);

G_END_DECLS

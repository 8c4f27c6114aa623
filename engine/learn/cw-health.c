/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-health.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The thresholds stand between two groups of small runs (tests/perf/health.py: 200 steps on
 * generated faces): 25 that were well, and 21 with the predictor removed, a target of momentum 0,
 * or the hundredfold learning rate. What the groups reached stands beside each threshold. */

/* Records whose mean is what later ones are compared with; before, nothing is judged. */
#define N_FIRST 10
/* Weight of a new value in a running mean; of one that comes on some steps only. */
#define RATE 0.1
#define RARE_RATE 0.5

/* A target that averages over less than two steps is the online net. */
#define LOWEST_MOMENTUM 0.5
/* Running mean of projection_std over its first mean: where a known cause explains it, and where
 * none does. Without predictor 0.18 to 0.31 after 200 steps (below SMALL_SPREAD from step 37 to 55
 * on); well 0.50 and more, the lowest in passing with warp negatives and SGD or heavy weights. */
#define SMALL_SPREAD 0.5
#define LEAST_SPREAD 0.2
/* weight_norm over that of CW_DIAGNOSTICS_EVERY records before: 2.1 to 11 with the hundredfold
 * learning rate (above LARGEST_GROWTH from step 3 to 10 on), at most 1.01 with AdamW and 1.10 with
 * SGD where well. */
#define LARGEST_GROWTH 1.3
/* Running mean of feature_rank over its first value: 0.23 to 0.43 with the hundredfold learning
 * rate; 0.48 and more where well, so that HALF_RANK needs a learning rate that is suspected
 * already, and LEAST_RANK is far below all. */
#define HALF_RANK 0.5
#define LEAST_RANK 0.15
/* Share of the features that are zero for all faces: 0 where well, up to 0.22 with the hundredfold
 * learning rate. */
#define MANY_DEAD 0.5
/* Running mean of cos_base, once so many steps had at least half of the learning rate: 0.06
 * and less with BYOL and a negative-weight of 30 or 100, 0.51 and more where well. */
#define LEAST_COSINE 0.2
#define MANY_STEPS 100
/* Running mean of warp_auc, which for batches of 64 varies by 0.012; and of how many values. After
 * 1000 steps it was 0.70 with the settings of generated-demo (8 wide, 32 px), and 0.53 where
 * negative-weight was 0.001. */
#define CHANCE_AUC 0.55
#define MANY_WARPS 40

static const char *const level_names[] = { "good", "warning", "collapse" };

static const struct
{
  const char *name;
  const char *warning, *collapse; /* the same line where only one level is raised */
} causes[] = {
  [CW_CAUSE_NO_PREDICTOR] = {
    "no-predictor",
    N_ ("There is no predictor, without which this objective is known to collapse; set "
        "heads.predictor = mlp"),
    N_ ("The projections of all faces come together, for lack of a predictor; set "
        "heads.predictor = mlp"),
  },
  [CW_CAUSE_TARGET_MOMENTUM] = {
    "target-momentum",
    N_ ("The target follows the online net at once and steadies nothing; set schedule.ema to 0.9 "
        "or more"),
    N_ ("The projections of all faces come together, and the target follows at once; set "
        "schedule.ema to 0.9 or more"),
  },
  [CW_CAUSE_LEARNING_RATE] = {
    "learning-rate",
    N_ ("The learning rate is too high: the weights grow by leaps; lower optimizer.lr"),
    N_ ("The learning rate is too high: the weights grew by leaps, and what faces are compared by "
        "collapsed or is not finite; lower optimizer.lr"),
  },
  [CW_CAUSE_DEAD_FEATURES] = {
    "dead-features",
    N_ ("More than half of the features are zero for every face; lower optimizer.lr and start "
        "again"),
    N_ ("All features are zero for every face; lower optimizer.lr and start again"),
  },
  [CW_CAUSE_NEGATIVES_DOMINATE] = {
    "negatives-dominate",
    N_ ("Views of the same face stay apart while warped views are pushed away; lower "
        "objective.negative-weight"),
    NULL,
  },
  [CW_CAUSE_WARP_NOT_NOTICED] = {
    "warp-not-noticed",
    N_ ("Warped views are as near to the anchor as positives: the encoder hardly notices the warp; "
        "raise objective.negative-weight or warp.magnitude-max"),
    NULL,
  },
  [CW_CAUSE_DIMENSIONS] = {
    "dimensions",
    N_ ("The features fill few of the dimensions that they filled at the start; see whether "
        "positives are too much alike, or lower optimizer.lr"),
    NULL,
  },
  [CW_CAUSE_UNKNOWN] = {
    "unknown",
    NULL,
    N_ ("The projections of all faces have come together, for no cause that is known here; lower "
        "optimizer.lr, or see whether the pictures differ at all"),
  },
};

const char *
cw_health_level_name (CwHealthLevel level)
{
  g_return_val_if_fail ((guint) level < G_N_ELEMENTS (level_names), NULL);
  return level_names[level];
}

const char *
cw_health_cause_name (CwHealthCause cause)
{
  g_return_val_if_fail ((guint) cause < CW_N_CAUSES, NULL);
  return causes[cause].name;
}

gboolean
cw_health_parse (const char *level, const char *cause, CwHealthFlag *flag)
{
  for (guint l = 0; l < G_N_ELEMENTS (level_names); l++)
    {
      for (guint c = 0; c < CW_N_CAUSES; c++)
        {
          if (g_str_equal (level_names[l], level) && g_str_equal (causes[c].name, cause))
            {
              flag->level = (CwHealthLevel) l;
              flag->cause = (CwHealthCause) c;
              return TRUE;
            }
        }
    }
  return FALSE;
}

const char *
cw_health_flag_text (const CwHealthFlag *flag)
{
  g_return_val_if_fail ((guint) flag->cause < CW_N_CAUSES, NULL);
  return flag->level == CW_HEALTH_COLLAPSE ? causes[flag->cause].collapse
                                           : causes[flag->cause].warning;
}

CwHealthLevel
cw_health_worst (const CwHealthFlag *flags, guint n)
{
  CwHealthLevel worst = CW_HEALTH_GOOD;

  for (guint i = 0; i < n; i++)
    worst = MAX (worst, flags[i].level);
  return worst;
}

void
cw_health_init (CwHealth *health, const CwRecipe *recipe)
{
  const CwNegativeTermParams *term
      = cw_objective_get_negative_term (recipe->objective, recipe->objective_params);

  memset (health, 0, sizeof *health);
  health->spread = health->rank = health->cosine = health->warp_auc = (double) NAN;
  health->lacks_predictor
      = recipe->objective->head == CW_HEAD_PREDICTION && !cw_recipe_has_predictor (recipe);
  health->peak_lr = (double) ((const CwOptimizerCommon *) recipe->optimizer_params)->lr;
  health->warmup_epochs = -1;
  if (cw_recipe_n_negatives (recipe) > 0 && term->negative_weight > 0)
    health->warmup_epochs = (double) term->negative_warmup;
}

static gboolean
is_raised (const CwHealth *health, CwHealthCause cause, CwHealthLevel level)
{
  for (int i = 0; i < health->n_flags; i++)
    {
      if (health->flags[i].cause == cause && health->flags[i].level >= level)
        return TRUE;
    }
  return FALSE;
}

static void
raise_flag (CwHealth *health, guint64 step, CwHealthCause cause, CwHealthLevel level)
{
  if (!is_raised (health, cause, level))
    health->flags[health->n_flags++] = (CwHealthFlag){ step, level, cause };
}

/* Moves @mean, NaN before the first, towards @value; an undefined one is passed over. */
static void
follow (double *mean, double value, double rate)
{
  if (isnan (*mean))
    *mean = value;
  else if (!isnan (value))
    *mean += rate * (value - *mean);
}

static void
judge_spread (CwHealth *health, const CwStepRecord *record)
{
  gboolean first = health->n_records < N_FIRST;
  CwHealthCause cause = CW_CAUSE_UNKNOWN;
  double least;

  if (isnan (record->projection_std))
    return;
  if (first)
    health->first_spread += record->projection_std / N_FIRST;
  follow (&health->spread, record->projection_std, RATE);
  if (health->lacks_predictor)
    cause = CW_CAUSE_NO_PREDICTOR;
  else if (is_raised (health, CW_CAUSE_TARGET_MOMENTUM, CW_HEALTH_WARNING))
    cause = CW_CAUSE_TARGET_MOMENTUM;
  else if (is_raised (health, CW_CAUSE_LEARNING_RATE, CW_HEALTH_WARNING))
    cause = CW_CAUSE_LEARNING_RATE;
  least = (cause == CW_CAUSE_UNKNOWN ? LEAST_SPREAD : SMALL_SPREAD) * health->first_spread;
  if (!first && health->spread < least)
    raise_flag (health, record->step, cause, CW_HEALTH_COLLAPSE);
}

/* A step that is too long for the weights shows in their length before anything else does: the
 * norms make the net blind to it, and the gradient, which is at right angles, can only make them
 * longer. */
static void
judge_growth (CwHealth *health, const CwStepRecord *record)
{
  guint64 n = health->n_records;
  double *slot = &health->norms[n % CW_DIAGNOSTICS_EVERY];
  /* Of CW_DIAGNOSTICS_EVERY records before, or of the first. */
  double before = n < CW_DIAGNOSTICS_EVERY ? health->norms[0] : *slot;

  if (n > 0 && before > 0 && record->weight_norm > LARGEST_GROWTH * before)
    raise_flag (health, record->step, CW_CAUSE_LEARNING_RATE, CW_HEALTH_WARNING);
  *slot = record->weight_norm;
}

static void
judge_rank (CwHealth *health, const CwStepRecord *record)
{
  if (isnan (record->feature_rank))
    return;
  if (isnan (health->rank))
    health->first_rank = record->feature_rank;
  follow (&health->rank, record->feature_rank, RARE_RATE);

  if (health->rank < LEAST_RANK * health->first_rank)
    raise_flag (health, record->step, CW_CAUSE_DIMENSIONS, CW_HEALTH_WARNING);
  if (health->rank < HALF_RANK * health->first_rank
      && is_raised (health, CW_CAUSE_LEARNING_RATE, CW_HEALTH_WARNING))
    raise_flag (health, record->step, CW_CAUSE_LEARNING_RATE, CW_HEALTH_COLLAPSE);
  if (record->dead_features >= 1)
    raise_flag (health, record->step, CW_CAUSE_DEAD_FEATURES, CW_HEALTH_COLLAPSE);
  else if (record->dead_features > MANY_DEAD)
    raise_flag (health, record->step, CW_CAUSE_DEAD_FEATURES, CW_HEALTH_WARNING);
}

static void
judge_warps (CwHealth *health, const CwStepRecord *record)
{
  follow (&health->cosine, record->cos_base, RATE);
  health->n_strong += record->lr >= health->peak_lr / 2;
  if (health->warmup_epochs < 0 || record->epoch < health->warmup_epochs)
    return;
  if (health->n_strong >= MANY_STEPS && health->cosine < LEAST_COSINE)
    raise_flag (health, record->step, CW_CAUSE_NEGATIVES_DOMINATE, CW_HEALTH_WARNING);

  if (isnan (record->warp_auc))
    return;
  follow (&health->warp_auc, record->warp_auc, RATE);
  health->n_warps++;
  if (health->n_warps >= MANY_WARPS && health->warp_auc < CHANCE_AUC)
    raise_flag (health, record->step, CW_CAUSE_WARP_NOT_NOTICED, CW_HEALTH_WARNING);
}

int
cw_health_add (CwHealth *health, const CwStepRecord *record)
{
  int n_before = health->n_flags;

  if (health->lacks_predictor)
    raise_flag (health, record->step, CW_CAUSE_NO_PREDICTOR, CW_HEALTH_WARNING);
  /* Momentum rises: what it is at the start counts. */
  if (health->n_records == 0 && record->momentum < LOWEST_MOMENTUM)
    raise_flag (health, record->step, CW_CAUSE_TARGET_MOMENTUM, CW_HEALTH_WARNING);
  judge_growth (health, record);
  judge_spread (health, record);
  judge_rank (health, record);
  judge_warps (health, record);
  health->n_records++;
  return health->n_flags - n_before;
}

int
cw_health_add_divergence (CwHealth *health, guint64 step)
{
  int n_before = health->n_flags;

  raise_flag (health, step, CW_CAUSE_LEARNING_RATE, CW_HEALTH_COLLAPSE);
  return health->n_flags - n_before;
}

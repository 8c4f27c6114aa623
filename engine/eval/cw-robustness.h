/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "data/cw-dataset.h"
#include "image/cw-warp.h"
#include "nn/cw-model.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a model does at one strength of a disturbance; NaN where it does not take part. */
typedef struct
{
  double cosine;   /* mean, of the features of the clean and of the disturbed picture */
  double accuracy; /* of the linear probe that was fitted on clean pictures */
  double noticed;  /* how often another linear probe, fitted on half of the pictures, tells of a picture of
                      the other half whether it is disturbed, from the features of that one view: 0.5 = it
                      cannot; an encoder that learns "was this warped" instead of "how does this face look" is near 1 */
} CwRobustnessScore;

typedef struct
{
  float strength; /* 0 = clean */
  CwRobustnessScore trained, random;
} CwRobustnessPoint;

typedef struct
{
  const char *id;   /* "rotation" */
  const char *unit; /* of the strengths; "side": a fraction of the picture's side */
  int n_points;
  CwRobustnessPoint *points;
} CwRobustnessCurve;

/**
 * CwRobustness:
 *
 * How features, and the answers of a linear probe on them, hold out against disturbances of growing
 * strength.
 */
typedef struct
{
  guint n_fit, n_score;
  const char *warp; /* id of the family of the curve "warp" */
  int n_curves;
  CwRobustnessCurve *curves;
  double seconds;
} CwRobustness;

/**
 * cw_robustness_run:
 * @random: (nullable): the same encoder at its random init
 * @curves: (nullable): NULL-terminated ids of rotation, translation, brightness, blur, jpeg
 *   (where that transform is there), warp; NULL = all
 * @warp: of the curve "warp"
 *
 * Sides, pictures and probe are those of cw_evaluation_run() with the protocol linear; all scored
 * pictures are disturbed, by values that @seed draws, and the probe is not fitted anew.
 *
 * Returns: NULL with CW_ERROR_NOT_FOUND for an unknown curve, the errors of cw_evaluation_run(), or
 *   %G_IO_ERROR_CANCELLED
 */
CwRobustness *cw_robustness_run (const CwModel *model, const CwModel *random, CwDataset *dataset,
                                 const char *const *curves, const CwWarpClass *warp, guint64 seed,
                                 CwJob *job, GError **error);
/* Whether there are such curves, before anything is begun. */
gboolean      cw_robustness_check (const char *const *curves, GError **error);
void          cw_robustness_free (CwRobustness *robustness);
/* An object with a member for each curve: an array of {"strength", "unit", "cosine", "accuracy",
 * "noticed", "random_init": {"cosine", "accuracy", "noticed"}}. */
void          cw_robustness_to_json (const CwRobustness *robustness, JsonBuilder *builder);
/* (transfer full): a table for terminals. */
char         *cw_robustness_to_text (const CwRobustness *robustness);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRobustness, cw_robustness_free)

G_END_DECLS

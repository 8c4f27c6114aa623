/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"
#include "learn/cw-prediction.h"

#include <glib/gi18n-lib.h>

/* SimSiam (Chen & He, CVPR 2021): BYOL whose target is the net itself. The prediction q of one view
 * shall point where the projection z of the other does, and no gradient goes into z. Per image
 *
 *   -1/2 cos (q0, z1) - 1/2 cos (q1, z0),   mean over images: -1 .. 1. */

static void
simsiam_evaluate (gconstpointer params, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  _cw_prediction_evaluate (params, 0.5, 0, input, output);
}

const CwObjectiveClass _cw_objective_simsiam = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "simsiam",
    .label = N_ ("SimSiam"),
    .description = N_ ("Predict the net's own view of the same face, plus warp negatives"),
    .params = _cw_prediction_specs,
    .params_size = sizeof (CwPredictionParams),
  },
  .head = CW_HEAD_PREDICTION,
  .target = CW_TARGET_SELF,
  .scratch_size = _cw_prediction_scratch_size,
  .evaluate = simsiam_evaluate,
};

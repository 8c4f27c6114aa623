/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"
#include "learn/cw-prediction.h"

#include <glib/gi18n-lib.h>

/* BYOL (Grill et al., NeurIPS 2020): the prediction q of one view shall point where the target
 * network's projection t of the other does. Per image
 *
 *   1/2 [(2 - 2 cos (q0, t1)) + (2 - 2 cos (q1, t0))],   mean over images: 0 .. 4.
 *
 * The paper adds the two directions; their mean here is half of that, so that the warp-negative
 * term has the same weight against one comparison whichever the objective. */

static void
byol_evaluate (gconstpointer params, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  _cw_prediction_evaluate (params, 1, 1, input, output);
}

const CwObjectiveClass _cw_objective_byol = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "byol",
    .label = N_ ("BYOL"),
    .description = N_ ("Predict the target network's view of the same face, plus warp negatives"),
    .params = _cw_prediction_specs,
    .params_size = sizeof (CwPredictionParams),
  },
  .head = CW_HEAD_PREDICTION,
  .target = CW_TARGET_MOMENTUM,
  .target_negatives = _cw_prediction_target_negatives,
  .scratch_size = _cw_prediction_scratch_size,
  .evaluate = byol_evaluate,
};

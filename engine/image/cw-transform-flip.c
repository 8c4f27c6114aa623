/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  float probability;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.5,
                  N_ ("How often a view is flipped")),
  CW_PARAM_END,
};

static const CwDrawnSpec drawn[] = {
  { "flip", N_ ("Flipped"), CW_UNIT_FLAG },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;

  values[0] = cw_rng_uniform (rng) < p->probability ? 1.0f : 0.0f;
}

static CwMatrix
matrix (gconstpointer params, const CwTransformContext *context, const float *values)
{
  if (values[0] < 0.5f)
    return cw_matrix_identity ();
  return cw_matrix_multiply (cw_matrix_translation (1, 0), cw_matrix_scale (-1, 1));
}

const CwTransformClass _cw_transform_flip = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "flip",
    .label = N_ ("Flip"),
    .description = N_ ("Swaps left and right"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_GEOMETRIC,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .matrix = matrix,
};

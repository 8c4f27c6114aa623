/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-model.h"

#include <string.h>

const char *
cw_norm_mode_name (CwNormMode mode)
{
  static const char *const names[CW_N_NORM_MODES] = { "running", "batch" };

  g_return_val_if_fail (mode < CW_N_NORM_MODES, NULL);
  return names[mode];
}

CwModel *
cw_model_new (const CwEncoderClass *encoder, gconstpointer params, int size, const float mean[3],
              const float std[3], const char *origin)
{
  CwModel *model = g_new0 (CwModel, 1);

  g_atomic_ref_count_init (&model->refs);
  model->encoder = encoder;
  model->params = g_malloc0 (MAX (encoder->base.params_size, 1));
  cw_params_copy (encoder->base.params, model->params, params);
  model->size = size;
  memcpy (model->mean, mean, sizeof model->mean);
  memcpy (model->std, std, sizeof model->std);
  model->origin = g_strdup (origin);
  model->net = cw_encoder_build (encoder, params, size, NULL, FALSE);
  model->dim = (int) cw_net_node_size (model->net, cw_net_find_mark (model->net, "features"));
  model->weights = cw_weights_new (model->net);
  if (model->weights == NULL)
    g_error ("No memory for the weights of %s (%" G_GSIZE_FORMAT " numbers)", encoder->base.id,
             cw_net_get_params_size (model->net));
  return model;
}

CwModel *
cw_model_new_random (const CwEncoderClass *encoder, gconstpointer params, int size,
                     const float mean[3], const float std[3], guint64 seed)
{
  g_autofree char *origin = g_strdup_printf ("random init (seed %" G_GUINT64_FORMAT ")", seed);
  CwModel *model = cw_model_new (encoder, params, size, mean, std, origin);

  cw_weights_init (model->weights, seed);
  return model;
}

CwModel *
cw_model_ref (CwModel *model)
{
  g_atomic_ref_count_inc (&model->refs);
  return model;
}

void
cw_model_unref (CwModel *model)
{
  if (model == NULL || !g_atomic_ref_count_dec (&model->refs))
    return;
  cw_params_block_free (model->encoder->base.params, model->params);
  cw_weights_free (model->weights);
  cw_net_unref (model->net);
  g_free (model->origin);
  g_free (model);
}

CwPlan *
cw_model_plan (const CwModel *model, int batch)
{
  CwNode features = cw_net_find_mark (model->net, "features");

  return cw_plan_new (model->net, batch,
                      model->norm == CW_NORM_BATCH ? CW_PLAN_INFER : CW_PLAN_FROZEN, &features, 1);
}

void
cw_model_embed (const CwModel *model, CwPlan *plan, const float *pixels, int n, float *features)
{
  CwNode node = cw_net_find_mark (model->net, "features");

  if (model->norm == CW_NORM_BATCH)
    {
      /* The forward pass moves running statistics, which are others' too. */
      g_autofree float *buffers
          = g_memdup2 (model->weights->buffers,
                       cw_net_get_buffers_size (model->net) * sizeof *model->weights->buffers);
      CwWeights weights = { model->net, model->weights->params, buffers };

      cw_plan_forward (plan, &weights, pixels, n, TRUE);
    }
  else
    cw_plan_forward (plan, model->weights, pixels, n, FALSE);
  memcpy (features, cw_plan_get_output (plan, node),
          (size_t) n * (size_t) model->dim * sizeof (float));
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-encoder.h"

G_BEGIN_DECLS

/* Which statistics the norms of an encoder use when it embeds. */
typedef enum
{
  CW_NORM_RUNNING, /* those kept from training: features of a picture depend on that picture only */
  CW_NORM_BATCH,   /* those of the pictures that are embedded together */
  CW_N_NORM_MODES,
} CwNormMode;

const char *cw_norm_mode_name (CwNormMode mode); /* "running", "batch" */

/**
 * CwModel:
 *
 * An encoder to embed pictures with: architecture, weights, and how its input is made. Immutable;
 * reference counted; any number of threads may read it.
 */
typedef struct
{
  const CwEncoderClass *encoder;
  gpointer params;
  int size;                /* side of the input, px */
  float mean[3], std[3];
  int dim;                 /* of the features */
  CwNet *net;              /* encoder only, "features" */
  CwWeights *weights;
  CwNormMode norm;         /* CW_NORM_RUNNING, unless changed before the model is shared */
  char *origin;            /* where it came from, for people: a path, "random init (seed 1)" */
  guint64 step;            /* how many steps it was trained; 0 where that is not known */
  /*< private >*/
  gatomicrefcount refs;
} CwModel;

/* Zero weights; the caller fills them before sharing. */
CwModel *cw_model_new (const CwEncoderClass *encoder, gconstpointer params, int size,
                       const float mean[3], const float std[3], const char *origin);
/* Random init, exactly as a training run with @seed starts. */
CwModel *cw_model_new_random (const CwEncoderClass *encoder, gconstpointer params, int size,
                              const float mean[3], const float std[3], guint64 seed);
CwModel *cw_model_ref (CwModel *model);
void     cw_model_unref (CwModel *model);

/* Embeds: @pixels [n, size, size, 3] normalised -> @features [n, dim]; norms use the statistics
 * that the model's norm mode says, its weights stay as they are. @plan from cw_model_plan(), at
 * most its batch. */
CwPlan  *cw_model_plan (const CwModel *model, int batch);
void     cw_model_embed (const CwModel *model, CwPlan *plan, const float *pixels, int n,
                         float *features);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwModel, cw_model_unref)

G_END_DECLS

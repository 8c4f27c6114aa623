/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-scene.h"
#include "models/cwb-vectors.h"

G_BEGIN_DECLS

#define CWB_JUDGEMENT_N_STEPS 13     /* of the curve: 0, 1/6 .. 2 times the warp as it is */
#define CWB_JUDGEMENT_SWEEP_SIDE 12  /* places in a row and in a column */
#define CWB_JUDGEMENT_N_NEIGHBOURS 8

/**
 * CwbJudgement:
 *
 * How a model judges a face of a scene and its first warp negative, beyond one number: a curve of
 * similarity against how strong the warp is, which part of the face matters, and whom the model finds
 * alike. Cosines of its features throughout.
 */
typedef struct
{
  struct
  {
    float factor;              /* of the warp as it was drawn */
    float displacement;        /* the largest, px */
    float anchor, unwarped;    /* cosine with the anchor; with the same view without the warp */
  } curve[CWB_JUDGEMENT_N_STEPS];
  /* 1 - cosine of the anchor with itself after a small push (4 % of the side, reaching 14 %) about each
   * place, mean of four directions; by rows from the top left. */
  float sweep[CWB_JUDGEMENT_SWEEP_SIDE * CWB_JUDGEMENT_SWEEP_SIDE];
  /* Of the anchor, then of the warp negative: dataset items; none without vectors. */
  guint n_neighbours;
  struct
  {
    guint32 item;
    float similarity;
  } neighbours[2][CWB_JUDGEMENT_N_NEIGHBOURS];
} CwbJudgement;

/**
 * cwb_judgement_new:
 * @scene: with a model whose input has the views' size
 * @vectors: (nullable): of the scene's dataset; their encoder, which need not be the scene's model, finds the
 *   neighbours, where its input has the views' size
 *
 * For a worker thread. Neighbours are others than the face itself and its copies. NULL with one line
 * where the picture cannot be read, where the sizes differ, or when @job was cancelled.
 */
CwbJudgement *cwb_judgement_new (const CwbScene *scene, const CwbVectors *vectors, CwJob *job,
                                 GError **error);
void          cwb_judgement_free (CwbJudgement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbJudgement, cwb_judgement_free)

G_END_DECLS

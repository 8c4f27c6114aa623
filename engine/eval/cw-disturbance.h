/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"
#include "image/cw-pipeline.h"
#include "nn/cw-model.h"

G_BEGIN_DECLS

#define CW_DISTURBANCE_MAX_STRENGTHS 8

/**
 * CwDisturbanceKind:
 *
 * One way to disturb a picture, with the strengths it is tried at, rising from 0 = not at all.
 */
typedef struct
{
  const char *id;   /* "rotation" */
  const char *unit; /* of a strength: "°" */
  int n_strengths;
  float strengths[CW_DISTURBANCE_MAX_STRENGTHS];
} CwDisturbanceKind;

/* Kind @i of those there are: rotation, translation, brightness, blur, jpeg (where such a transform
 * is registered), warp. NULL behind the last. */
const CwDisturbanceKind *_cw_disturbance_get_kind (int i);

/**
 * CwDisturbance:
 *
 * Makes the input of an encoder as cw_preprocess_picture() does, then disturbs it by the pipeline's
 * own transforms and warps. Which way (the sign of a rotation, the direction of a shift, the shape
 * of a warp) is drawn for each picture, by (seed, kind, item) and whatever the strength, so that a
 * curve follows one and the same disturbance as it grows. Several threads may use one.
 */
typedef struct _CwDisturbance CwDisturbance;

/* @warp: of kind "warp"; its field is scaled so that the largest displacement is the strength. */
CwDisturbance *_cw_disturbance_new (const CwDisturbanceKind *kind, const CwWarpClass *warp,
                                    CwDataset *dataset, const CwModel *model, guint64 seed);
void           _cw_disturbance_free (CwDisturbance *disturbance);
/* While no thread uses it. */
void           _cw_disturbance_set_strength (CwDisturbance *disturbance, float strength);
/* A CwFeaturesPrepareFunc. */
void           _cw_disturbance_prepare (guint32 item, const CwImage *image, float *out,
                                        gpointer disturbance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwDisturbance, _cw_disturbance_free)

G_END_DECLS

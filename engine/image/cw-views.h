/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-pipeline.h"

G_BEGIN_DECLS

/* Scaling of the network's input: (rgb - mean) / std with rgb in 0..1. */
typedef struct
{
  int size; /* side of a view, px */
  float mean[3], std[3];
} CwPreprocess;

CwPreprocess cw_preprocess_default (int size); /* mean 0.5, std 0.25 */
/* In place, `[n_pixels, 3]`. */
void         cw_preprocess_apply (const CwPreprocess *preprocess, float *rgb, size_t n_pixels);
/* The whole picture as an encoder sees it when nothing is random: its largest centred square, area
 * or bilinear resampled to size, normalised; grey becomes RGB. @out `[size, size, 3]`. */
void         cw_preprocess_picture (const CwPreprocess *preprocess, const CwImage *image,
                                    float *out);

typedef enum
{
  CW_NEGATIVE_SHARED, /* a negative has the transform of the positive, plus the warp */
  CW_NEGATIVE_FRESH,  /* a transform of its own */
} CwNegativeTransform;

typedef enum
{
  CW_POSITIVE_PLAIN,  /* a global transform only */
  CW_POSITIVE_WARPED, /* and a warp of its own: the control of the claim that warps make negatives */
} CwPositiveWarp;

/* [warp] of an experiment, apart from the family's own parameters. */
typedef struct
{
  int count; /* warp negatives per image, 0..8 */
  int transform; /* CwNegativeTransform */
  int positive;  /* CwPositiveWarp */
  CwWarpCommon common;
} CwNegativeParams;

extern const CwParamSpec cw_negative_specs[];

/**
 * CwViews:
 *
 * The views of one item: 0 is the anchor, 1 the positive (itself warped only as a control), 2.. the warp
 * negatives.
 */
typedef struct
{
  CwPreprocess preprocess;
  CwPipeline *pipeline;
  const CwWarpClass *warp;
  gpointer warp_params;
  CwNegativeParams negatives;
} CwViews;

#define CW_MAX_NEGATIVES 8
#define CW_MAX_VIEWS (2 + CW_MAX_NEGATIVES)

/* Defaults: the pipeline preset `default` (crop, flip, affine, colour-jitter, grey, blur);
 * local-translation, one negative. */
CwViews *cw_views_new (int size);
CwViews *cw_views_copy (const CwViews *views);
void     cw_views_free (CwViews *views);
int      cw_views_count (const CwViews *views);
/* Whether both make the same views of every picture. */
gboolean cw_views_equal (const CwViews *a, const CwViews *b);

/* Draws view @view of (seed, epoch, item). @points: landmarks in normalised source coordinates, of
 * which the first CW_WARP_MAX_POINTS count; those outside the view are not pushed. CW_N_LANDMARKS
 * of them are taken to be in the order of the template, which gives their regions. A negative whose
 * transform is shared has the positive's, so also the steps that are for the positive only. */
void     cw_views_draw (const CwViews *views, guint64 seed, guint32 epoch, guint32 item, int view,
                        int src_w, int src_h, const CwPoint *points, int n_points,
                        CwViewDraw *draw);
/* RGB 0..1 into @out `[size, size, 3]`; the field used into @field (nullable, size x size; zero for
 * a view that is not warped). */
void     cw_views_render (const CwViews *views, const CwViewDraw *draw, const CwImage *source,
                          CwRenderer *renderer, float *out, CwField *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwViews, cw_views_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-view-geometry.h"


G_BEGIN_DECLS

/* What a warp does at one point of a view. */
typedef struct
{
  double x, y;               /* px of the view */
  double dx, dy, length;     /* how far what is shown there was moved, px of the view: to the right, down */
  double det;                /* determinant of the Jacobian of the backward map */
  double source_x, source_y; /* what of the source is shown there, px of it */
} CwbFieldReadout;

/**
 * cwb_field_readout:
 * @field: (nullable): without a warp
 *
 * What is at (@x, @y) of the view, px. FALSE outside of it.
 */
gboolean cwb_field_readout (const CwField *field, const CwbViewGeometry *geometry, double x,
                            double y, CwbFieldReadout *readout);
/* (transfer full): one line. */
char *cwb_field_readout_dup_text (const CwbFieldReadout *readout, gboolean warped);

/* The name of one of the template's landmarks, translated: "left mouth corner"; left in the picture. */
const char *cwb_landmark_get_label (int landmark);

/**
 * cwb_field_dup_summary:
 * @landmarks: (nullable): CW_N_LANDMARKS points after the warp, px of the field
 *
 * (transfer full): what a picture of the field says, for people who do not see it: the largest
 * displacement, where to and where, how much of the view moves, folds.
 */
char *cwb_field_dup_summary (const CwField *field, const CwFieldStats *stats,
                             const CwPoint *landmarks);

G_END_DECLS

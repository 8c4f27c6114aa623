/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-compare.h"
#include "widgets/cwb-picture-view.h"

#include <contrawarp.h>


G_BEGIN_DECLS

#define CWB_TYPE_COMPARE_VIEW (cwb_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbCompareView, cwb_compare_view, CWB, COMPARE_VIEW, CwbPictureView)

typedef enum
{
  CWB_COMPARE_WIPE,       /* one picture left of a divider, the other right of it */
  CWB_COMPARE_DIFFERENCE, /* of lightness, signed */
  CWB_COMPARE_FLICKER,    /* in turn, twice a second; the first alone where animations are off */
  CWB_N_COMPARE_MODES,
} CwbCompareMode;

typedef struct
{
  const char *nick;  /* for actions and settings */
  const char *label; /* to translate */
} CwbCompareModeInfo;

extern const CwbCompareModeInfo cwb_compare_modes[CWB_N_COMPARE_MODES];

/* One of two pictures. */
typedef struct
{
  CwImage *image;
  CwImage *shown;   /* the same, or with as many pixels as are seen of it */
  const char *name; /* for people */
} CwbCompared;

/**
 * CwbCompareView:
 *
 * Two pictures of one size in one place. A view whose negative has its transform beside that negative shows
 * the warp alone. Of a wipe the divider is dragged, or moved by Left and Right, Home and End while focused; Space
 * changes pictures by hand where a flicker stands still.
 */
GtkWidget     *cwb_compare_view_new (void);
/* @difference: (transfer full) (nullable): of the two, where somebody has made it already. */
void           cwb_compare_view_set (CwbCompareView *self, const CwbCompared *before,
                                     const CwbCompared *after, CwbDifference *difference);
void           cwb_compare_view_set_mode (CwbCompareView *self, CwbCompareMode mode);
CwbCompareMode cwb_compare_view_get_mode (CwbCompareView *self);
/* 0..1 of the width. */
void           cwb_compare_view_set_divider (CwbCompareView *self, double divider);
double         cwb_compare_view_get_divider (CwbCompareView *self);
/* Of a flicker: whether the second picture is shown now. */
gboolean       cwb_compare_view_get_shows_after (CwbCompareView *self);

G_END_DECLS

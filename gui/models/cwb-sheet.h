/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-scene.h"

G_BEGIN_DECLS

#define CWB_SHEET_MOST 12 /* rows or columns */

typedef enum
{
  CWB_SHEET_DRAWS, /* one face, a view of many epochs, row by row */
  CWB_SHEET_FACES, /* faces from the scene's on, the same randomness */
  CWB_SHEET_SWEEP, /* one face, one or two parameters from weak to strong */
  CWB_N_SHEET_KINDS,
} CwbSheetKind;

/* A number of the views that can be swept: of the warp ("warp.reach") or of a step ("view.blur.sigma");
 * where there is an X-min and an X-max, X stands for both ("warp.magnitude"). */
typedef struct
{
  char *key;
  char *label; /* for people */
  const CwParamSpec *spec; /* of X-min for a pair */
} CwbSheetParameter;

/* (transfer full) (element-type CwbSheetParameter). */
GPtrArray *cwb_sheet_list_parameters (const CwViews *views);

typedef struct
{
  const char *key; /* (nullable): not swept */
  double from, to;
} CwbSheetSweep;

typedef struct
{
  CwbSheetKind kind;
  int view; /* of the trainer's: 0 anchor, 1 positive, 2.. warp negatives */
  int n_rows, n_columns; /* 1..CWB_SHEET_MOST */
  CwbSheetSweep rows, columns; /* of a sweep */
} CwbSheetSpec;

/**
 * CwbSheet:
 *
 * Many versions of a view side by side, to look at and to print, with all that is needed to make them
 * again.
 */
typedef struct
{
  int n_rows, n_columns;
  CwImage **images;  /* [n_rows * n_columns]; (nullable): that picture could not be read */
  char **row_labels; /* [n_rows]; "" = none */
  char **column_labels;
  char *title;       /* face, view, seed, epoch */
  char *parameters;  /* of the views, a line each */
} CwbSheet;

/* For a worker thread. NULL with one line where no picture can be read, where a value is outside of its
 * parameter's range, or when @job was cancelled. */
CwbSheet *cwb_sheet_new (const CwbScene *scene, const CwbSheetSpec *spec, CwJob *job,
                         GError **error);
void      cwb_sheet_free (CwbSheet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbSheet, cwb_sheet_free)

G_END_DECLS

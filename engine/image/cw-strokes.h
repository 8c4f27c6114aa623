/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-field.h"
#include "image/cw-geometry.h"

G_BEGIN_DECLS

#define CW_STROKES_MAX_DABS 1000

/* What a dab does within its radius. */
typedef enum
{
  CW_DAB_PUSH,   /* what is at the centre moves by (dx, dy) */
  CW_DAB_PINCH,  /* inwards; a negative strength bloats */
  CW_DAB_SWIRL,  /* clockwise by so many radians at the centre; negative: the other way */
  CW_DAB_SMOOTH, /* evens out what was painted before; how much of it, 0..1 */
  CW_N_DAB_KINDS,
} CwDabKind;

/**
 * CwDab:
 *
 * One touch of the brush, in the frame of the face: a unit is the side of a face cropped like the
 * template of landmarks, (0, 0) its upper left corner, x to the right and y down.
 *
 * A painting is dabs in their order: each warps what the earlier ones made. Where u is the backward
 * displacement that there was, c the dab's centre, R its radius, e = p - c and
 * q = (1 - |e|^2 / R^2)^2, nothing changes for |e| >= R; else the new one is
 *
 *   d(p) + u(p + d(p))                 push:  d = -v q, with v = (dx, dy) and e = p - c - v
 *                                      pinch: d = strength q e
 *                                      swirl: e + d is e turned by -2 atan (q tan (strength / 2))
 *   u + strength q (mean of u - u)     smooth: the mean over a square around p whose side is R
 *
 * Formulas are ours.
 */
typedef struct
{
  int kind; /* CwDabKind */
  float x, y, radius;
  float dx, dy;   /* push */
  float strength; /* the others */
} CwDab;

/* "push", "pinch", "swirl", "smooth" */
const char *cw_dab_kind_name (CwDabKind kind);
/* The largest strength of a dab, and the least: nothing within them folds by itself. */
float       cw_dab_max_strength (CwDabKind kind);
float       cw_dab_min_strength (CwDabKind kind);

/**
 * cw_strokes_next:
 * @text: (inout): where to go on; at first the whole, "push X Y RADIUS DX DY; swirl X Y RADIUS
 *   STRENGTH; ..."
 * @n: (inout): dabs read so far
 *
 * Reads the next dab. Allocates nothing unless it fails.
 *
 * Returns: FALSE at the end, and with CW_ERROR_INVALID_CONFIG naming the dab and what is wrong with
 *   it: a kind or a number that is none, a value outside its limits, too few or too many of them, more
 *   than CW_STROKES_MAX_DABS
 */
gboolean cw_strokes_next (const char **text, int *n, CwDab *dab, GError **error);

/* (transfer full) (element-type CwDab): all of them; of an empty text none. */
GArray  *cw_strokes_parse (const char *text, GError **error);
/* (transfer full): what cw_strokes_parse() reads back to the same bits. */
char    *cw_strokes_to_string (const CwDab *dabs, guint n);
/* Whether the text is a painting that a net could notice: it parses, and what is painted on the
 * template's face is not, but for an affine part, next to nothing. */
gboolean cw_strokes_check (const char *text, GError **error);

/* The frame of a face, which takes a dab's units to pixels: affine, from the eyes' and the mouth's
 * corners. @landmarks: all CW_N_LANDMARKS in the template's order. FALSE where they are in a line. */
gboolean cw_strokes_frame (const CwPoint *landmarks, CwMatrix *frame);

/**
 * cw_dab_apply:
 * @frame: affine; its part that is no similarity acts on places and pushes, a brush remains round
 * @field: (inout): what was painted before
 * @scratch: of the same size; overwritten
 *
 * Paints over @field; costs the pixels within the radius. The radius is a pixel at least.
 */
void     cw_dab_apply (const CwDab *dab, const CwMatrix *frame, CwField *field, CwField *scratch);

G_END_DECLS

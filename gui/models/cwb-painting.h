/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

typedef enum
{
  CWB_BRUSH_PUSH,
  CWB_BRUSH_PINCH,
  CWB_BRUSH_BLOAT,
  CWB_BRUSH_SWIRL,
  CWB_BRUSH_SMOOTH,
  CWB_N_BRUSHES,
} CwbBrush;

/* Of a brush: its radius as a fraction of the face. */
#define CWB_PAINTING_LEAST_SIZE 0.02
#define CWB_PAINTING_LARGEST_SIZE 0.5

#define CWB_TYPE_PAINTING (cwb_painting_get_type ())
G_DECLARE_FINAL_TYPE (CwbPainting, cwb_painting, CWB, PAINTING, GObject)

/**
 * CwbPainting:
 *
 * A warp that is being painted: dabs, in strokes from press to release that are undone one by one. Places are
 * in the frame of the face, as of CwDab. What the dabs are is what the text says, to the last digit.
 *
 * ::changed (guint kept) is emitted when dabs come or go: the first @kept of them are those that there were.
 * ::brush-changed is emitted when the next stroke would be another one.
 */
CwbPainting *cwb_painting_new (void);

/* What strokes are painted with from now on; size and strength (0..1) are kept within their limits. */
void         cwb_painting_set_brush (CwbPainting *self, CwbBrush brush);
CwbBrush     cwb_painting_get_brush (CwbPainting *self);
void         cwb_painting_set_size (CwbPainting *self, double size);
double       cwb_painting_get_size (CwbPainting *self);
void         cwb_painting_set_strength (CwbPainting *self, double strength);
double       cwb_painting_get_strength (CwbPainting *self);

/* A stroke, as the pointer goes: it is cut into dabs a part of the radius apart. A push follows the pointer;
 * the other brushes dab where the stroke begins, too. @pressure: 0..1 of the strength. A stroke without a dab
 * leaves nothing. */
void         cwb_painting_begin (CwbPainting *self, double x, double y, double pressure);
void         cwb_painting_move (CwbPainting *self, double x, double y, double pressure);
void         cwb_painting_end (CwbPainting *self);
gboolean     cwb_painting_is_painting (CwbPainting *self); /* between begin and end */

/* Of whole strokes; what was cleared comes back too. A stroke under way ends first. */
void         cwb_painting_undo (CwbPainting *self);
void         cwb_painting_redo (CwbPainting *self);
void         cwb_painting_clear (CwbPainting *self);
gboolean     cwb_painting_can_undo (CwbPainting *self);
gboolean     cwb_painting_can_redo (CwbPainting *self);

/* Lent until the next change. */
const CwDab *cwb_painting_get_dabs (CwbPainting *self, guint *n);
/* No dab fits any more: further ones are left out. */
gboolean     cwb_painting_is_full (CwbPainting *self);

/* (transfer full): as cw_strokes_parse() takes it. */
char        *cwb_painting_dup_text (CwbPainting *self);
/* Puts a text's dabs, as one stroke, in the place of what there is; there is nothing to undo before it.
 * FALSE where cw_strokes_parse() refuses it; then nothing has changed. */
gboolean     cwb_painting_set_text (CwbPainting *self, const char *text, GError **error);

G_END_DECLS

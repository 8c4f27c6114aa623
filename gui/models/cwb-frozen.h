/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * CwbFrozen:
 *
 * Drawn values that are held instead of drawn anew. A value is named by the view that it belongs to
 * (0 anchor, 1 positive, 2.. warp negatives; of the positives of all epochs alike), the step that drew
 * it, or CWB_FROZEN_WARP, and its number: of a step in the order of its transform's `drawn`; of a warp
 * CWB_FROZEN_MAGNITUDE, else 5 * push + 0 (x), 1 (y), 2 (dx), 3 (dy) or 4 (radius). Values for what is not
 * there are kept and change nothing.
 */
typedef struct _CwbFrozen CwbFrozen;

#define CWB_FROZEN_WARP "warp/" /* no step has such a name */
#define CWB_FROZEN_MAGNITUDE (-1)

CwbFrozen *cwb_frozen_new (void);
CwbFrozen *cwb_frozen_copy (const CwbFrozen *self);
void       cwb_frozen_free (CwbFrozen *self);
void       cwb_frozen_set (CwbFrozen *self, int view, const char *step, int number, float value);
/* Drawn again from now on. */
void       cwb_frozen_unset (CwbFrozen *self, int view, const char *step, int number);
void       cwb_frozen_clear (CwbFrozen *self);
gboolean   cwb_frozen_get (const CwbFrozen *self, int view, const char *step, int number,
                           float *value);
guint      cwb_frozen_count (const CwbFrozen *self);
/* The view whose transform @view has: that of the positive where a negative shares it, else its own. */
int        cwb_frozen_get_owner (const CwViews *views, int view);
/* Puts the held values of @view into what was drawn for it: those of the steps, then of the warp. A
 * negative that shares the positive's transform has the positive's values. */
void       cwb_frozen_apply (const CwbFrozen *self, const CwViews *views, int view,
                             CwViewDraw *draw);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbFrozen, cwb_frozen_free)

G_END_DECLS

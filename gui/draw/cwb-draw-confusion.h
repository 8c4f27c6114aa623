/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * cwb_draw_confusion:
 * @counts: `[n, n]`, rows = truth, columns = answer
 * @names: n class names
 *
 * Draws a confusion matrix into 0,0..width,height: each cell shaded by its share of the row, with the
 * count. Needs no display.
 */
void cwb_draw_confusion (cairo_t *cr, double width, double height, const guint *counts, int n,
                         const char *const *names, const CwbPalette *palette);

/* (transfer full): the same for people who do not see it: "neutral: 80 of 100 right, most often taken
 * for sadness (12); ..." */
char *cwb_describe_confusion (const guint *counts, int n, const char *const *names);

G_END_DECLS

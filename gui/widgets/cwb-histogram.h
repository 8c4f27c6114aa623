/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-histogram.h"

#include <gtk/gtk.h>


G_BEGIN_DECLS

#define CWB_TYPE_HISTOGRAM (cwb_histogram_get_type ())
G_DECLARE_FINAL_TYPE (CwbHistogram, cwb_histogram, CWB, HISTOGRAM, GtkWidget)

/**
 * CwbHistogram:
 *
 * How far the pixels of a view were moved, as bars; its accessible name says it in numbers.
 */
GtkWidget *cwb_histogram_new (void);
/* @lengths is copied. */
void       cwb_histogram_set_lengths (CwbHistogram *self, const CwbLengths *lengths);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

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
/* @field: (nullable): looked at now, not kept. */
void       cwb_histogram_set_field (CwbHistogram *self, const CwField *field);

G_END_DECLS

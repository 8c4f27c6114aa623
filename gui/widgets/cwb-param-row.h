/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

/* Called after the block was changed by the person. */
typedef void (*CwbParamChanged) (const CwParamSpec *spec, gpointer user_data);

/**
 * cwb_param_row_new:
 * @block: written on each change; must outlive the row
 *
 * A row for one parameter, made from its table entry: label, unit, range, explanation as tooltip, and
 * a button that puts the default back while it is changed. Of a text that is refused the row says why,
 * and the block keeps its value.
 */
GtkWidget *cwb_param_row_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                              gpointer user_data);

/* The same as a slider with its label above and a mark at the default, for a parameter that is a number;
 * for live previews. */
GtkWidget *cwb_param_slider_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                                 gpointer user_data);
/* Shows what the block holds now; calls nobody. */
void       cwb_param_slider_update (GtkWidget *slider);
/* The same of a row or a slider. */
void       cwb_param_row_update (GtkWidget *row);
/* (nullable): what is to be said about the value of a row, in place of its unit; no sliders. */
void       cwb_param_row_set_remark (GtkWidget *row, const char *remark);
/* What the value is set with, of a row or a slider. */
GtkWidget *cwb_param_row_get_control (GtkWidget *row);

/* Of a spin button or a scale: scrolling a form must not change what the pointer happens to be over, and
 * must go on. */
void       cwb_param_row_stop_scroll (GtkWidget *control);

G_END_DECLS

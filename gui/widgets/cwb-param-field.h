/* SPDX-License-Identifier: MIT */
#pragma once

#include "widgets/cwb-param-row.h"

G_BEGIN_DECLS

/**
 * cwb_param_field_new:
 * @block: written on each change; must outlive the field
 *
 * A row of a boxed list for one parameter: a slider for numbers that one can be found for by hand, else
 * a CwbParamRow; and room for a remark.
 */
GtkWidget *cwb_param_field_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                                gpointer user_data);
/* Shows what the block holds now; calls nobody. */
void       cwb_param_field_update (GtkWidget *field);
/* (nullable): what is to be said about the value; NULL takes it away. */
void       cwb_param_field_set_remark (GtkWidget *field, const char *remark);
/* The slider, spin button, switch ... */
GtkWidget *cwb_param_field_get_control (GtkWidget *field);

G_END_DECLS

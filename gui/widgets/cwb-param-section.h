/* SPDX-License-Identifier: MIT */
#pragma once

#include "widgets/cwb-param-row.h"

G_BEGIN_DECLS

/**
 * CwbParamSection:
 *
 * The fields of one section of an experiment: keeps "x-min" <= "x-max" (the one that was not moved gives
 * way) and brings remarks to the fields they are about. A field's widget name is "SECTION.KEY". Each
 * field holds a reference.
 */
typedef struct _CwbParamSection CwbParamSection;

/* @name: "view.crop". @changed is called once after each change by the person, the partner's included. */
CwbParamSection *cwb_param_section_new (const char *name, CwbParamChanged changed,
                                        gpointer user_data);
void             cwb_param_section_unref (CwbParamSection *self);
const char      *cwb_param_section_get_name (const CwbParamSection *self);
/* (transfer floating): the field, for a list. */
GtkWidget       *cwb_param_section_add (CwbParamSection *self, const CwParamSpec *spec,
                                        gpointer block);
/* The fields show those of @remarks (CwExperimentRemark) that are about them. */
void             cwb_param_section_set_remarks (CwbParamSection *self, const GPtrArray *remarks);

G_END_DECLS

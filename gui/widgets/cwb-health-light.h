/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_HEALTH_LIGHT (cwb_health_light_get_type ())
G_DECLARE_FINAL_TYPE (CwbHealthLight, cwb_health_light, CWB, HEALTH_LIGHT, GtkWidget)

/**
 * CwbHealthLight:
 *
 * The health of a run in an icon, a word and a colour; tooltip and accessible name say what was
 * noticed.
 */
GtkWidget *cwb_health_light_new (void);
/* @remarks: (nullable): lines about something else that is worth a warning. */
void       cwb_health_light_set_flags (CwbHealthLight *self, const CwHealthFlag *flags, guint n,
                                       const char *remarks);
/* Lines for people, translated, the worst first, @remarks last: (transfer full); "" without any. */
char      *cwb_health_light_dup_lines (const CwHealthFlag *flags, guint n, const char *remarks);

G_END_DECLS

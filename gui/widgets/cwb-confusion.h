/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_CONFUSION (cwb_confusion_get_type ())
G_DECLARE_FINAL_TYPE (CwbConfusion, cwb_confusion, CWB, CONFUSION, GtkWidget)

/* A confusion matrix; see cwb_draw_confusion(). */
GtkWidget *cwb_confusion_new (void);
/* Copies. n = 0 shows nothing. */
void       cwb_confusion_set (CwbConfusion *self, const guint *counts, int n,
                              const char *const *names);

G_END_DECLS

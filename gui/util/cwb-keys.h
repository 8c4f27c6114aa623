/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A key, with @modifiers, and the action that it activates, which has no parameter. */
typedef struct
{
  guint key;
  GdkModifierType modifiers;
  const char *action;
} CwbKey;

/* From now on the @n @keys (which are kept, not copied) activate their actions from @widget,
 * wherever in its window the focus is, but only while @widget is on screen. */
void cwb_keys_add (GtkWidget *widget, const CwbKey *keys, gsize n);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-warp-list.h"

#include "widgets/cwb-param-section.h"

#include <glib/gi18n.h>

struct _CwbWarpList
{
  GtkWidget parent_instance;

  CwRecipe *recipe; /* (nullable), lent */
  GPtrArray *families; /* const CwDescriptor * */
  CwbParamSection *section; /* (nullable): the fields there are */
  GtkWidget *box, *family_row, *family, *description, *own, *shared;
  gboolean building;
};

G_DEFINE_FINAL_TYPE (CwbWarpList, cwb_warp_list, GTK_TYPE_WIDGET)

static guint edited_signal;

static void
on_field (const CwParamSpec *spec, gpointer user_data)
{
  CwbWarpList *self = user_data;
  /* Translators: an edit that can be undone: a parameter of the warp */
  g_autofree char *label
      = g_strdup_printf (_ ("Warp: %s"), g_dgettext (GETTEXT_PACKAGE, spec->label));
  g_autofree char *key = g_strconcat ("warp.", spec->id, NULL);

  g_signal_emit (self, edited_signal, 0, label, key);
}

/* ---- fields ---- */

/* All rows but @kept. */
static void
clear_list (GtkWidget *list, GtkWidget *kept)
{
  GtkWidget *row = gtk_widget_get_first_child (list), *next;

  for (; row != NULL; row = next)
    {
      next = gtk_widget_get_next_sibling (row);
      if (row != kept)
        gtk_list_box_remove (GTK_LIST_BOX (list), row);
    }
}

static void
take_fields_away (CwbWarpList *self)
{
  clear_list (self->own, self->family_row);
  clear_list (self->shared, NULL);
  g_clear_pointer (&self->section, cwb_param_section_unref);
}

static void
add_fields (CwbWarpList *self, GtkWidget *list, const CwParamSpec *specs, gpointer block)
{
  for (const CwParamSpec *spec = specs; spec != NULL && spec->id != NULL; spec++)
    gtk_list_box_append (GTK_LIST_BOX (list), cwb_param_section_add (self->section, spec, block));
}

static void
show_family (CwbWarpList *self)
{
  const CwDescriptor *warp = &self->recipe->views->warp->base;
  guint position;

  self->building = TRUE;
  if (g_ptr_array_find (self->families, warp, &position))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->family), position);
  self->building = FALSE;
  gtk_label_set_text (GTK_LABEL (self->description),
                      g_dgettext (GETTEXT_PACKAGE, warp->description));
}

static void
build (CwbWarpList *self)
{
  CwViews *views = self->recipe->views;

  show_family (self);
  self->section = cwb_param_section_new ("warp", on_field, self);
  add_fields (self, self->own, views->warp->base.params, views->warp_params);
  add_fields (self, self->shared, cw_negative_specs, &views->negatives);
}

static void
on_family (CwbWarpList *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->family));
  const CwDescriptor *warp;
  g_autofree char *label = NULL;

  if (self->building || self->recipe == NULL || chosen >= self->families->len)
    return;
  warp = self->families->pdata[chosen];
  take_fields_away (self);
  cw_recipe_set_warp (self->recipe, warp->id, NULL);
  build (self);
  /* Translators: an edit that can be undone; the name of a family of warps */
  label = g_strdup_printf (_ ("Warp “%s”"), g_dgettext (GETTEXT_PACKAGE, warp->label));
  g_signal_emit (self, edited_signal, 0, label, NULL);
}

void
cwb_warp_list_set_recipe (CwbWarpList *self, CwRecipe *recipe)
{
  g_return_if_fail (CWB_IS_WARP_LIST (self));

  take_fields_away (self);
  self->recipe = recipe;
  if (recipe != NULL)
    build (self);
}

void
cwb_warp_list_set_remarks (CwbWarpList *self, const GPtrArray *remarks)
{
  if (self->section != NULL)
    cwb_param_section_set_remarks (self->section, remarks);
}

/* ---- object ---- */

static GtkWidget *
make_family (CwbWarpList *self)
{
  GtkStringList *labels = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->families->len; i++)
    {
      const CwDescriptor *warp = self->families->pdata[i];

      gtk_string_list_append (labels, g_dgettext (GETTEXT_PACKAGE, warp->label));
    }
  self->family = gtk_drop_down_new (G_LIST_MODEL (labels), NULL);
  gtk_widget_set_hexpand (self->family, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->family), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Family of warps"), -1);
  gtk_widget_set_tooltip_text (self->family, _ ("Family of warps"));
  g_signal_connect_swapped (self->family, "notify::selected", G_CALLBACK (on_family), self);
  return self->family;
}

/* A family's name is as long as the side bar is wide: the description is below it. */
static GtkWidget *
make_family_row (CwbWarpList *self)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *description = gtk_label_new (NULL);

  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_label_set_xalign (GTK_LABEL (description), 0);
  gtk_label_set_wrap (GTK_LABEL (description), TRUE);
  gtk_widget_add_css_class (description, "caption");
  gtk_widget_add_css_class (description, "dim-label");
  gtk_box_append (GTK_BOX (box), make_family (self));
  gtk_box_append (GTK_BOX (box), description);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  self->description = description;
  return row;
}

static GtkWidget *
add_list (CwbWarpList *self, const char *title)
{
  GtkWidget *heading = gtk_label_new (title), *list = gtk_list_box_new ();

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_set_margin_top (heading, 6);
  gtk_widget_add_css_class (heading, "heading");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append (GTK_BOX (self->box), heading);
  gtk_box_append (GTK_BOX (self->box), list);
  return list;
}

static void
cwb_warp_list_dispose (GObject *object)
{
  CwbWarpList *self = CWB_WARP_LIST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->section, cwb_param_section_unref);
  g_clear_pointer (&self->families, g_ptr_array_unref);
  G_OBJECT_CLASS (cwb_warp_list_parent_class)->dispose (object);
}

static void
cwb_warp_list_class_init (CwbWarpListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_warp_list_dispose;
  edited_signal = g_signal_new ("edited", CWB_TYPE_WARP_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
cwb_warp_list_init (CwbWarpList *self)
{
  self->families = cw_registry_list (CW_KIND_WARP);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  self->own = add_list (self, _ ("Warp"));
  self->family_row = make_family_row (self);
  gtk_list_box_append (GTK_LIST_BOX (self->own), self->family_row);
  self->shared = add_list (self, _ ("Warp Negatives"));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
cwb_warp_list_new (void)
{
  return g_object_new (CWB_TYPE_WARP_LIST, NULL);
}

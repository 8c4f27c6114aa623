/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-health-light.h"

#include <glib/gi18n.h>

struct _CwbHealthLight
{
  GtkWidget parent_instance;

  GtkWidget *icon, *label;
  char *lines; /* shown; NULL before the first */
};

G_DEFINE_FINAL_TYPE (CwbHealthLight, cwb_health_light, GTK_TYPE_WIDGET)

/* By level. */
static const struct
{
  const char *icon, *text, *css;
} looks[] = {
  { "emblem-ok-symbolic", N_ ("No problem seen"), "success" },
  { "dialog-warning-symbolic", N_ ("Warning"), "warning" },
  { "dialog-error-symbolic", N_ ("Collapse"), "error" },
};

char *
cwb_health_light_dup_lines (const CwHealthFlag *flags, guint n, const char *remarks)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (int level = CW_HEALTH_COLLAPSE; level > CW_HEALTH_GOOD; level--)
    {
      for (guint i = 0; i < n; i++)
        {
          gboolean later = FALSE;

          /* A cause that became worse is told once. */
          for (guint j = i + 1; j < n; j++)
            later = later || flags[j].cause == flags[i].cause;
          if (later || (int) flags[i].level != level)
            continue;
          if (lines->len > 0)
            g_string_append_c (lines, '\n');
          g_string_append_printf (lines, _ ("Step %'lu: %s."), (gulong) flags[i].step + 1,
                                  g_dgettext (GETTEXT_PACKAGE, cw_health_flag_text (&flags[i])));
        }
    }
  if (lines->len > 0 && remarks != NULL)
    g_string_append_c (lines, '\n');
  g_string_append (lines, remarks != NULL ? remarks : "");
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

void
cwb_health_light_set_flags (CwbHealthLight *self, const CwHealthFlag *flags, guint n,
                            const char *remarks)
{
  CwHealthLevel worst = cw_health_worst (flags, n);
  CwHealthLevel level = remarks != NULL ? MAX (worst, CW_HEALTH_WARNING) : worst;
  g_autofree char *lines = cwb_health_light_dup_lines (flags, n, remarks);
  const char *text = _ (looks[level].text);
  g_autofree char *name = g_strdup_printf (_ ("Health of the run: %s"), text);
  g_autofree char *all = *lines != '\0' ? g_strdup_printf ("%s\n%s", name, lines) : g_strdup (name);

  g_return_if_fail (CWB_IS_HEALTH_LIGHT (self));

  /* It is told again at every step. */
  if (g_strcmp0 (lines, self->lines) == 0)
    return;
  g_free (self->lines);
  self->lines = g_strdup (lines);
  for (size_t i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), looks[i].css);
  gtk_widget_add_css_class (GTK_WIDGET (self), looks[level].css);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), looks[level].icon);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), all);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, lines, -1);
}

static void
cwb_health_light_dispose (GObject *object)
{
  CwbHealthLight *self = CWB_HEALTH_LIGHT (object);

  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (cwb_health_light_parent_class)->dispose (object);
}

static void
cwb_health_light_finalize (GObject *object)
{
  g_free (CWB_HEALTH_LIGHT (object)->lines);
  G_OBJECT_CLASS (cwb_health_light_parent_class)->finalize (object);
}

static void
cwb_health_light_class_init (CwbHealthLightClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_health_light_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_health_light_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
cwb_health_light_init (CwbHealthLight *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  /* The widget's own name says what they show. */
  self->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             NULL);
  self->label = gtk_label_new (NULL);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  cwb_health_light_set_flags (self, NULL, 0, NULL);
}

GtkWidget *
cwb_health_light_new (void)
{
  return g_object_new (CWB_TYPE_HEALTH_LIGHT, NULL);
}

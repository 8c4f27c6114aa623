/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-param-section.h"

#include "widgets/cwb-param-field.h"

#include <string.h>

typedef struct
{
  GtkWidget *field; /* lent */
  const CwParamSpec *spec;
  gpointer block;
} Entry;

struct _CwbParamSection
{
  char *name;
  CwbParamChanged changed;
  gpointer user_data;
  GPtrArray *entries; /* Entry */
};

CwbParamSection *
cwb_param_section_new (const char *name, CwbParamChanged changed, gpointer user_data)
{
  CwbParamSection *self = g_rc_box_new0 (CwbParamSection);

  self->name = g_strdup (name);
  self->changed = changed;
  self->user_data = user_data;
  self->entries = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
clear (gpointer data)
{
  CwbParamSection *self = data;

  g_free (self->name);
  g_ptr_array_unref (self->entries);
}

void
cwb_param_section_unref (CwbParamSection *self)
{
  g_rc_box_release_full (self, clear);
}

const char *
cwb_param_section_get_name (const CwbParamSection *self)
{
  return self->name;
}

static const Entry *
find_entry (const CwbParamSection *self, const char *id, gconstpointer block)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];

      if (g_str_equal (entry->spec->id, id) && entry->block == block)
        return entry;
    }
  return NULL;
}

/* "x-min" pushes "x-max" up before it, "x-max" pushes "x-min" down. */
static void
push_partner (CwbParamSection *self, const Entry *moved)
{
  gboolean is_min = g_str_has_suffix (moved->spec->id, "-min");
  g_autofree char *id = NULL;
  const Entry *partner;
  double value, other;

  if (!is_min && !g_str_has_suffix (moved->spec->id, "-max"))
    return;
  id = g_strdup (moved->spec->id);
  memcpy (id + strlen (id) - 3, is_min ? "max" : "min", 3);
  partner = find_entry (self, id, moved->block);
  if (partner == NULL)
    return;
  value = cw_params_get_number (moved->spec, moved->block);
  other = cw_params_get_number (partner->spec, partner->block);
  if (is_min ? other >= value : other <= value)
    return;
  cw_params_set_number (partner->spec, partner->block, value, NULL);
  cwb_param_field_update (partner->field);
}

static void
on_changed (const CwParamSpec *spec, gpointer user_data)
{
  CwbParamSection *self = user_data;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];

      if (entry->spec == spec)
        push_partner (self, entry);
    }
  self->changed (spec, self->user_data);
}

GtkWidget *
cwb_param_section_add (CwbParamSection *self, const CwParamSpec *spec, gpointer block)
{
  g_autofree char *name = g_strconcat (self->name, ".", spec->id, NULL);
  Entry *entry = g_new (Entry, 1);

  *entry = (Entry){ cwb_param_field_new (spec, block, on_changed, self), spec, block };
  gtk_widget_set_name (entry->field, name);
  g_object_set_data_full (G_OBJECT (entry->field), "cwb-param-section", g_rc_box_acquire (self),
                          (GDestroyNotify) cwb_param_section_unref);
  g_ptr_array_add (self->entries, entry);
  return entry->field;
}

void
cwb_param_section_set_remarks (CwbParamSection *self, const GPtrArray *remarks)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];
      const char *message = NULL;

      for (guint k = 0; k < remarks->len && message == NULL; k++)
        {
          const CwExperimentRemark *remark = remarks->pdata[k];

          if (g_str_equal (remark->section, self->name) && g_str_equal (remark->key, entry->spec->id))
            message = remark->message;
        }
      cwb_param_field_set_remark (entry->field, message);
    }
}

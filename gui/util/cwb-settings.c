/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-settings.h"

GSettings *
cwb_settings_get (void)
{
  static gsize once;
  static GSettings *settings;

  if (g_once_init_enter (&once))
    {
      GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
      g_autoptr (GSettingsSchema) schema = NULL;

      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, CWB_APP_ID, TRUE);
      if (schema != NULL)
        settings = g_settings_new_full (schema, NULL, NULL);
      g_once_init_leave (&once, 1);
    }
  return settings;
}

/* An older schema of another installation may lack the key. */
static gboolean
has_key (const char *key)
{
  g_autoptr (GSettingsSchema) schema = NULL;

  if (cwb_settings_get () == NULL)
    return FALSE;
  g_object_get (cwb_settings_get (), "settings-schema", &schema, NULL);
  return g_settings_schema_has_key (schema, key);
}

char *
cwb_settings_dup_string (const char *key, const char *fallback)
{
  return has_key (key) ? g_settings_get_string (cwb_settings_get (), key) : g_strdup (fallback);
}

void
cwb_settings_set_string (const char *key, const char *value)
{
  if (has_key (key))
    g_settings_set_string (cwb_settings_get (), key, value);
}

GVariant *
cwb_settings_dup_value (const char *key)
{
  return has_key (key) ? g_settings_get_value (cwb_settings_get (), key) : NULL;
}

void
cwb_settings_set_value (const char *key, GVariant *value)
{
  g_autoptr (GVariant) own = g_variant_ref_sink (value);

  if (has_key (key))
    g_settings_set_value (cwb_settings_get (), key, own);
}

gboolean
cwb_settings_get_boolean (const char *key, gboolean fallback)
{
  return has_key (key) ? g_settings_get_boolean (cwb_settings_get (), key) : fallback;
}

void
cwb_settings_bind (const char *key, gpointer object, const char *property)
{
  if (has_key (key))
    g_settings_bind (cwb_settings_get (), key, object, property, G_SETTINGS_BIND_DEFAULT);
}

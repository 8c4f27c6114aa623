/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-registry.h"

#include "base/cw-error.h"

#include <string.h>

typedef struct
{
  const CwDescriptor *descriptor;
  char *source;
} Entry;

static GMutex lock;
static GArray *entries[CW_N_KINDS]; /* of Entry; guarded by lock */

static const char *const kind_names[CW_N_KINDS]
    = { "transforms", "warps",   "objectives", "encoders",     "optimizers",
        "evaluators", "readers", "detectors",  "communicators" };

const char *
cw_kind_name (CwKind kind)
{
  g_return_val_if_fail (kind < CW_N_KINDS, NULL);
  return kind_names[kind];
}

/* With the lock held. */
static Entry *
find_entry (CwKind kind, const char *id)
{
  for (guint i = 0; entries[kind] != NULL && i < entries[kind]->len; i++)
    {
      Entry *entry = &g_array_index (entries[kind], Entry, i);

      if (strcmp (entry->descriptor->id, id) == 0)
        return entry;
    }
  return NULL;
}

gboolean
cw_registry_add (const CwDescriptor *descriptor, const char *source, GError **error)
{
  gboolean ok = FALSE;

  if (descriptor->abi != CW_ABI_VERSION || descriptor->kind >= CW_N_KINDS)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_PLUGIN_ABI,
                   "%s: made for interface version %u, this program has %u; rebuild the plugin",
                   source, descriptor->abi, CW_ABI_VERSION);
      return FALSE;
    }
  g_mutex_lock (&lock);
  if (entries[descriptor->kind] == NULL)
    entries[descriptor->kind] = g_array_new (FALSE, FALSE, sizeof (Entry));
  if (find_entry (descriptor->kind, descriptor->id) != NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_PLUGIN_LOAD, "%s: %s '%s' is already registered",
                 source, kind_names[descriptor->kind], descriptor->id);
  else
    {
      Entry entry = { descriptor, g_strdup (source) };

      g_array_append_val (entries[descriptor->kind], entry);
      ok = TRUE;
    }
  g_mutex_unlock (&lock);
  return ok;
}

const CwDescriptor *
cw_registry_find (CwKind kind, const char *id, GError **error)
{
  const CwDescriptor *found = NULL;
  Entry *entry;

  g_return_val_if_fail (kind < CW_N_KINDS, NULL);

  g_mutex_lock (&lock);
  entry = find_entry (kind, id);
  if (entry != NULL)
    found = entry->descriptor;
  else
    {
      g_autoptr (GString) known = g_string_new (NULL);

      for (guint i = 0; entries[kind] != NULL && i < entries[kind]->len; i++)
        g_string_append_printf (known, "%s%s", i > 0 ? ", " : "",
                                g_array_index (entries[kind], Entry, i).descriptor->id);
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "no '%s' among the %s; there is %s", id,
                   kind_names[kind], known->len > 0 ? known->str : "none");
    }
  g_mutex_unlock (&lock);
  return found;
}

const char *
cw_registry_get_source (const CwDescriptor *descriptor)
{
  const char *source = NULL;
  Entry *entry;

  g_mutex_lock (&lock);
  entry = find_entry (descriptor->kind, descriptor->id);
  if (entry != NULL)
    source = entry->source;
  g_mutex_unlock (&lock);
  return source;
}

GPtrArray *
cw_registry_list (CwKind kind)
{
  GPtrArray *list = g_ptr_array_new ();

  g_return_val_if_fail (kind < CW_N_KINDS, list);

  g_mutex_lock (&lock);
  for (guint i = 0; entries[kind] != NULL && i < entries[kind]->len; i++)
    g_ptr_array_add (list, (gpointer) g_array_index (entries[kind], Entry, i).descriptor);
  g_mutex_unlock (&lock);
  return list;
}

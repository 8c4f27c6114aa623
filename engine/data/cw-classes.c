/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-classes.h"

#include "data/cw-emotion.h"

#include <string.h>

struct _CwClasses
{
  GHashTable *labels; /* name as seen -> label index + 1, 0 before they are added */
};

CwClasses *
_cw_classes_new (void)
{
  CwClasses *classes = g_new0 (CwClasses, 1);

  classes->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return classes;
}

void
_cw_classes_free (CwClasses *classes)
{
  if (classes == NULL)
    return;
  g_hash_table_unref (classes->labels);
  g_free (classes);
}

void
_cw_classes_see (CwClasses *classes, const char *name)
{
  if (*name != '\0' && !g_hash_table_contains (classes->labels, name))
    g_hash_table_insert (classes->labels, g_strdup (name), NULL);
}

static gboolean
is_number (const char *text)
{
  size_t n = strspn (text, "0123456789");

  return n > 0 && n < 10 && text[n] == '\0';
}

static int
compare_classes (gconstpointer a, gconstpointer b)
{
  const char *first = *(const char *const *) a, *second = *(const char *const *) b;
  /* Those that are none come last. */
  guint emotion = (guint) cw_emotion_parse (first), other = (guint) cw_emotion_parse (second);

  if (emotion != other)
    return emotion < other ? -1 : 1;
  if (is_number (first) != is_number (second))
    return is_number (first) ? -1 : 1;
  if (is_number (first))
    {
      gint64 difference = g_ascii_strtoll (first, NULL, 10) - g_ascii_strtoll (second, NULL, 10);

      if (difference != 0)
        return difference < 0 ? -1 : 1;
    }
  return strcmp (first, second);
}

void
_cw_classes_add_labels (CwClasses *classes, CwDataset *dataset)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, classes->labels);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (names, key);
  g_ptr_array_sort (names, compare_classes);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      int emotion = cw_emotion_parse (name);
      int label = cw_dataset_add_label (
          dataset, emotion >= 0 ? cw_emotion_name ((CwEmotion) emotion) : name);

      g_hash_table_insert (classes->labels, g_strdup (name), GINT_TO_POINTER (label + 1));
    }
}

int
_cw_classes_find (CwClasses *classes, const char *name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (classes->labels, name)) - 1;
}

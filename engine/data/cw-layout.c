/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-layout.h"

#include "base/cw-error.h"
#include "base/cw-paths.h"
#include "data/cw-picture.h"

#include <string.h>

CwSplit
_cw_layout_parse_split (const char *text)
{
  static const struct
  {
    const char *word;
    CwSplit split;
  } words[] = {
    { "train", CW_SPLIT_TRAIN },     { "training", CW_SPLIT_TRAIN },
    { "train_set", CW_SPLIT_TRAIN }, { "val", CW_SPLIT_VALID },
    { "valid", CW_SPLIT_VALID },     { "validation", CW_SPLIT_VALID },
    { "val_set", CW_SPLIT_VALID },   { "dev", CW_SPLIT_VALID },
    { "test", CW_SPLIT_TEST },       { "testing", CW_SPLIT_TEST },
    { "test_set", CW_SPLIT_TEST },   { "development", CW_SPLIT_VALID },
    { "publictest", CW_SPLIT_VALID }, { "privatetest", CW_SPLIT_TEST },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_ascii_strcasecmp (text, words[i].word) == 0)
        return words[i].split;
    }
  return CW_SPLIT_NONE;
}

gboolean
_cw_layout_check_split (CwCsv *csv, const char *path, const char *name, guint column, GError **error)
{
  const char *word = cw_csv_get_field (csv, column);

  if (cw_csv_is_missing (word) || _cw_layout_parse_split (word) != CW_SPLIT_NONE)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
               "%s:%u: %s = '%s' is none of train, valid, test, nor another word for one of them; "
               "correct it, leave it empty, or rename the column",
               path, cw_csv_get_line (csv), name, word);
  return FALSE;
}

char *
_cw_layout_find_child (const char *folder, const char *name)
{
  g_autofree char *exact = g_build_filename (folder, name, NULL);
  g_autofree char *found = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *child;

  if (g_file_test (exact, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&exact);
  dir = g_dir_open (folder, 0, NULL);
  /* The first in byte order, should several differ in nothing but case. */
  while (dir != NULL && (child = g_dir_read_name (dir)) != NULL)
    {
      if (g_ascii_strcasecmp (child, name) == 0 && (found == NULL || strcmp (child, found) < 0))
        {
          g_free (found);
          found = g_strdup (child);
        }
    }
  return found != NULL ? g_build_filename (folder, found, NULL) : NULL;
}

typedef struct
{
  char *name;
  gboolean used;
} Entry;

struct _CwFolderIndex
{
  GHashTable *entries; /* lower-case name -> Entry */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry);
}

CwFolderIndex *
_cw_folder_index_new (const char *folder)
{
  CwFolderIndex *index = g_new0 (CwFolderIndex, 1);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  index->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *key = g_ascii_strdown (name, -1);
      Entry *entry = g_hash_table_lookup (index->entries, key);

      if (*name == '.' || (entry != NULL && strcmp (entry->name, name) < 0))
        continue;
      entry = g_new0 (Entry, 1);
      entry->name = g_strdup (name);
      g_hash_table_replace (index->entries, g_steal_pointer (&key), entry);
    }
  return index;
}

void
_cw_folder_index_free (CwFolderIndex *index)
{
  if (index == NULL)
    return;
  g_hash_table_unref (index->entries);
  g_free (index);
}

const char *
_cw_folder_index_find (CwFolderIndex *index, const char *name)
{
  g_autofree char *key = g_ascii_strdown (name, -1);
  Entry *entry = g_hash_table_lookup (index->entries, key);

  if (entry == NULL)
    return NULL;
  entry->used = TRUE;
  return entry->name;
}

GPtrArray *
_cw_folder_index_list_unused (CwFolderIndex *index)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, index->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (!entry->used && cw_picture_has_extension (entry->name))
        g_ptr_array_add (names, entry->name);
    }
  g_ptr_array_sort (names, cw_paths_compare);
  return names;
}

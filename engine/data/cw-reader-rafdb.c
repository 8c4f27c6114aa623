/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-emotion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* RAF-DB basic: EmoLabel/list_patition_label.txt (the release's own spelling) with lines
 * "train_00001.jpg 5", and Image/aligned/train_00001_aligned.jpg. The prefix of the name is the split.
 * Copies differ in case, in spelling, and in whether names already say _aligned. */

static const CwEmotion codes[7]
    = { CW_EMOTION_SURPRISE, CW_EMOTION_FEAR,  CW_EMOTION_DISGUST, CW_EMOTION_HAPPINESS,
        CW_EMOTION_SADNESS,  CW_EMOTION_ANGER, CW_EMOTION_NEUTRAL };

static const char *const list_names[]
    = { "list_patition_label.txt", "list_partition_label.txt", NULL };
static const char *const picture_folders[] = { "aligned", "aligned_224", "original", NULL };

/* (transfer full): @parent's child called @name, whatever the case; NULL if there is none. */
static char *
find_child (const char *parent, const char *name)
{
  g_autofree char *exact = g_build_filename (parent, name, NULL);
  g_autoptr (GDir) dir = NULL;
  const char *child;

  if (g_file_test (exact, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&exact);
  dir = g_dir_open (parent, 0, NULL);
  while (dir != NULL && (child = g_dir_read_name (dir)) != NULL)
    {
      if (g_ascii_strcasecmp (child, name) == 0)
        return g_build_filename (parent, child, NULL);
    }
  return NULL;
}

/* The folder that holds EmoLabel: @location itself or its "basic". */
static char *
find_root (const char *location)
{
  g_autofree char *labels = find_child (location, "EmoLabel");
  g_autofree char *basic = NULL;

  if (labels != NULL)
    return g_strdup (location);
  basic = find_child (location, "basic");
  if (basic == NULL)
    return NULL;
  labels = find_child (basic, "EmoLabel");
  return labels != NULL ? g_steal_pointer (&basic) : NULL;
}

static char *
find_list (const char *root)
{
  g_autofree char *labels = find_child (root, "EmoLabel");

  for (int i = 0; labels != NULL && list_names[i] != NULL; i++)
    {
      char *list = find_child (labels, list_names[i]);

      if (list != NULL)
        return list;
    }
  return NULL;
}

/* Lower-case file name -> path relative to the root, over all picture folders; the first folder that
 * has a name wins. Built once, because copies differ in case. */
static GHashTable *
index_pictures (const char *root)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *image = find_child (root, "Image");

  for (int i = 0; image != NULL && picture_folders[i] != NULL; i++)
    {
      g_autofree char *folder = find_child (image, picture_folders[i]);
      g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *key = g_ascii_strdown (name, -1);

          if (!g_hash_table_contains (index, key))
            g_hash_table_insert (index, g_steal_pointer (&key),
                                 g_build_filename (folder, name, NULL));
        }
    }
  return index;
}

static const char *
find_picture (GHashTable *index, const char *name)
{
  g_autofree char *key = g_ascii_strdown (name, -1);
  const char *dot = strrchr (key, '.');
  const char *path;
  g_autofree char *aligned = NULL;

  if (dot != NULL && strstr (key, "_aligned") == NULL)
    {
      aligned = g_strdup_printf ("%.*s_aligned%s", (int) (dot - key), key, dot);
      path = g_hash_table_lookup (index, aligned);
      if (path != NULL)
        return path;
    }
  return g_hash_table_lookup (index, key);
}

static void
read_line (CwDataset *dataset, GHashTable *index, char *line, guint number)
{
  g_autofree char *where = g_strdup_printf ("%s:%u", list_names[0], number);
  g_auto (GStrv) fields = NULL;
  const char *path;
  CwSplit split;

  g_strdelimit (line, "\t\r,", ' ');
  g_strstrip (line);
  if (*line == '\0')
    return;
  /* The label is behind the last blank, so that a name with blanks is no trap. */
  {
    char *blank = strrchr (line, ' ');

    if (blank == NULL || strlen (blank + 1) != 1 || blank[1] < '1' || blank[1] > '7')
      {
        cw_dataset_reject (dataset, where, "not a line of file name and label 1 to 7");
        return;
      }
    *blank = '\0';
    fields = g_new0 (char *, 3);
    fields[0] = g_strchomp (g_strdup (line));
    fields[1] = g_strdup (blank + 1);
  }
  if (g_ascii_strncasecmp (fields[0], "train", 5) == 0)
    split = CW_SPLIT_TRAIN;
  else if (g_ascii_strncasecmp (fields[0], "test", 4) == 0)
    split = CW_SPLIT_TEST;
  else
    {
      cw_dataset_reject (dataset, fields[0], "its name begins neither with train nor with test");
      return;
    }
  path = find_picture (index, fields[0]);
  if (path == NULL)
    cw_dataset_reject (dataset, fields[0], "listed, but there is no such picture");
  else
    cw_dataset_add_item (dataset, fields[0], path, (int) codes[*fields[1] - '1'], -1, split, NULL);
}

static int
rafdb_probe (const char *location)
{
  g_autofree char *root = find_root (location);
  g_autofree char *list = root != NULL ? find_list (root) : NULL;

  return list != NULL ? 95 : 0;
}

static CwDataset *
rafdb_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autofree char *root = find_root (location);
  g_autofree char *list = root != NULL ? find_list (root) : NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GHashTable) index = NULL;
  g_autoptr (CwDataset) dataset = NULL;

  if (list == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: no EmoLabel/%s in it or in its folder basic", location, list_names[0]);
      return NULL;
    }
  if (!g_file_get_contents (list, &text, NULL, error))
    return NULL;
  dataset = cw_dataset_new (location, "rafdb");
  cw_emotion_add_labels (dataset, CW_EMOTION_CONTEMPT);
  index = index_pictures (root);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (i % 512 == 0 && !cw_job_progress (job, -1, NULL, error))
        return NULL;
      read_line (dataset, index, lines[i], i + 1);
    }
  return g_steal_pointer (&dataset);
}

const CwReaderClass cw_reader_rafdb = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "rafdb",
            .label = N_("RAF-DB basic"),
            .description = N_("EmoLabel/list_patition_label.txt and Image/aligned, official split") },
  .probe = rafdb_probe,
  .open = rafdb_open,
};

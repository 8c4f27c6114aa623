/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-emotion.h"
#include "data/cw-layout.h"
#include "data/cw-walk.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* RAF-DB basic: EmoLabel/list_patition_label.txt (the release's own spelling) with lines
 * "train_00001.jpg 5", and Image/aligned/train_00001_aligned.jpg. The prefix of the name is the split.
 * Copies differ in case, in spelling, in whether names already say _aligned, and some have train.txt
 * and test.txt instead of the one list. Another copy has folders only: DATASET/train/1 ... 7. */

#define N_CLASSES 7

static const CwEmotion codes[N_CLASSES]
    = { CW_EMOTION_SURPRISE, CW_EMOTION_FEAR,  CW_EMOTION_DISGUST, CW_EMOTION_HAPPINESS,
        CW_EMOTION_SADNESS,  CW_EMOTION_ANGER, CW_EMOTION_NEUTRAL };

/* One list for both splits, or one for each. */
static const char *const whole_lists[] = { "list_patition_label.txt", "list_partition_label.txt" };
static const char *const split_lists[] = { "train.txt", "test.txt" };

/* In the order in which a picture is looked for. */
static const char *const picture_folders[] = { "aligned", "aligned_224", "original" };
#define N_FOLDERS G_N_ELEMENTS (picture_folders)

typedef struct
{
  char *path; /* (nullable) */
  CwFolderIndex *index;
} Folder;

/* ---- lists and Image ---- */

/* (transfer full) (nullable): the folder that holds EmoLabel, @location itself or its "basic". */
static char *
find_root (const char *location)
{
  g_autofree char *labels = _cw_layout_find_child (location, "EmoLabel");
  g_autofree char *basic = NULL;
  g_autofree char *basic_labels = NULL;

  if (labels != NULL)
    return g_strdup (location);
  basic = _cw_layout_find_child (location, "basic");
  if (basic != NULL)
    basic_labels = _cw_layout_find_child (basic, "EmoLabel");
  return basic_labels != NULL ? g_steal_pointer (&basic) : NULL;
}

/* (transfer full) (element-type char) */
static GPtrArray *
find_lists (const char *location)
{
  g_autofree char *root = find_root (location);
  g_autofree char *labels = root != NULL ? _cw_layout_find_child (root, "EmoLabel") : NULL;
  GPtrArray *lists = g_ptr_array_new_with_free_func (g_free);
  gboolean is_whole;

  for (size_t i = 0; labels != NULL && i < G_N_ELEMENTS (whole_lists) && lists->len == 0; i++)
    {
      char *path = _cw_layout_find_child (labels, whole_lists[i]);

      if (path != NULL)
        g_ptr_array_add (lists, path);
    }
  is_whole = lists->len > 0;
  for (size_t i = 0; labels != NULL && i < G_N_ELEMENTS (split_lists) && !is_whole; i++)
    {
      char *path = _cw_layout_find_child (labels, split_lists[i]);

      if (path != NULL)
        g_ptr_array_add (lists, path);
    }
  return lists;
}

static void
open_folders (const char *root, Folder folders[N_FOLDERS])
{
  g_autofree char *image = _cw_layout_find_child (root, "Image");

  for (size_t i = 0; i < N_FOLDERS; i++)
    {
      if (image != NULL)
        folders[i].path = _cw_layout_find_child (image, picture_folders[i]);
      folders[i].index = _cw_folder_index_new (folders[i].path);
    }
}

static void
close_folders (Folder folders[N_FOLDERS])
{
  for (size_t i = 0; i < N_FOLDERS; i++)
    {
      g_free (folders[i].path);
      _cw_folder_index_free (folders[i].index);
    }
}

/* (transfer full) (nullable): the picture that @name stands for: itself, or with _aligned put before
 * its extension. */
static char *
find_picture (Folder folders[N_FOLDERS], const char *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *aligned
      = dot != NULL ? g_strdup_printf ("%.*s_aligned%s", (int) (dot - name), name, dot)
                    : g_strconcat (name, "_aligned", NULL);

  for (size_t i = 0; i < N_FOLDERS; i++)
    {
      const char *on_disk = _cw_folder_index_find (folders[i].index, aligned);

      if (on_disk == NULL)
        on_disk = _cw_folder_index_find (folders[i].index, name);
      if (on_disk != NULL)
        return g_build_filename (folders[i].path, on_disk, NULL);
    }
  return NULL;
}

/* Cuts "name 5" in two; FALSE where it is no such line. */
static gboolean
parse_line (char *line, int *label)
{
  char *blank;

  g_strstrip (g_strdelimit (line, "\t\r,", ' '));
  blank = strrchr (line, ' ');
  if (blank == NULL || strlen (blank + 1) != 1 || blank[1] < '1' || blank[1] >= '1' + N_CLASSES)
    return FALSE;
  *label = (int) codes[blank[1] - '1'];
  *blank = '\0';
  g_strchomp (line);
  return *line != '\0';
}

static CwSplit
split_of_name (const char *name)
{
  if (g_ascii_strncasecmp (name, "train", 5) == 0)
    return CW_SPLIT_TRAIN;
  return g_ascii_strncasecmp (name, "test", 4) == 0 ? CW_SPLIT_TEST : CW_SPLIT_NONE;
}

static void
read_line (CwDataset *dataset, Folder folders[N_FOLDERS], const char *list, guint number, char *line)
{
  g_autofree char *path = NULL;
  CwSplit split;
  int label;

  if (*g_strstrip (line) == '\0')
    return;
  if (!parse_line (line, &label))
    {
      g_autofree char *where = g_strdup_printf ("%s:%u", list, number);

      cw_dataset_reject (dataset, where, "not a line of file name and label 1 to 7");
      return;
    }
  split = split_of_name (line);
  if (split == CW_SPLIT_NONE)
    {
      cw_dataset_reject (dataset, line, "its name begins neither with train nor with test");
      return;
    }
  path = find_picture (folders, line);
  if (path == NULL)
    cw_dataset_reject (dataset, line, "listed, but there is no such picture");
  else
    cw_dataset_add_item (dataset, line, path, label, -1, split, NULL);
}

static gboolean
read_list (CwDataset *dataset, Folder folders[N_FOLDERS], const char *path, CwJob *job,
           GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = g_path_get_basename (path);
  char *rest, *line;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  rest = g_str_has_prefix (text, "\xEF\xBB\xBF") ? text + 3 : text;
  for (guint number = 1; (line = strsep (&rest, "\n")) != NULL; number++)
    {
      if (number % 512 == 0 && !cw_job_progress (job, -1, NULL, error))
        return FALSE;
      read_line (dataset, folders, name, number, line);
    }
  return TRUE;
}

static gboolean
read_lists (CwDataset *dataset, const char *location, GPtrArray *lists, CwJob *job, GError **error)
{
  g_autofree char *root = find_root (location);
  Folder folders[N_FOLDERS] = { { NULL } };
  gboolean ok = TRUE;

  open_folders (root, folders);
  for (guint i = 0; ok && i < lists->len; i++)
    ok = read_list (dataset, folders, lists->pdata[i], job, error);
  close_folders (folders);
  return ok;
}

/* ---- folders only ---- */

/* (transfer full) (nullable): the folder that has train/1 ... train/7. Numbers alone are no proof:
 * DATASET or the table that comes with them must be there, too. */
static char *
find_numbered (const char *location)
{
  g_autofree char *below = _cw_layout_find_child (location, "DATASET");
  g_autofree char *table = _cw_layout_find_child (location, "train_labels.csv");
  const char *root = below != NULL ? below : location;

  if (below == NULL && table == NULL)
    return NULL;
  for (int i = 1; i <= N_CLASSES; i++)
    {
      char number[2] = { (char) ('0' + i), '\0' };
      g_autofree char *folder = g_build_filename (root, "train", number, NULL);

      if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
        return NULL;
    }
  return g_strdup (root);
}

/* @relative is "train/5/train_00001_aligned.jpg". */
static void
add_numbered (CwDataset *dataset, const char *root, const char *relative)
{
  g_auto (GStrv) parts = g_strsplit (relative, G_DIR_SEPARATOR_S, 3);
  CwSplit split = _cw_layout_parse_split (parts[0]);
  g_autofree char *path = g_build_filename (root, relative, NULL);

  if (split == CW_SPLIT_NONE || g_strv_length (parts) != 3)
    cw_dataset_reject (dataset, relative, "neither in train/1 to 7 nor in test/1 to 7");
  else if (strlen (parts[1]) != 1 || *parts[1] < '1' || *parts[1] >= '1' + N_CLASSES)
    cw_dataset_reject (dataset, relative, "its folder is not a label from 1 to 7");
  else
    cw_dataset_add_item (dataset, relative, path, (int) codes[*parts[1] - '1'], -1, split, NULL);
}

static gboolean
read_numbered (CwDataset *dataset, const char *root, CwJob *job, GError **error)
{
  g_autoptr (GPtrArray) paths = _cw_walk_pictures (root, dataset, job, error);

  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    add_numbered (dataset, root, paths->pdata[i]);
  return TRUE;
}

/* ---- the reader ---- */

static int
rafdb_probe (const char *location)
{
  g_autoptr (GPtrArray) lists = NULL;
  g_autofree char *numbered = NULL;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR))
    return 0;
  lists = find_lists (location);
  if (lists->len > 0)
    return 95;
  numbered = find_numbered (location);
  return numbered != NULL ? 85 : 0;
}

static CwDataset *
rafdb_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "rafdb");
  g_autoptr (GPtrArray) lists = find_lists (location);
  g_autofree char *numbered = lists->len == 0 ? find_numbered (location) : NULL;
  gboolean ok;

  cw_emotion_add_labels (dataset, CW_EMOTION_CONTEMPT);
  if (lists->len > 0)
    ok = read_lists (dataset, location, lists, job, error);
  else if (numbered != NULL)
    ok = read_numbered (dataset, numbered, job, error);
  else
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: no EmoLabel/%s in it or in its folder basic, and no DATASET/train/1 to 7",
                   location, whole_lists[0]);
      ok = FALSE;
    }
  return ok ? g_steal_pointer (&dataset) : NULL;
}

const CwReaderClass _cw_reader_rafdb = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "rafdb",
            .label = N_ ("RAF-DB basic"),
            .description = N_ ("EmoLabel/list_patition_label.txt and Image/aligned, official split") },
  .probe = rafdb_probe,
  .open = rafdb_open,
};

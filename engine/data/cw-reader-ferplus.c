/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-csv.h"
#include "data/cw-emotion.h"
#include "data/cw-layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* FER+ (Barsoum et al., "Training deep networks for facial expression recognition with crowd-sourced
 * label distribution", ICMI 2016): FER2013{Train,Valid,Test}/label.csv with the votes of ten taggers,
 * pictures beside it, or below Labels/ and Images/. A split without a label.csv is joined by name with
 * fer2013new.csv; the two tables disagree on exact copies, and label.csv keeps what each copy got by
 * itself. */

#define N_VOTES 10
#define N_PARTS 3

/* In the order of both tables. The dataset's columns have the canonical order. */
static const char *const vote_names[N_VOTES]
    = { "neutral", "happiness", "surprise", "sadness", "anger",
        "disgust", "fear",      "contempt", "unknown", "NF" };

static const CwEmotion vote_emotions[8]
    = { CW_EMOTION_NEUTRAL, CW_EMOTION_HAPPINESS, CW_EMOTION_SURPRISE, CW_EMOTION_SADNESS,
        CW_EMOTION_ANGER,   CW_EMOTION_DISGUST,   CW_EMOTION_FEAR,     CW_EMOTION_CONTEMPT };

static const struct
{
  const char *folder, *usage;
  CwSplit split;
} parts[N_PARTS] = {
  { "FER2013Train", "Training", CW_SPLIT_TRAIN },
  { "FER2013Valid", "PublicTest", CW_SPLIT_VALID },
  { "FER2013Test", "PrivateTest", CW_SPLIT_TEST },
};

/* Where one split is. */
typedef struct
{
  char *pictures;       /* (nullable): folder */
  char *table;          /* (nullable): its own label.csv */
  CwFolderIndex *index; /* of the pictures */
} Part;

/* The paper's majority rule: single votes do not count; the largest class must hold more than half of
 * what is left and be one of the first eight; else the picture is unclear (-1). */
static int
majority (const int votes[N_VOTES])
{
  int sum = 0, best = 0, largest = -1;

  for (int i = 0; i < N_VOTES; i++)
    {
      int n = votes[i] > 1 ? votes[i] : 0;

      sum += n;
      if (n > best)
        {
          best = n;
          largest = i;
        }
    }
  return largest >= 0 && largest < 8 && 2 * best > sum ? (int) vote_emotions[largest] : -1;
}

static gboolean
parse_votes (const char *text, int *votes)
{
  char *end;
  gint64 n = g_ascii_strtoll (text, &end, 10);

  *votes = (int) CLAMP (n, 0, 1000);
  return end != text && *end == '\0' && n == *votes;
}

/* @columns: where each vote is in the row. */
static gboolean
read_votes (CwCsv *csv, const int columns[N_VOTES], int votes[N_VOTES])
{
  for (int i = 0; i < N_VOTES; i++)
    {
      if (!parse_votes (cw_csv_get_field (csv, (guint) columns[i]), &votes[i]))
        return FALSE;
    }
  return TRUE;
}

static void
add_picture (CwDataset *dataset, const Part *part, int p, const char *name,
             const int votes[N_VOTES])
{
  const char *on_disk = _cw_folder_index_find (part->index, name);
  g_autofree char *relative
      = g_build_filename (parts[p].folder, on_disk != NULL ? on_disk : name, NULL);
  g_autofree char *path = NULL;
  float columns[N_VOTES];

  if (on_disk == NULL)
    {
      cw_dataset_reject (dataset, relative, "listed, but there is no such picture");
      return;
    }
  for (int i = 0; i < N_VOTES; i++)
    columns[i < 8 ? (int) vote_emotions[i] : i] = (float) votes[i];
  path = g_build_filename (part->pictures, on_disk, NULL);
  cw_dataset_add_item (dataset, relative, path, majority (votes), -1, parts[p].split, columns);
}

static void
reject_row (CwDataset *dataset, const char *folder, const char *table, CwCsv *csv,
            const char *reason)
{
  g_autofree char *name = g_strdup_printf ("%s%s%s:%u", folder, *folder != '\0' ? "/" : "", table,
                                           cw_csv_get_line (csv));

  cw_dataset_reject (dataset, name, reason);
}

/* ---- tables; @error is never NULL in here ---- */

/* Rows of name, box and votes, without a header. */
static gboolean
read_label_csv (CwDataset *dataset, const Part *part, int p, CwJob *job, GError **error)
{
  static const int columns[N_VOTES] = { 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
  g_autoptr (CwCsv) csv = cw_csv_open (part->table, error);

  if (csv == NULL)
    return FALSE;
  while (cw_csv_next (csv, error))
    {
      const char *name = cw_csv_get_field (csv, 0);
      int votes[N_VOTES];

      if (cw_csv_get_line (csv) % 512 == 0
          && !cw_job_progress (job, (p + cw_csv_get_fraction (csv)) / N_PARTS, NULL, error))
        return FALSE;
      if (*name != '\0' && read_votes (csv, columns, votes))
        add_picture (dataset, part, p, name, votes);
      else
        {
          /* So that its picture is not called unlisted as well. */
          _cw_folder_index_find (part->index, name);
          reject_row (dataset, parts[p].folder, "label.csv", csv,
                      "not a row of name, box and ten votes");
        }
    }
  return *error == NULL;
}

/* The header of fer2013new.csv. */
static gboolean
find_columns (CwCsv *csv, int *usage, int *name, int votes[N_VOTES], GError **error)
{
  *usage = cw_csv_require (csv, "Usage", error);
  *name = *usage >= 0 ? cw_csv_require (csv, "Image name", error) : -1;
  if (*name < 0)
    return FALSE;
  for (int i = 0; i < N_VOTES; i++)
    {
      votes[i] = cw_csv_require (csv, vote_names[i], error);
      if (votes[i] < 0)
        return FALSE;
    }
  return TRUE;
}

/* The split of a row that belongs to a split without a label.csv, else -1. */
static int
find_part (const Part *located, const char *usage)
{
  for (int p = 0; p < N_PARTS; p++)
    {
      if (located[p].pictures != NULL && located[p].table == NULL
          && g_ascii_strcasecmp (usage, parts[p].usage) == 0)
        return p;
    }
  return -1;
}

/* One pass for all splits without a label.csv. */
static gboolean
read_new_csv (CwDataset *dataset, const Part *located, const char *path, CwJob *job, GError **error)
{
  g_autoptr (CwCsv) csv = cw_csv_open (path, error);
  int usage, name, columns[N_VOTES];

  if (csv == NULL)
    return FALSE;
  if (!cw_csv_next (csv, error) || !find_columns (csv, &usage, &name, columns, error))
    {
      if (*error == NULL)
        g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: the table is empty", path);
      return FALSE;
    }
  while (cw_csv_next (csv, error))
    {
      const char *picture = cw_csv_get_field (csv, (guint) name);
      int p = find_part (located, cw_csv_get_field (csv, (guint) usage));
      int votes[N_VOTES];

      if (cw_csv_get_line (csv) % 512 == 0
          && !cw_job_progress (job, cw_csv_get_fraction (csv), NULL, error))
        return FALSE;
      if (p < 0)
        continue;
      if (*picture == '\0')
        reject_row (dataset, "", "fer2013new.csv", csv, "no picture: the taggers saw no face");
      else if (!read_votes (csv, columns, votes))
        reject_row (dataset, "", "fer2013new.csv", csv, "not a row with ten votes");
      else
        add_picture (dataset, &located[p], p, picture, votes);
    }
  return *error == NULL;
}

/* ---- where things are ---- */

/* (transfer full) (nullable): @folder/@middle/@name, whatever the case; @middle may be "". */
static char *
find_below (const char *folder, const char *middle, const char *name)
{
  g_autofree char *parent = *middle != '\0' ? _cw_layout_find_child (folder, middle)
                                             : g_strdup (folder);

  return parent != NULL ? _cw_layout_find_child (parent, name) : NULL;
}

static void
locate_part (const char *root, int p, Part *part)
{
  g_autofree char *plain = find_below (root, "", parts[p].folder);
  g_autofree char *labels = find_below (root, "Labels", parts[p].folder);
  g_autofree char *images = find_below (root, "Images", parts[p].folder);

  if (plain != NULL)
    part->table = _cw_layout_find_child (plain, "label.csv");
  if (part->table == NULL && labels != NULL)
    part->table = _cw_layout_find_child (labels, "label.csv");
  if (images != NULL)
    part->pictures = g_steal_pointer (&images);
  else if (plain != NULL)
    {
      part->pictures = _cw_layout_find_child (plain, "Images");
      if (part->pictures == NULL)
        part->pictures = g_steal_pointer (&plain);
    }
}

static void
clear_part (Part *part)
{
  g_free (part->pictures);
  g_free (part->table);
  _cw_folder_index_free (part->index);
}

/* (transfer full) (nullable): the folder that has the splits, @location or its "data". */
static char *
find_root (const char *location)
{
  static const char *const below[] = { "", "data" };

  for (size_t i = 0; i < G_N_ELEMENTS (below); i++)
    {
      g_autofree char *root
          = *below[i] != '\0' ? _cw_layout_find_child (location, below[i]) : g_strdup (location);

      for (int p = 0; root != NULL && p < N_PARTS; p++)
        {
          Part part = { NULL };
          gboolean found;

          locate_part (root, p, &part);
          found = part.pictures != NULL;
          clear_part (&part);
          if (found)
            return g_steal_pointer (&root);
        }
    }
  return NULL;
}

/* fer2013new.csv is beside the splits or, in the authors' repository, above them. */
static char *
find_new_csv (const char *location, const char *root)
{
  char *path = _cw_layout_find_child (root, "fer2013new.csv");

  return path != NULL ? path : _cw_layout_find_child (location, "fer2013new.csv");
}

/* ---- the reader ---- */

static int
ferplus_probe (const char *location)
{
  g_autofree char *root = NULL;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR))
    return 0;
  root = find_root (location);
  return root != NULL ? 95 : 0;
}

static CwDataset *
new_dataset (const char *location)
{
  CwDataset *dataset = cw_dataset_new (location, "ferplus");

  cw_emotion_add_labels (dataset, CW_N_EMOTIONS);
  for (int i = 0; i < N_VOTES; i++)
    {
      g_autofree char *column = g_strdup_printf (
          "votes-%s", i < 8 ? cw_emotion_name ((CwEmotion) i) : i == 8 ? "unknown" : "no-face");

      cw_dataset_add_column (dataset, column);
    }
  return dataset;
}

static void
reject_unlisted (CwDataset *dataset, const Part *part, int p)
{
  g_autoptr (GPtrArray) names = _cw_folder_index_list_unused (part->index);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *relative = g_build_filename (parts[p].folder, names->pdata[i], NULL);

      cw_dataset_reject (dataset, relative, "in no row of the table of votes");
    }
}

/* @new_csv: (nullable): fer2013new.csv. */
static gboolean
read_parts (CwDataset *dataset, const char *root, const char *new_csv, Part *located, CwJob *job,
            GError **error)
{
  gboolean joined = FALSE;

  for (int p = 0; p < N_PARTS; p++)
    {
      locate_part (root, p, &located[p]);
      located[p].index = _cw_folder_index_new (located[p].pictures);
      if (located[p].table != NULL && !read_label_csv (dataset, &located[p], p, job, error))
        return FALSE;
      joined = joined || (located[p].pictures != NULL && located[p].table == NULL);
    }
  if (joined && new_csv != NULL && !read_new_csv (dataset, located, new_csv, job, error))
    return FALSE;
  for (int p = 0; p < N_PARTS; p++)
    {
      if (located[p].table != NULL || new_csv != NULL)
        reject_unlisted (dataset, &located[p], p);
      else if (located[p].pictures != NULL)
        cw_dataset_reject (dataset, parts[p].folder,
                           "no label.csv in it and no fer2013new.csv beside it");
    }
  return TRUE;
}

static CwDataset *
ferplus_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autoptr (CwDataset) dataset = new_dataset (location);
  g_autofree char *root = find_root (location);
  g_autofree char *new_csv = NULL;
  g_autoptr (GError) local = NULL;
  Part located[N_PARTS] = { { NULL } };

  if (root == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: no folder %s, %s or %s in it", location, parts[0].folder, parts[1].folder,
                   parts[2].folder);
      return NULL;
    }
  new_csv = find_new_csv (location, root);
  read_parts (dataset, root, new_csv, located, job, &local);
  for (int p = 0; p < N_PARTS; p++)
    clear_part (&located[p]);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

const CwReaderClass _cw_reader_ferplus = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "ferplus",
            .label = N_ ("FER+"),
            .description = N_ ("FER2013Train, -Valid, -Test with label.csv: ten votes a picture") },
  .probe = ferplus_probe,
  .open = ferplus_open,
};

/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-csv.h"
#include "data/cw-emotion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* FER+ (Barsoum et al., "Training deep networks for facial expression recognition with crowd-sourced
 * label distribution", ICMI 2016): FER2013{Train,Valid,Test}/label.csv with the votes of ten taggers,
 * pictures beside it. Where a folder has no label.csv, fer2013new.csv above it is joined by name; the
 * two disagree on exact copies, and label.csv keeps what each copy got by itself. */

#define N_VOTES 10

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
} parts[] = {
  { "FER2013Train", "Training", CW_SPLIT_TRAIN },
  { "FER2013Valid", "PublicTest", CW_SPLIT_VALID },
  { "FER2013Test", "PrivateTest", CW_SPLIT_TEST },
};

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
read_votes (CwCsv *csv, guint first, int votes[N_VOTES])
{
  for (guint i = 0; i < N_VOTES; i++)
    {
      const char *text = cw_csv_get_field (csv, first + i);
      char *end;

      votes[i] = (int) g_ascii_strtoll (text, &end, 10);
      if (end == text || *end != '\0' || votes[i] < 0)
        return FALSE;
    }
  return TRUE;
}

static void
add_picture (CwDataset *dataset, const char *root, const char *folder, const char *name,
             CwSplit split, const int votes[N_VOTES])
{
  static const char *const below[] = { "", "Images" };
  g_autofree char *relative = g_build_filename (folder, name, NULL);
  float columns[N_VOTES];

  for (int i = 0; i < N_VOTES; i++)
    columns[i] = (float) votes[i];
  for (size_t i = 0; i < G_N_ELEMENTS (below); i++)
    {
      g_autofree char *path = g_build_filename (root, folder, below[i], name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        {
          cw_dataset_add_item (dataset, relative, path, majority (votes), -1, split, columns);
          return;
        }
    }
  cw_dataset_reject (dataset, relative, "listed, but there is no such picture");
}

static gboolean
read_label_csv (CwDataset *dataset, const char *root, const char *folder, CwSplit split,
                const char *path, CwJob *job, GError **error)
{
  g_autoptr (CwCsv) csv = cw_csv_open (path, error);

  if (csv == NULL)
    return FALSE;
  while (cw_csv_next (csv))
    {
      const char *name = cw_csv_get_field (csv, 0);
      int votes[N_VOTES];

      if (cw_csv_get_line (csv) % 512 == 0 && !cw_job_progress (job, -1, folder, error))
        return FALSE;
      /* name, box, votes */
      if (*name != '\0' && cw_csv_get_n_fields (csv) >= 2 + N_VOTES && read_votes (csv, 2, votes))
        add_picture (dataset, root, folder, name, split, votes);
      else
        {
          g_autofree char *where
              = g_strdup_printf ("%s/label.csv:%u", folder, cw_csv_get_line (csv));

          cw_dataset_reject (dataset, where, "not a row of name, box and ten votes");
        }
    }
  return TRUE;
}

/* One pass for the folders without a label.csv of their own. */
static gboolean
read_new_csv (CwDataset *dataset, const char *root, const char *path, const gboolean *wanted,
              CwJob *job, GError **error)
{
  g_autoptr (CwCsv) csv = cw_csv_open (path, error);
  int usage, name_column, first;

  if (csv == NULL)
    return FALSE;
  if (!cw_csv_next (csv))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: the table is empty", path);
      return FALSE;
    }
  usage = cw_csv_require (csv, "Usage", error);
  name_column = usage >= 0 ? cw_csv_require (csv, "Image name", error) : -1;
  first = name_column >= 0 ? cw_csv_require (csv, vote_names[0], error) : -1;
  if (first < 0)
    return FALSE;
  while (cw_csv_next (csv))
    {
      const char *name = cw_csv_get_field (csv, (guint) name_column);
      const char *row_usage = cw_csv_get_field (csv, (guint) usage);
      int votes[N_VOTES];

      if (cw_csv_get_line (csv) % 512 == 0 && !cw_job_progress (job, -1, "fer2013new.csv", error))
        return FALSE;
      /* An empty name is a crop without a face, for which no picture exists. */
      if (*name == '\0' || !read_votes (csv, (guint) first, votes))
        continue;
      for (size_t p = 0; p < G_N_ELEMENTS (parts); p++)
        {
          g_autofree char *relative = g_build_filename (parts[p].folder, name, NULL);

          /* Some names stand twice, with the same votes. */
          if (wanted[p] && strcmp (row_usage, parts[p].usage) == 0
              && !cw_dataset_find (dataset, relative, NULL))
            add_picture (dataset, root, parts[p].folder, name, parts[p].split, votes);
        }
    }
  return TRUE;
}

static int
ferplus_probe (const char *location)
{
  for (size_t p = 0; p < G_N_ELEMENTS (parts); p++)
    {
      g_autofree char *folder = g_build_filename (location, parts[p].folder, NULL);

      if (g_file_test (folder, G_FILE_TEST_IS_DIR))
        return 95;
    }
  return 0;
}

static CwDataset *
ferplus_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "ferplus");
  g_autofree char *new_csv = g_build_filename (location, "fer2013new.csv", NULL);
  gboolean wanted[G_N_ELEMENTS (parts)] = { FALSE }, any_wanted = FALSE;

  cw_emotion_add_labels (dataset, CW_N_EMOTIONS);
  for (int i = 0; i < N_VOTES; i++)
    {
      g_autofree char *column = g_strdup_printf ("votes-%s", vote_names[i]);

      cw_dataset_add_column (dataset, column);
    }
  for (size_t p = 0; p < G_N_ELEMENTS (parts); p++)
    {
      g_autofree char *folder = g_build_filename (location, parts[p].folder, NULL);
      g_autofree char *label_csv = g_build_filename (folder, "label.csv", NULL);

      if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
        continue;
      if (!g_file_test (label_csv, G_FILE_TEST_EXISTS))
        {
          wanted[p] = any_wanted = TRUE;
          continue;
        }
      if (!read_label_csv (dataset, location, parts[p].folder, parts[p].split, label_csv, job,
                           error))
        return NULL;
    }
  if (any_wanted && !read_new_csv (dataset, location, new_csv, wanted, job, error))
    return NULL;
  return g_steal_pointer (&dataset);
}

const CwReaderClass cw_reader_ferplus = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "ferplus",
            .label = N_("FER+"),
            .description = N_("FER2013Train, -Valid, -Test with label.csv: ten votes a picture") },
  .probe = ferplus_probe,
  .open = ferplus_open,
};

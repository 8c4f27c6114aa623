/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-csv.h"
#include "data/cw-emotion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* FER2013 as one table of pixels: fer2013.csv (emotion,pixels,Usage), icml_face_data.csv (the same in
 * another order, with blanks in the header), train.csv (emotion,pixels), test.csv (pixels). 48 x 48
 * grey values in decimal, separated by blanks. */

#define SIDE 48

static const CwEmotion codes[7]
    = { CW_EMOTION_ANGER,   CW_EMOTION_DISGUST,  CW_EMOTION_FEAR,   CW_EMOTION_HAPPINESS,
        CW_EMOTION_SADNESS, CW_EMOTION_SURPRISE, CW_EMOTION_NEUTRAL };

/* The decoded pixels of all items, SIDE * SIDE bytes each: 35,887 rows are 83 MB as bytes and three
 * times that as text, so decoding once is also the smaller way. */
typedef struct
{
  GByteArray *pixels;
} Table;

static void
table_free (gpointer data)
{
  Table *table = data;

  g_byte_array_unref (table->pixels);
  g_free (table);
}

static CwImage *
table_load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  Table *table = data;
  g_autoptr (CwImage) image = cw_image_new (SIDE, SIDE, 1);

  if (image == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory",
                   cw_dataset_get_item (dataset, index)->name);
      return NULL;
    }
  memcpy (image->data, table->pixels->data + (gsize) index * SIDE * SIDE, SIDE * SIDE);
  return max_side > 0 ? cw_image_shrink (image, max_side) : g_steal_pointer (&image);
}

/* SIDE * SIDE numbers 0..255; FALSE at anything else. */
static gboolean
parse_pixels (const char *text, guint8 *out)
{
  int n = 0;

  while (*text != '\0')
    {
      int value = 0, digits = 0;

      while (*text == ' ')
        text++;
      if (*text == '\0')
        break;
      for (; g_ascii_isdigit (*text) && digits < 4; text++, digits++)
        value = 10 * value + (*text - '0');
      if (digits == 0 || value > 255 || n == SIDE * SIDE)
        return FALSE;
      out[n++] = (guint8) value;
    }
  return n == SIDE * SIDE;
}

static CwSplit
parse_usage (const char *text)
{
  if (strcmp (text, "Training") == 0)
    return CW_SPLIT_TRAIN;
  if (strcmp (text, "PublicTest") == 0)
    return CW_SPLIT_VALID;
  if (strcmp (text, "PrivateTest") == 0)
    return CW_SPLIT_TEST;
  return CW_SPLIT_NONE;
}

static void
read_row (CwDataset *dataset, Table *table, CwCsv *csv, int emotion, int pixels, int usage)
{
  g_autofree char *name = g_strdup_printf ("row-%05u", cw_csv_get_line (csv));
  guint8 values[SIDE * SIDE];
  int label = -1;

  if (emotion >= 0)
    {
      const char *text = cw_csv_get_field (csv, (guint) emotion);

      if (strlen (text) != 1 || *text < '0' || *text > '6')
        {
          cw_dataset_reject (dataset, name, "the emotion is not a number from 0 to 6");
          return;
        }
      label = (int) codes[*text - '0'];
    }
  if (!parse_pixels (cw_csv_get_field (csv, (guint) pixels), values))
    {
      cw_dataset_reject (dataset, name, "the pixels are not 2304 numbers from 0 to 255");
      return;
    }
  g_byte_array_append (table->pixels, values, sizeof values);
  cw_dataset_add_item (dataset, name, NULL, label, -1,
                       usage >= 0 ? parse_usage (cw_csv_get_field (csv, (guint) usage))
                                  : CW_SPLIT_NONE,
                       NULL);
}

/* A csv file that names pixels in its first line, or that calls itself fer2013. */
static int
fer2013_probe (const char *location)
{
  g_autoptr (CwCsv) csv = NULL;
  g_autofree char *name = g_path_get_basename (location);

  if (!g_str_has_suffix (location, ".csv") || !g_file_test (location, G_FILE_TEST_IS_REGULAR))
    return 0;
  csv = cw_csv_open (location, NULL);
  if (csv != NULL && cw_csv_next (csv) && cw_csv_find (csv, "pixels") >= 0)
    return 90;
  return g_ascii_strcasecmp (name, "fer2013.csv") == 0
                 || g_ascii_strcasecmp (name, "icml_face_data.csv") == 0
             ? 60
             : 0;
}

static CwDataset *
fer2013_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autoptr (CwCsv) csv = cw_csv_open (location, error);
  g_autoptr (CwDataset) dataset = NULL;
  Table *table;
  int emotion, pixels, usage;

  if (csv == NULL)
    return NULL;
  if (!cw_csv_next (csv))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: the table is empty", location);
      return NULL;
    }
  pixels = cw_csv_require (csv, "pixels", error);
  if (pixels < 0)
    return NULL;
  emotion = cw_csv_find (csv, "emotion");
  usage = cw_csv_find (csv, "Usage");

  dataset = cw_dataset_new (location, "fer2013");
  if (emotion >= 0)
    cw_emotion_add_labels (dataset, CW_EMOTION_CONTEMPT);
  table = g_new0 (Table, 1);
  table->pixels = g_byte_array_new ();
  cw_dataset_set_loader (dataset, table_load, NULL, table, table_free);
  while (cw_csv_next (csv))
    {
      if (cw_csv_get_line (csv) % 512 == 0 && !cw_job_progress (job, -1, NULL, error))
        return NULL;
      read_row (dataset, table, csv, emotion, pixels, usage);
    }
  return g_steal_pointer (&dataset);
}

const CwReaderClass cw_reader_fer2013 = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "fer2013",
            .label = N_("FER2013 table"),
            .description = N_("fer2013.csv and its kin: 48 px grey pictures as numbers in a table") },
  .probe = fer2013_probe,
  .open = fer2013_open,
};

/* SPDX-License-Identifier: MIT */
#include "contrawarp.h"

#include "cw-test.h"
#include "data/cw-csv.h"
#include "data/cw-emotion.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char *folder;

static CwDataset *
open_at (const char *location, const char *reader, const char *options)
{
  g_autoptr (GError) error = NULL;
  CwDataset *dataset = cw_dataset_open (location, reader, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (dataset);
  return dataset;
}

static CwDataset *
open_fixture (const char *first, const char *second)
{
  g_autofree char *path = cw_test_file ("fixtures", first, second, NULL);

  return open_at (path, NULL, NULL);
}

/* The error of a location that cannot be opened is one line that names it. */
static char *
refuse (const char *location, const char *reader, const char *options, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_dataset_open (location, reader, options, NULL, &error));
  g_assert_error (error, CW_ERROR, code);
  g_assert_null (strchr (error->message, '\n'));
  return g_strdup (error->message);
}

static void
write_file (const char *path, const char *text)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Makes the file ROOT/NAME, for a picture of whatever kind. */
static void
add_file (const char *root, const char *name)
{
  g_autofree char *path = g_build_filename (folder, root, name, NULL);

  write_file (path, "no picture");
}

static void
assert_names (CwDataset *dataset, const char *const *names)
{
  guint n = g_strv_length ((char **) names);

  for (guint i = 0; i < MIN (n, cw_dataset_get_n_items (dataset)); i++)
    g_assert_cmpstr (cw_dataset_get_item (dataset, i)->name, ==, names[i]);
  g_assert_cmpuint (cw_dataset_get_n_items (dataset), ==, n);
}

static const CwItem *
find (CwDataset *dataset, const char *name)
{
  guint index;

  if (!cw_dataset_find (dataset, name, &index))
    g_error ("no item '%s'", name);
  return cw_dataset_get_item (dataset, index);
}

static const char *
label_of (CwDataset *dataset, const char *name)
{
  const CwItem *item = find (dataset, name);

  return item->label >= 0 ? cw_dataset_get_label (dataset, item->label) : "none";
}

/* Why @name was refused, "" where it was not. */
static const char *
reason_of (CwDataset *dataset, const char *name)
{
  for (guint i = 0; i < cw_dataset_get_n_rejected (dataset); i++)
    {
      const CwRejected *r = cw_dataset_get_rejected (dataset, i);

      if (strcmp (r->name, name) == 0)
        return r->reason;
    }
  return "";
}

static void
assert_refused (CwDataset *dataset, const char *name, const char *reason)
{
  g_assert_nonnull (strstr (reason_of (dataset, name), reason));
}

/* ---- csv ---- */

static CwCsv *
open_csv (const char *text)
{
  g_autofree char *path = g_build_filename (folder, "some.csv", NULL);
  g_autoptr (GError) error = NULL;
  CwCsv *csv;

  write_file (path, text);
  csv = cw_csv_open (path, &error);
  g_assert_no_error (error);
  return csv;
}

static void
assert_row (CwCsv *csv, guint line, const char *const *fields)
{
  guint n = g_strv_length ((char **) fields);
  g_autoptr (GError) error = NULL;

  g_assert_true (cw_csv_next (csv, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (cw_csv_get_n_fields (csv), ==, n);
  g_assert_cmpuint (cw_csv_get_line (csv), ==, line);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (cw_csv_get_field (csv, i), ==, fields[i]);
  g_assert_cmpstr (cw_csv_get_field (csv, n), ==, "");
}

static void
test_csv (void)
{
  g_autoptr (CwCsv) csv = open_csv ("\xEF\xBB\xBF" "a, b ,c\r\n"
                                    "\r\n"
                                    "\"x, y\",\"say \"\"no\"\"\", \"two\nlines\" \n"
                                    ",,\n"
                                    "  last");
  g_autoptr (GError) error = NULL;
  gsize offset, length;

  assert_row (csv, 1, (const char *const[]){ "a", "b", "c", NULL });
  g_assert_cmpint (cw_csv_find (csv, "B"), ==, 1);
  g_assert_cmpint (cw_csv_find (csv, "d"), ==, -1);
  g_assert_cmpint (cw_csv_require (csv, "d", &error), ==, -1);
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (error->message, "some.csv: no column 'd'"));
  g_assert_nonnull (strstr (error->message, "a, b, c"));
  g_clear_error (&error);
  assert_row (csv, 3, (const char *const[]){ "x, y", "say \"no\"", "two\nlines", NULL });
  g_assert_cmpint (cw_csv_get_raw (csv, 0, &offset, &length)[0], ==, 'x');
  g_assert_cmpuint (offset, ==, 3 + 9 + 2 + 1);
  g_assert_cmpuint (length, ==, 4);
  assert_row (csv, 5, (const char *const[]){ "", "", "", NULL });
  assert_row (csv, 6, (const char *const[]){ "last", NULL });
  g_assert_false (cw_csv_next (csv, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (cw_csv_get_fraction (csv), ==, 1);
}

static void
test_csv_broken (void)
{
  g_autoptr (CwCsv) open_quote = open_csv ("a,b\n1,\"2\n3,4\n");
  g_autoptr (CwCsv) empty = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (cw_csv_next (open_quote, &error));
  g_assert_false (cw_csv_next (open_quote, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (error->message, "line 2"));
  g_clear_error (&error);
  empty = open_csv ("");
  g_assert_false (cw_csv_next (empty, &error));
  g_assert_no_error (error);
  g_assert_null (cw_csv_open ("/no/such/file.csv", &error));
  g_assert_nonnull (error);
}

static void
test_emotions (void)
{
  static const char *const order[] = { "neutral", "happiness", "sadness", "surprise",
                                       "fear",    "disgust",   "anger",   "contempt" };
  static const struct
  {
    const char *word;
    CwEmotion emotion;
  } words[] = { { "happy", CW_EMOTION_HAPPINESS },   { "HAPPINESS", CW_EMOTION_HAPPINESS },
                { "Sad", CW_EMOTION_SADNESS },       { "surprised", CW_EMOTION_SURPRISE },
                { "afraid", CW_EMOTION_FEAR },       { "Fearful", CW_EMOTION_FEAR },
                { "disgusted", CW_EMOTION_DISGUST }, { "angry", CW_EMOTION_ANGER },
                { "Neutral", CW_EMOTION_NEUTRAL },   { "contempt", CW_EMOTION_CONTEMPT } };

  for (int e = 0; e < CW_N_EMOTIONS; e++)
    {
      g_assert_cmpstr (cw_emotion_name ((CwEmotion) e), ==, order[e]);
      g_assert_cmpint (cw_emotion_parse (order[e]), ==, e);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_cmpint (cw_emotion_parse (words[i].word), ==, words[i].emotion);
  g_assert_cmpint (cw_emotion_parse ("bored"), ==, -1);
  g_assert_cmpint (cw_emotion_parse (""), ==, -1);
}

/* ---- folder ---- */

static void
test_folder (void)
{
  g_autofree char *root = g_build_filename (folder, "plain", NULL);
  g_autoptr (CwDataset) dataset = NULL;
  g_autofree char *path = NULL;

  add_file ("plain", "b/10.jpg");
  add_file ("plain", "b/9.JPEG");
  add_file ("plain", "a.png");
  add_file ("plain", "b/deep/er/x.bmp");
  add_file ("plain", "gr\xC3\xBC\xC3\x9F" "e.png");
  add_file ("plain", "notes.txt");
  add_file ("plain", ".hidden.png");
  add_file ("plain", ".folder/x.png");
  dataset = open_at (root, NULL, NULL);
  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "folder");
  assert_names (dataset, (const char *const[]){ "a.png", "b/10.jpg", "b/9.JPEG", "b/deep/er/x.bmp",
                                                "gr\xC3\xBC\xC3\x9F" "e.png", NULL });
  g_assert_cmpuint (cw_dataset_get_n_labels (dataset), ==, 0);
  g_assert_cmpint (cw_dataset_get_item (dataset, 1)->label, ==, -1);
  g_assert_cmpint (cw_dataset_get_item (dataset, 1)->split, ==, CW_SPLIT_NONE);
  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 0);
  path = cw_dataset_dup_path (dataset, 4);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Loops end; what links lead to is listed once, by its own path where it has one. */
static void
test_folder_links (void)
{
  g_autofree char *root = g_build_filename (folder, "links", NULL);
  g_autofree char *outside = g_build_filename (folder, "outside", NULL);
  g_autoptr (CwDataset) dataset = NULL;
  static const char *const links[][2] = {
    { "..", "links/real/loop" }, { "real", "links/alias" }, { "gone.png", "links/dangling.png" },
    { "real/1.png", "links/file.png" },
  };

  add_file ("links", "real/1.png");
  add_file ("outside", "2.png");
  for (size_t i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *at = g_build_filename (folder, links[i][1], NULL);

      g_assert_cmpint (symlink (links[i][0], at), ==, 0);
    }
  {
    g_autofree char *at = g_build_filename (root, "far", NULL);

    g_assert_cmpint (symlink (outside, at), ==, 0);
  }
  dataset = open_at (root, NULL, NULL);
  assert_names (dataset, (const char *const[]){ "far/2.png", "file.png", "real/1.png", NULL });
  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 1);
  g_assert_cmpstr (cw_dataset_get_rejected (dataset, 0)->name, ==, "dangling.png");
}

static void
test_folder_labels (void)
{
  g_autofree char *root = g_build_filename (folder, "classes", NULL);
  g_autoptr (CwDataset) plain = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  static const char *const order[] = { "neutral", "happiness", "anger", "2", "10", "bored" };

  add_file ("classes", "train/Happy/1.png");
  add_file ("classes", "train/angry/deep/1.png");
  add_file ("classes", "train/bored/1.png");
  add_file ("classes", "train/10/1.png");
  add_file ("classes", "train/2/1.png");
  add_file ("classes", "test/happiness/1.png");
  add_file ("classes", "test/neutral/1.png");
  add_file ("classes", "val/2/1.png");
  add_file ("classes", "train/top.png");
  add_file ("classes", "other.png");
  plain = open_at (root, NULL, NULL);
  g_assert_cmpuint (cw_dataset_get_n_labels (plain), ==, 0);
  g_assert_cmpuint (cw_dataset_count_split (plain, CW_SPLIT_TRAIN), ==, 6);

  dataset = open_at (root, "folder", "labels=folder");
  g_assert_cmpuint (cw_dataset_get_n_labels (dataset), ==, G_N_ELEMENTS (order));
  for (int i = 0; i < (int) G_N_ELEMENTS (order); i++)
    g_assert_cmpstr (cw_dataset_get_label (dataset, i), ==, order[i]);
  g_assert_cmpstr (label_of (dataset, "train/Happy/1.png"), ==, "happiness");
  g_assert_cmpstr (label_of (dataset, "test/happiness/1.png"), ==, "happiness");
  g_assert_cmpstr (label_of (dataset, "train/angry/deep/1.png"), ==, "anger");
  g_assert_cmpstr (label_of (dataset, "val/2/1.png"), ==, "2");
  g_assert_cmpstr (label_of (dataset, "train/top.png"), ==, "none");
  g_assert_cmpint (find (dataset, "val/2/1.png")->split, ==, CW_SPLIT_VALID);
  g_assert_cmpint (find (dataset, "test/neutral/1.png")->split, ==, CW_SPLIT_TEST);
  g_assert_cmpint (find (dataset, "other.png")->split, ==, CW_SPLIT_NONE);
}

/* Without a folder for training, "test" is a word like any other. */
static void
test_folder_no_splits (void)
{
  g_autofree char *root = g_build_filename (folder, "words", NULL);
  g_autoptr (CwDataset) dataset = NULL;

  add_file ("words", "test/1.png");
  add_file ("words", "trial/1.png");
  dataset = open_at (root, "folder", "labels=folder");
  g_assert_cmpuint (cw_dataset_count_split (dataset, CW_SPLIT_NONE), ==, 2);
  g_assert_cmpstr (label_of (dataset, "test/1.png"), ==, "test");
}

static void
test_pictures (void)
{
  g_autoptr (CwDataset) dataset = open_fixture ("pictures", NULL);
  g_autoptr (CwDataset) one = open_fixture ("pictures", "grey.png");
  g_autoptr (GPtrArray) rejected = NULL;
  g_autoptr (CwImage) image = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const bad[]
      = { "empty.jpg", "huge.png", "text.png", "truncated.jpg", "truncated.png" };

  g_assert_true (cw_dataset_check (dataset, NULL, &rejected, &error));
  g_assert_cmpuint (rejected->len, ==, G_N_ELEMENTS (bad));
  for (guint i = 0; i < rejected->len; i++)
    g_assert_cmpstr (((const CwRejected *) rejected->pdata[i])->name, ==, bad[i]);

  assert_names (one, (const char *const[]){ "grey.png", NULL });
  image = cw_dataset_load_image (one, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->w, ==, 24);
}

/* ---- layouts ---- */

static void
test_ferplus (void)
{
  g_autoptr (CwDataset) dataset = open_fixture ("ferplus", NULL);
  static const struct
  {
    const char *name, *label;
  } want[] = {
    { "FER2013Train/fer0000000.png", "neutral" },   { "FER2013Train/fer0000001.png", "happiness" },
    { "FER2013Train/fer0000002.png", "none" },      { "FER2013Train/fer0000003.png", "none" },
    { "FER2013Train/fer0000004.png", "none" },      { "FER2013Train/fer0000005.png", "none" },
    { "FER2013Train/fer0000006.png", "anger" },     { "FER2013Train/fer0000007.png", "disgust" },
    { "FER2013Train/fer0000008.png", "fear" },      { "FER2013Train/fer0000009.png", "contempt" },
    { "FER2013Train/fer0000010.png", "surprise" },  { "FER2013Train/fer0000011.png", "sadness" },
    { "FER2013Valid/fer0020000.png", "surprise" },  { "FER2013Valid/fer0020001.png", "none" },
  };
  /* 8 neutral, 1 happiness, 1 unknown. */
  static const float votes[10] = { 8, 1, 0, 0, 0, 0, 0, 0, 1, 0 };
  guint first;
  g_autoptr (CwImage) image = NULL;

  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "ferplus");
  g_assert_cmpuint (cw_dataset_get_n_items (dataset), ==, G_N_ELEMENTS (want));
  g_assert_cmpuint (cw_dataset_get_n_labels (dataset), ==, 8);
  for (size_t i = 0; i < G_N_ELEMENTS (want); i++)
    {
      g_assert_cmpstr (label_of (dataset, want[i].name), ==, want[i].label);
      g_assert_cmpint (find (dataset, want[i].name)->split, ==,
                       want[i].name[7] == 'T' ? CW_SPLIT_TRAIN : CW_SPLIT_VALID);
    }
  g_assert_cmpuint (cw_dataset_get_n_columns (dataset), ==, 10);
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, 3), ==, "votes-surprise");
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, 9), ==, "votes-no-face");
  cw_dataset_find (dataset, want[0].name, &first);
  for (guint c = 0; c < 10; c++)
    g_assert_cmpfloat (cw_dataset_get_column (dataset, c, first), ==, votes[c]);
  image = cw_dataset_load_image (dataset, first, 0, NULL);
  g_assert_cmpint (image->w, ==, 8);

  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 6);
  assert_refused (dataset, "FER2013Train/fer0000012.png", "no such picture");
  assert_refused (dataset, "FER2013Train/fer0000000.png", "twice");
  assert_refused (dataset, "FER2013Train/label.csv:15", "ten votes");
  assert_refused (dataset, "FER2013Train/fer0000099.png", "in no row");
  assert_refused (dataset, "fer2013new.csv:5", "no face");
  assert_refused (dataset, "FER2013Valid/fer0020000.png", "twice");
}

/* Tables below Labels/, pictures below Images/, as some copies have it. */
static void
test_ferplus_apart (void)
{
  g_autofree char *root = g_build_filename (folder, "apart", NULL);
  g_autofree char *table
      = g_build_filename (root, "Labels", "FER2013Test", "label.csv", NULL);
  g_autoptr (CwDataset) dataset = NULL;

  write_file (table, "fer1.png,\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,0,0,0\n");
  add_file ("apart", "Images/FER2013Test/fer1.png");
  add_file ("apart", "Images/FER2013Valid/fer2.png");
  dataset = open_at (root, NULL, NULL);
  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "ferplus");
  assert_names (dataset, (const char *const[]){ "FER2013Test/fer1.png", NULL });
  g_assert_cmpint (cw_dataset_get_item (dataset, 0)->split, ==, CW_SPLIT_TEST);
  g_assert_cmpstr (label_of (dataset, "FER2013Test/fer1.png"), ==, "happiness");
  assert_refused (dataset, "FER2013Valid", "no label.csv");
}

static void
assert_grey (CwDataset *dataset, const char *name, int first, int last)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = NULL;
  guint index;

  g_assert_true (cw_dataset_find (dataset, name, &index));
  image = cw_dataset_load_image (dataset, index, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->w, ==, 4);
  g_assert_cmpint (image->h, ==, 4);
  g_assert_cmpint (image->c, ==, 1);
  g_assert_cmpint (image->data[0], ==, first);
  g_assert_cmpint (image->data[15], ==, last);
}

static void
test_fer2013 (void)
{
  g_autoptr (CwDataset) in_folder = open_fixture ("fer2013", NULL);
  g_autoptr (CwDataset) dataset = open_fixture ("fer2013", "fer2013.csv");
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) small = NULL;
  guint bad;

  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "fer2013");
  g_assert_cmpuint (cw_dataset_fingerprint (in_folder), ==, cw_dataset_fingerprint (dataset));
  assert_names (dataset, (const char *const[]){ "fer2013-0000000", "fer2013-0000001",
                                                "fer2013-0000002", "fer2013-0000005", NULL });
  g_assert_cmpstr (label_of (dataset, "fer2013-0000000"), ==, "anger");
  g_assert_cmpstr (label_of (dataset, "fer2013-0000001"), ==, "happiness");
  g_assert_cmpstr (label_of (dataset, "fer2013-0000002"), ==, "neutral");
  g_assert_cmpint (cw_dataset_get_item (dataset, 0)->split, ==, CW_SPLIT_TRAIN);
  g_assert_cmpint (cw_dataset_get_item (dataset, 1)->split, ==, CW_SPLIT_VALID);
  g_assert_cmpint (cw_dataset_get_item (dataset, 2)->split, ==, CW_SPLIT_TEST);
  assert_grey (dataset, "fer2013-0000000", 0, 240);
  assert_grey (dataset, "fer2013-0000001", 7, 7);
  small = cw_dataset_load_image (dataset, 0, 2, &error);
  g_assert_cmpint (small->w, ==, 2);
  /* The mean of 0, 16, 64, 80. */
  g_assert_cmpint (small->data[0], ==, 40);
  assert_refused (dataset, "fer2013-0000003", "3 pixels");
  assert_refused (dataset, "fer2013-0000004", "0 to 6");
  /* A value of 256 shows only when the picture is wanted. */
  cw_dataset_find (dataset, "fer2013-0000005", &bad);
  g_assert_null (cw_dataset_load_image (dataset, bad, 0, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (error->message, "fer2013.csv: line 7"));
}

/* Somebody cuts the table while it is open. */
static void
test_fer2013_cut (void)
{
  g_autofree char *path = g_build_filename (folder, "cut", "fer2013.csv", NULL);
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwImage) first = NULL;
  g_autoptr (CwImage) second = NULL;
  g_autoptr (GError) error = NULL;
  static const char text[]
      = "emotion,pixels,Usage\n0,1 2 3 4,Training\n3,5 6 7 8,Training\n";

  write_file (path, text);
  dataset = cw_dataset_open (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (truncate (path, (off_t) (strstr (text, "6 7") - text)), ==, 0);
  first = cw_dataset_load_image (dataset, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first->data[3], ==, 4);
  second = cw_dataset_load_image (dataset, 1, 0, &error);
  g_assert_null (second);
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (error->message, "fer2013.csv"));
}

static void
test_fer2013_variants (void)
{
  g_autoptr (CwDataset) icml = open_fixture ("fer2013-icml", NULL);
  g_autoptr (CwDataset) kaggle = open_fixture ("fer2013-kaggle", NULL);
  g_autoptr (CwDataset) test = open_fixture ("fer2013-kaggle", "test.csv");

  g_assert_cmpstr (label_of (icml, "icml_face_data-0000000"), ==, "anger");
  g_assert_cmpint (cw_dataset_get_item (icml, 1)->split, ==, CW_SPLIT_VALID);
  assert_grey (icml, "icml_face_data-0000000", 0, 240);
  assert_names (kaggle, (const char *const[]){ "train-0000000", "train-0000001", "test-0000000",
                                               NULL });
  g_assert_cmpstr (label_of (kaggle, "train-0000000"), ==, "disgust");
  g_assert_cmpstr (label_of (kaggle, "train-0000001"), ==, "fear");
  g_assert_cmpstr (label_of (kaggle, "test-0000000"), ==, "none");
  g_assert_cmpint (find (kaggle, "train-0000001")->split, ==, CW_SPLIT_TRAIN);
  g_assert_cmpint (find (kaggle, "test-0000000")->split, ==, CW_SPLIT_TEST);
  assert_grey (kaggle, "train-0000000", 0, 240);
  assert_grey (kaggle, "test-0000000", 7, 7);
  g_assert_cmpuint (cw_dataset_get_n_items (test), ==, 1);
}

static void
test_fer2013_broken (void)
{
  g_autofree char *path = g_build_filename (folder, "broken", "fer2013.csv", NULL);
  g_autofree char *message = NULL;
  g_autofree char *split = NULL;
  g_autofree char *empty = NULL;
  g_autofree char *quote = NULL;

  write_file (path, "emotion,Usage\n0,Training\n");
  message = refuse (path, NULL, NULL, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (message, "broken/fer2013.csv: no column 'pixels'"));
  write_file (path, "emotion,pixels,Usage\n0,1 2 3 4,Training\n0,1 2 3 4,Private\n");
  split = refuse (path, NULL, NULL, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (split, "fer2013.csv:3: Usage = 'Private' is none"));
  write_file (path, "");
  empty = refuse (path, NULL, NULL, CW_ERROR_EMPTY);
  write_file (path, "emotion,pixels\n0,\"1 2 3 4\n");
  quote = refuse (path, NULL, NULL, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (quote, "line 2"));
}

static void
test_rafdb (void)
{
  g_autoptr (CwDataset) dataset = open_fixture ("rafdb", NULL);
  g_autoptr (CwDataset) basic = open_fixture ("rafdb", "basic");
  g_autofree char *aligned = NULL;
  g_autofree char *original = NULL;
  guint index;

  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "rafdb");
  g_assert_cmpuint (cw_dataset_fingerprint (basic), ==, cw_dataset_fingerprint (dataset));
  assert_names (dataset, (const char *const[]){ "train_00001.jpg", "train_00002.jpg",
                                                "Train_00003.jpg", "test_0001.jpg", NULL });
  g_assert_cmpstr (label_of (dataset, "train_00001.jpg"), ==, "sadness");
  g_assert_cmpstr (label_of (dataset, "train_00002.jpg"), ==, "surprise");
  g_assert_cmpstr (label_of (dataset, "Train_00003.jpg"), ==, "neutral");
  g_assert_cmpstr (label_of (dataset, "test_0001.jpg"), ==, "happiness");
  g_assert_cmpint (find (dataset, "Train_00003.jpg")->split, ==, CW_SPLIT_TRAIN);
  g_assert_cmpint (find (dataset, "test_0001.jpg")->split, ==, CW_SPLIT_TEST);
  /* Both are there: the aligned one counts. */
  cw_dataset_find (dataset, "train_00001.jpg", &index);
  aligned = cw_dataset_dup_path (dataset, index);
  g_assert_true (g_str_has_suffix (aligned, "basic/Image/aligned/train_00001_aligned.jpg"));
  cw_dataset_find (dataset, "train_00002.jpg", &index);
  original = cw_dataset_dup_path (dataset, index);
  g_assert_true (g_str_has_suffix (original, "basic/Image/original/TRAIN_00002.JPG"));
  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 5);
  assert_refused (dataset, "train_00004.jpg", "no such picture");
  assert_refused (dataset, "test_0002.jpg", "no such picture");
  assert_refused (dataset, "list_patition_label.txt:8", "1 to 7");
  assert_refused (dataset, "list_patition_label.txt:10", "1 to 7");
  assert_refused (dataset, "other_1.jpg", "neither");
}

static void
test_rafdb_variants (void)
{
  g_autofree char *lists = g_build_filename (folder, "raf-lists", NULL);
  g_autofree char *train = g_build_filename (lists, "EmoLabel", "train.txt", NULL);
  g_autofree char *test = g_build_filename (lists, "EmoLabel", "test.txt", NULL);
  g_autofree char *numbered = g_build_filename (folder, "raf-numbered", NULL);
  g_autoptr (CwDataset) from_lists = NULL;
  g_autoptr (CwDataset) from_folders = NULL;

  write_file (train, "train_00001_aligned.jpg 6\n");
  write_file (test, "test_0001_aligned.jpg 2\n");
  add_file ("raf-lists", "Image/aligned_224/train_00001_aligned.jpg");
  add_file ("raf-lists", "Image/aligned_224/test_0001_aligned.jpg");
  from_lists = open_at (lists, NULL, NULL);
  g_assert_cmpstr (cw_dataset_get_layout (from_lists), ==, "rafdb");
  g_assert_cmpstr (label_of (from_lists, "train_00001_aligned.jpg"), ==, "anger");
  g_assert_cmpstr (label_of (from_lists, "test_0001_aligned.jpg"), ==, "fear");
  g_assert_cmpint (find (from_lists, "test_0001_aligned.jpg")->split, ==, CW_SPLIT_TEST);

  for (int i = 1; i <= 7; i++)
    {
      g_autofree char *name = g_strdup_printf ("DATASET/train/%d/t%d.jpg", i, i);

      add_file ("raf-numbered", name);
    }
  add_file ("raf-numbered", "DATASET/test/3/a.jpg");
  add_file ("raf-numbered", "DATASET/test/8/a.jpg");
  from_folders = open_at (numbered, NULL, NULL);
  g_assert_cmpstr (cw_dataset_get_layout (from_folders), ==, "rafdb");
  g_assert_cmpuint (cw_dataset_get_n_items (from_folders), ==, 8);
  g_assert_cmpstr (label_of (from_folders, "test/3/a.jpg"), ==, "disgust");
  g_assert_cmpint (find (from_folders, "test/3/a.jpg")->split, ==, CW_SPLIT_TEST);
  g_assert_cmpstr (label_of (from_folders, "train/7/t7.jpg"), ==, "neutral");
  assert_refused (from_folders, "test/8/a.jpg", "1 to 7");
}

static void
test_table (void)
{
  g_autoptr (CwDataset) dataset = open_fixture ("table", NULL);
  g_autoptr (CwDataset) file = open_fixture ("table", "labels.csv");
  const CwItem *item;
  guint index;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = NULL;

  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "table");
  g_assert_cmpuint (cw_dataset_fingerprint (file), ==, cw_dataset_fingerprint (dataset));
  assert_names (dataset, (const char *const[]){ "a/1.png", "a/2.png", "b/3.png", "b/4.png", NULL });
  g_assert_cmpstr (label_of (dataset, "a/1.png"), ==, "happiness");
  g_assert_cmpstr (label_of (dataset, "a/2.png"), ==, "sadness");
  g_assert_cmpstr (label_of (dataset, "b/3.png"), ==, "happiness");
  g_assert_cmpstr (label_of (dataset, "b/4.png"), ==, "none");
  g_assert_cmpuint (cw_dataset_get_n_subjects (dataset), ==, 2);
  item = find (dataset, "b/3.png");
  g_assert_cmpstr (cw_dataset_get_subject (dataset, item->subject), ==, "P2");
  g_assert_cmpint (item->split, ==, CW_SPLIT_VALID);
  g_assert_cmpint (find (dataset, "b/4.png")->split, ==, CW_SPLIT_NONE);
  /* The note holds words: it is no column. */
  g_assert_cmpuint (cw_dataset_get_n_columns (dataset), ==, 2);
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, 0), ==, "intensity");
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, 1), ==, "age");
  /* Nor is the source, though it looks like a number in places. */
  g_assert_cmpuint (cw_dataset_get_n_sources (dataset), ==, 2);
  g_assert_cmpint (find (dataset, "a/1.png")->source, ==, find (dataset, "a/2.png")->source);
  g_assert_cmpint (item->source, ==, 1);
  g_assert_cmpint (find (dataset, "b/4.png")->source, ==, -1);
  cw_dataset_find (dataset, "b/3.png", &index);
  g_assert_cmpfloat (cw_dataset_get_column (dataset, 0, index), ==, 0.1f);
  g_assert_true (isnan (cw_dataset_get_column (dataset, 1, index)));
  assert_refused (dataset, "b/none.png", "no such picture");
  assert_refused (dataset, "line 7", "empty");
  image = cw_dataset_load_image (file, index, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->data[0], ==, 80);
}

/* A cell without a number takes no column away; a word does, and that is told. */
static void
test_table_missing (void)
{
  static const char *const cells[] = { "nan", "NA", "n/a", "NULL", "None", "inf", "-Infinity", "1e99", "" };
  g_autoptr (GString) text = g_string_new ("path,Valence,arousal,note,split\n");
  g_autofree char *path = g_build_filename (folder, "missing", "labels.csv", NULL);
  g_autoptr (CwDataset) dataset = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cells) + 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *number = g_strdup_printf ("-%u.5", i);

      add_file ("missing", name);
      g_string_append_printf (text, "%s,%s,%s,%s,%s\n", name,
                              i < G_N_ELEMENTS (cells) ? cells[i] : number,
                              i == 9 ? "high" : "0.25",
                              i < G_N_ELEMENTS (cells) ? cells[i] : "smiles", i == 1 ? "NA" : "dev");
    }
  write_file (path, text->str);
  dataset = open_at (path, NULL, NULL);
  g_assert_cmpuint (cw_dataset_get_n_items (dataset), ==, G_N_ELEMENTS (cells) + 2);
  g_assert_cmpuint (cw_dataset_get_n_columns (dataset), ==, 1);
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, 0), ==, "Valence");
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    g_assert_true (isnan (cw_dataset_get_column (dataset, 0, i)));
  g_assert_cmpfloat (cw_dataset_get_column (dataset, 0, G_N_ELEMENTS (cells)), ==, -9.5f);
  g_assert_cmpuint (cw_dataset_count_split (dataset, CW_SPLIT_NONE), ==, 1);
  /* A column of nothing but words is nothing to tell of. */
  g_assert_cmpuint (cw_dataset_get_n_remarks (dataset), ==, 1);
  g_assert_nonnull (strstr (cw_dataset_get_remark (dataset, 0),
                            "missing/labels.csv:11: arousal = 'high' is no number"));
}

static void
test_table_broken (void)
{
  g_autofree char *path = g_build_filename (folder, "broken", "mine.csv", NULL);
  g_autofree char *column = NULL;
  g_autofree char *split = NULL;
  g_autofree char *rows = NULL;

  write_file (path, "label,name\nhappy,1.png\n");
  column = refuse (path, NULL, NULL, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (column, "mine.csv: no column 'path'"));
  g_assert_nonnull (strstr (column, "label, name"));
  /* Not dealt anew because of a slip, even where there is no such picture. */
  write_file (path, "path,Usage\nnowhere.png,Dev\n,TESTING\n\nnowhere.png,\nnowhere.png,eval\n");
  split = refuse (path, NULL, NULL, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (split, "mine.csv:6: Usage = 'eval' is none of train, valid, test"));
  write_file (path, "path,label\nnowhere.png,happy\n");
  rows = refuse (path, NULL, NULL, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (rows, "nowhere.png"));
}

static void
assert_triplet (CwDataset *dataset, guint index, guint first, guint second, guint third, int odd,
                int n_classes, CwSplit split)
{
  const CwTriplet *triplet = cw_dataset_get_triplet (dataset, index);

  g_assert_cmpuint (triplet->items[0], ==, first);
  g_assert_cmpuint (triplet->items[1], ==, second);
  g_assert_cmpuint (triplet->items[2], ==, third);
  g_assert_cmpint (triplet->odd, ==, odd);
  g_assert_cmpint (triplet->n_classes, ==, n_classes);
  g_assert_cmpint (triplet->split, ==, split);
}

/* Faces are cut out of pictures; a row is a triplet only where four of six agree and all three faces are
 * there. */
static void
test_fec (void)
{
  g_autoptr (CwDataset) dataset = open_fixture ("fec", NULL);
  g_autoptr (CwDataset) test = open_fixture ("fec", "faceexp-comparison-data-test-public.csv");
  g_autoptr (GError) error = NULL;
  static const struct
  {
    int max_side, w, h, first, last;
  } faces[] = { { 0, 20, 20, 30, 30 }, { 10, 10, 10, 200, 200 } };

  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "fec");
  assert_names (dataset, (const char *const[]){
                             "pictures/half.png#0,0.5,0,1", "pictures/half.png#0.5,1,0,1",
                             "pictures/ramp.png#0,1,0,1", "pictures/flat.png#0,1,0,1",
                             "pictures/ramp.png#-0.01,0.5,0,1", NULL });
  for (guint i = 0; i < G_N_ELEMENTS (faces); i++)
    {
      g_autoptr (CwImage) image
          = cw_dataset_load_image (dataset, i, faces[i].max_side, &error);

      g_assert_no_error (error);
      g_assert_cmpint (image->w, ==, faces[i].w);
      g_assert_cmpint (image->h, ==, faces[i].h);
      g_assert_cmpint (image->data[0], ==, faces[i].first);
      g_assert_cmpint (image->data[image->w * image->h - 1], ==, faces[i].last);
    }
  g_assert_cmpuint (cw_dataset_get_n_sources (dataset), ==, 3);
  g_assert_cmpint (cw_dataset_get_item (dataset, 0)->source, ==,
                   cw_dataset_get_item (dataset, 1)->source);
  g_assert_cmpint (cw_dataset_get_item (dataset, 4)->split, ==, CW_SPLIT_TEST);
  g_assert_cmpint (cw_dataset_get_item (dataset, 3)->split, ==, CW_SPLIT_TRAIN);
  g_assert_cmpuint (cw_dataset_get_n_triplets (dataset), ==, 4);
  assert_triplet (dataset, 0, 0, 1, 2, 1, 1, CW_SPLIT_TRAIN);
  assert_triplet (dataset, 1, 0, 2, 3, 2, 3, CW_SPLIT_TRAIN);
  assert_triplet (dataset, 2, 0, 1, 2, 1, 2, CW_SPLIT_TEST);
  assert_triplet (dataset, 3, 4, 3, 1, 0, 3, CW_SPLIT_TEST);
  g_assert_cmpuint (cw_dataset_get_n_triplets (test), ==, 2);
  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 6);
  assert_refused (dataset, "faceexp-comparison-data-test-public.csv:2", "four of six");
  assert_refused (dataset, "faceexp-comparison-data-test-public.csv:3", "dead.jpg is not in files.csv");
  assert_refused (dataset, "faceexp-comparison-data-test-public.csv:4", "no such picture");
  assert_refused (dataset, "faceexp-comparison-data-test-public.csv:5", "box of face 3");
  assert_refused (dataset, "faceexp-comparison-data-test-public.csv:6", "kind of triplet");
  assert_refused (dataset, "faceexp-comparison-data-test-public.csv:7", "twice");
}

static void
test_fec_broken (void)
{
  g_autofree char *root = g_build_filename (folder, "fec", NULL);
  g_autofree char *table
      = g_build_filename (root, "faceexp-comparison-data-test-public.csv", NULL);
  g_autofree char *files = g_build_filename (root, "files.csv", NULL);
  g_autofree char *without = NULL;
  g_autofree char *column = NULL;

  write_file (table, "x\n");
  without = refuse (root, NULL, NULL, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (without, "fec/files.csv: no such file"));
  write_file (files, "address,path\n");
  column = refuse (root, NULL, NULL, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (column, "no column 'url'"));
}

/* ---- opening ---- */

static void
test_nothing (void)
{
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autofree char *text = g_build_filename (folder, "notes.txt", NULL);
  g_autofree char *nowhere = refuse ("/no/such/place", NULL, NULL, CW_ERROR_NOT_FOUND);
  g_autofree char *nothing = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *reader = NULL;
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;
  g_autofree char *wrong = NULL;

  g_assert_nonnull (strstr (nowhere, "/no/such/place"));
  g_mkdir (empty, 0700);
  nothing = refuse (empty, NULL, NULL, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (nothing, empty));
  write_file (text, "words");
  unknown = refuse (text, NULL, NULL, CW_ERROR_UNSUPPORTED_FORMAT);
  g_assert_nonnull (strstr (unknown, text));
  reader = refuse (empty, "no-such-reader", NULL, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (reader, "ferplus"));
  key = refuse (empty, "folder", "lables=folder", CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (key, "lables"));
  value = refuse (empty, "folder", "labels=maybe", CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (value, "maybe"));
  wrong = refuse (empty, "rafdb", NULL, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (wrong, "EmoLabel"));
}

static int
scheme_probe (const char *location)
{
  return g_str_has_prefix (location, "counted:numbers") ? 100 : 0;
}

typedef struct
{
  int n;
  int first;
} CountParams;

static CwDataset *
scheme_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  const CountParams *p = block;
  CwDataset *dataset = cw_dataset_new (location, "counted");

  for (int i = 0; i < p->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", p->first + i);

      cw_dataset_add_item (dataset, name, "/dev/null", -1, -1, CW_SPLIT_NONE, NULL);
    }
  return dataset;
}

/* Readers of plugins take part like the built-in ones. */
static void
test_scheme (void)
{
  static const CwParamSpec params[] = {
    CW_PARAM_INT (CountParams, n, "n", "Number", "", 1, 100, 3, "How many"),
    CW_PARAM_INT (CountParams, first, "first", "First", "", 0, 100, 0, "The first"),
    CW_PARAM_END,
  };
  static const CwReaderClass reader = {
    .base = { .abi = CW_ABI_VERSION, .kind = CW_KIND_READER, .id = "counted", .label = "Counted",
              .description = "Numbers", .params = params, .params_size = sizeof (CountParams) },
    .probe = scheme_probe,
    .open = scheme_open,
  };
  g_autofree char *missing = refuse ("counted:numbers?n=2", NULL, NULL, CW_ERROR_NOT_FOUND);
  g_autofree char *range = NULL;
  g_autofree char *pair = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwDataset) plain = NULL;
  g_autoptr (CwDataset) placed = NULL;
  CwPoint points[CW_N_LANDMARKS];

  g_assert_nonnull (strstr (missing, "counted:numbers?n=2"));
  g_assert_nonnull (strstr (missing, "'counted-numbers' is not loaded"));
  g_assert_true (cw_registry_add (&reader.base, "test", NULL));
  dataset = open_at ("counted:numbers?n=2", NULL, "first=7");
  assert_names (dataset, (const char *const[]){ "7", "8", NULL });
  plain = open_at ("counted:numbers", NULL, NULL);
  g_assert_cmpuint (cw_dataset_get_n_items (plain), ==, 3);
  placed = open_at ("counted:numbers?n=2&face=0.5,0,0.5,1", NULL, NULL);
  cw_dataset_get_landmarks (placed, 0, points);
  g_assert_cmpfloat_with_epsilon (points[0].x, 0.5f + 0.5f * cw_landmark_template[0].point.x, 1e-6f);
  range = refuse ("counted:numbers?n=0", NULL, NULL, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (range, "n = 0"));
  pair = refuse ("counted:numbers?n", NULL, NULL, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (pair, "KEY=VALUE"));
}

/* Every reader takes it, in options and in an address. */
static void
test_face (void)
{
  static const char *const bad[]
      = { "", "1", "a,b,c,d", "0,0,1", "0,0,1,1,1", "0,0,1,1 ", "0,0,0,1", "0,0,nan,1",
          "10,20,100,100", "0;0;1;1" };
  g_autofree char *path = cw_test_file ("fixtures", "pictures", NULL);
  g_autoptr (CwDataset) plain = open_at (path, NULL, NULL);
  g_autoptr (CwDataset) moved = open_at (path, NULL, "face=-0.09,-0.05,1.18,0.84");
  CwPoint points[CW_N_LANDMARKS];

  cw_dataset_get_landmarks (moved, 0, points);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      const CwPoint *from = &cw_landmark_template_points ()[i];

      g_assert_cmpfloat_with_epsilon (points[i].x, -0.09f + 1.18f * from->x, 1e-6f);
      g_assert_cmpfloat_with_epsilon (points[i].y, -0.05f + 0.84f * from->y, 1e-6f);
    }
  cw_dataset_get_landmarks (plain, 0, points);
  g_assert_cmpmem (points, sizeof points, cw_landmark_template_points (), sizeof points);
  g_assert_cmpstr (cw_dataset_get_parameters (moved), ==, cw_dataset_get_parameters (plain));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *options = g_strconcat ("face=", bad[i], NULL);
      g_autofree char *said = g_strconcat (path, ": face = ", bad[i], ";", NULL);
      g_autofree char *message = refuse (path, NULL, options, CW_ERROR_INVALID_CONFIG);

      g_assert_true (g_str_has_prefix (message, said));
    }
}

static void
test_cancelled (void)
{
  g_autofree char *path = cw_test_file ("fixtures", "pictures", NULL);
  g_autoptr (CwJob) job = cw_job_new (NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  cw_job_cancel (job);
  g_assert_null (cw_dataset_open (path, NULL, NULL, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The published counts by the majority rule, of the copy without the pictures that are in test, too. */
static void
test_ferplus_counts (void)
{
  const char *location = g_getenv ("CONTRAWARP_FERPLUS");
  /* neutral, happiness, sadness, surprise, fear, disgust, anger, contempt, unclear */
  static const guint want[2][9] = { { 8689, 7245, 2985, 2993, 523, 110, 2050, 117, 3459 },
                                    { 1172, 854, 344, 393, 60, 25, 285, 16, 384 } };
  g_autoptr (CwDataset) dataset = NULL;
  guint counts[2][9] = { { 0 } };

  if (location == NULL)
    {
      g_test_skip ("CONTRAWARP_FERPLUS names no folder with FER+");
      return;
    }
  dataset = open_at (location, NULL, NULL);
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      g_assert_true (item->split == CW_SPLIT_TRAIN || item->split == CW_SPLIT_VALID);
      counts[item->split][item->label >= 0 ? item->label : 8]++;
    }
  for (int s = 0; s < 2; s++)
    {
      for (int c = 0; c < 9; c++)
        g_assert_cmpuint (counts[s][c], ==, want[s][c]);
    }
  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  folder = cw_test_make_folder ();
  g_test_add_func ("/cw/readers/csv", test_csv);
  g_test_add_func ("/cw/readers/csv-broken", test_csv_broken);
  g_test_add_func ("/cw/readers/emotions", test_emotions);
  g_test_add_func ("/cw/readers/folder", test_folder);
  g_test_add_func ("/cw/readers/folder-links", test_folder_links);
  g_test_add_func ("/cw/readers/folder-labels", test_folder_labels);
  g_test_add_func ("/cw/readers/folder-no-splits", test_folder_no_splits);
  g_test_add_func ("/cw/readers/pictures", test_pictures);
  g_test_add_func ("/cw/readers/ferplus", test_ferplus);
  g_test_add_func ("/cw/readers/ferplus-apart", test_ferplus_apart);
  g_test_add_func ("/cw/readers/fer2013", test_fer2013);
  g_test_add_func ("/cw/readers/fer2013-cut", test_fer2013_cut);
  g_test_add_func ("/cw/readers/fer2013-variants", test_fer2013_variants);
  g_test_add_func ("/cw/readers/fer2013-broken", test_fer2013_broken);
  g_test_add_func ("/cw/readers/rafdb", test_rafdb);
  g_test_add_func ("/cw/readers/rafdb-variants", test_rafdb_variants);
  g_test_add_func ("/cw/readers/table", test_table);
  g_test_add_func ("/cw/readers/table-missing", test_table_missing);
  g_test_add_func ("/cw/readers/table-broken", test_table_broken);
  g_test_add_func ("/cw/readers/fec", test_fec);
  g_test_add_func ("/cw/readers/fec-broken", test_fec_broken);
  g_test_add_func ("/cw/readers/nothing", test_nothing);
  g_test_add_func ("/cw/readers/scheme", test_scheme);
  g_test_add_func ("/cw/readers/face", test_face);
  g_test_add_func ("/cw/readers/cancelled", test_cancelled);
  g_test_add_func ("/cw/readers/ferplus-counts", test_ferplus_counts);
  status = g_test_run ();
  cw_test_remove_folder (folder);
  return status;
}

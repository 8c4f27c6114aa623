/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "cw-test.h"
#include "data/cw-split.h"

#include <string.h>

/* @n items; label, subject and split of item i by the functions. */
typedef int (*Choose) (guint i);

static CwDataset *
make (guint n, int n_labels, int n_subjects, Choose label, Choose subject, Choose split)
{
  CwDataset *dataset = cw_dataset_new ("somewhere", "test");

  for (int i = 0; i < n_labels; i++)
    {
      g_autofree char *name = g_strdup_printf ("class-%d", i);

      cw_dataset_add_label (dataset, name);
    }
  for (int i = 0; i < n_subjects; i++)
    {
      g_autofree char *name = g_strdup_printf ("person-%d", i);

      cw_dataset_add_subject (dataset, name);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);

      cw_dataset_add_item (dataset, name, NULL, label (i), subject (i), (CwSplit) split (i), NULL);
    }
  return dataset;
}

static int
none (guint i)
{
  return -1;
}

static int
three (guint i)
{
  return (int) i % 3;
}

/* Every fifth is unlabelled. */
static int
three_or_none (guint i)
{
  return i % 5 == 4 ? -1 : (int) (i * i % 7) % 3;
}

static int
by_tens (guint i)
{
  return (int) i / 10;
}

static int
train_valid_test (guint i)
{
  return (int) (i / 2) % 3;
}

static int
train_test (guint i)
{
  return i % 4 == 0 ? CW_SPLIT_TEST : CW_SPLIT_TRAIN;
}

static void
split (CwDataset *dataset, guint64 seed, GArray **fit, GArray **score, const char **how)
{
  g_autoptr (GError) error = NULL;

  cw_split_fit_score (dataset, seed, fit, score, how, &error);
  g_assert_no_error (error);
  for (guint side = 0; side < 2; side++)
    {
      GArray *items = side == 0 ? *fit : *score;

      for (guint i = 0; i < items->len; i++)
        {
          guint32 item = g_array_index (items, guint32, i);

          g_assert_true (i == 0 || g_array_index (items, guint32, i - 1) < item);
          g_assert_cmpint (cw_dataset_get_item (dataset, item)->label, >=, 0);
        }
    }
}

static void
test_select (void)
{
  g_autoptr (CwDataset) dataset = make (12, 3, 0, three, none, train_valid_test);
  g_autoptr (GArray) all = cw_split_select (dataset, CW_SPLIT_NONE);
  g_autoptr (GArray) valid = cw_split_select (dataset, CW_SPLIT_VALID);
  const guint32 want[] = { 2, 3, 8, 9 };

  g_assert_cmpuint (all->len, ==, 12);
  g_assert_cmpmem (valid->data, valid->len * 4, want, sizeof want);
  g_assert_cmpuint (cw_dataset_count_split (dataset, CW_SPLIT_VALID), ==, 4);
}

static void
test_layout (void)
{
  g_autoptr (CwDataset) with_valid = make (60, 3, 6, three_or_none, by_tens, train_valid_test);
  g_autoptr (CwDataset) with_test = make (60, 3, 6, three_or_none, by_tens, train_test);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  const char *how;

  split (with_valid, 1, &fit, &score, &how);
  g_assert_nonnull (strstr (how, "valid"));
  for (guint i = 0; i < fit->len; i++)
    g_assert_cmpint (cw_dataset_get_item (with_valid, g_array_index (fit, guint32, i))->split, ==,
                     CW_SPLIT_TRAIN);
  for (guint i = 0; i < score->len; i++)
    g_assert_cmpint (cw_dataset_get_item (with_valid, g_array_index (score, guint32, i))->split, ==,
                     CW_SPLIT_VALID);
  /* All labelled ones of the two splits: 20 each, of which every fifth has no label. */
  g_assert_cmpuint (fit->len + score->len, ==, 32);
  g_clear_pointer (&fit, g_array_unref);
  g_clear_pointer (&score, g_array_unref);

  split (with_test, 1, &fit, &score, &how);
  g_assert_nonnull (strstr (how, "test"));
  for (guint i = 0; i < score->len; i++)
    g_assert_cmpint (cw_dataset_get_item (with_test, g_array_index (score, guint32, i))->split, ==,
                     CW_SPLIT_TEST);
}

/* 12 persons of 10 pictures: 4 of them are scored. */
static void
test_subjects (void)
{
  g_autoptr (CwDataset) dataset = make (120, 3, 12, three_or_none, by_tens, none);
  GArray *fit[3], *score[3];
  const guint64 seeds[3] = { 5, 5, 6 };
  const char *how;

  for (int k = 0; k < 3; k++)
    {
      guint8 side_of[12] = { 0 };
      guint n_scored = 0;

      split (dataset, seeds[k], &fit[k], &score[k], &how);
      g_assert_nonnull (strstr (how, "subject"));
      for (guint i = 0; i < fit[k]->len; i++)
        side_of[g_array_index (fit[k], guint32, i) / 10] |= 1;
      for (guint i = 0; i < score[k]->len; i++)
        side_of[g_array_index (score[k], guint32, i) / 10] |= 2;
      for (int s = 0; s < 12; s++)
        {
          /* Never on both sides, never on none. */
          g_assert_true (side_of[s] == 1 || side_of[s] == 2);
          n_scored += side_of[s] == 2;
        }
      g_assert_cmpuint (n_scored, ==, 4);
      g_assert_cmpuint (fit[k]->len + score[k]->len, ==, 96);
    }
  g_assert_cmpmem (fit[0]->data, fit[0]->len * 4, fit[1]->data, fit[1]->len * 4);
  g_assert_true (fit[0]->len != fit[2]->len
                 || memcmp (fit[0]->data, fit[2]->data, fit[0]->len * 4) != 0);
  for (int k = 0; k < 3; k++)
    {
      g_array_unref (fit[k]);
      g_array_unref (score[k]);
    }
}

static int
mostly_known (guint i)
{
  return i % 3 == 0 ? -1 : (int) i / 10;
}

static int
hardly_known (guint i)
{
  return i < 20 ? (int) i / 10 : -1;
}

/* Pictures of nobody known are left out of a subject split; where they are the most, there is none. */
static void
test_unknown_subjects (void)
{
  g_autoptr (CwDataset) mostly = make (120, 3, 12, three, mostly_known, none);
  g_autoptr (CwDataset) hardly = make (120, 3, 12, three, hardly_known, none);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  const char *how;
  g_autoptr (GError) error = NULL;

  split (hardly, 1, &fit, &score, &how);
  g_assert_nonnull (strstr (how, "class"));
  g_assert_cmpuint (fit->len + score->len, ==, 120);
  g_clear_pointer (&fit, g_array_unref);
  g_clear_pointer (&score, g_array_unref);
  split (mostly, 1, &fit, &score, &how);
  g_assert_nonnull (strstr (how, "subject"));
  g_assert_cmpuint (fit->len + score->len, ==, 80);
}

/* Classes of 1, 2, 3, 4, 50 pictures. */
static int
uneven (guint i)
{
  return i < 1 ? 0 : i < 3 ? 1 : i < 6 ? 2 : i < 10 ? 3 : 4;
}

static void
test_classes (void)
{
  g_autoptr (CwDataset) dataset = make (60, 5, 0, uneven, none, none);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  g_autoptr (GArray) again_fit = NULL;
  g_autoptr (GArray) again_score = NULL;
  const char *how;
  const int want[5] = { 0, 1, 1, 1, 17 };
  int scored[5] = { 0 };

  split (dataset, 9, &fit, &score, &how);
  split (dataset, 9, &again_fit, &again_score, &how);
  g_assert_cmpmem (score->data, score->len * 4, again_score->data, again_score->len * 4);
  for (guint i = 0; i < score->len; i++)
    scored[uneven (g_array_index (score, guint32, i))]++;
  g_assert_cmpmem (scored, sizeof scored, want, sizeof want);
  g_assert_cmpuint (fit->len + score->len, ==, 60);
}

/* Recordings of 6 frames and some pictures alone; the frames of a recording differ in their class. A
 * few pictures show person 0. */
static void
test_units (void)
{
  g_autoptr (CwDataset) dataset = make (200, 3, 1, three, none, none);
  g_autoptr (CwDataset) known = make (200, 3, 3, three, hardly_known, none);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  const char *how;
  guint8 side_of[30] = { 0 };
  int scored[3] = { 0 };

  for (guint i = 0; i < 180; i++)
    {
      g_autofree char *name = g_strdup_printf ("recording-%u", i / 6);

      cw_dataset_set_source (dataset, i, name);
    }
  split (dataset, 3, &fit, &score, &how);
  g_assert_nonnull (strstr (how, "recordings"));
  g_assert_cmpuint (fit->len + score->len, ==, 200);
  for (guint i = 0; i < fit->len; i++)
    {
      guint32 item = g_array_index (fit, guint32, i);

      if (item < 180)
        side_of[item / 6] |= 1;
    }
  for (guint i = 0; i < score->len; i++)
    {
      guint32 item = g_array_index (score, guint32, i);

      scored[three (item)]++;
      if (item < 180)
        side_of[item / 6] |= 2;
    }
  for (int r = 0; r < 30; r++)
    g_assert_true (side_of[r] == 1 || side_of[r] == 2);
  /* A third of 67, less what a recording of two would make too much. */
  for (int c = 0; c < 3; c++)
    g_assert_true (scored[c] >= 20 && scored[c] <= 23);
  g_clear_pointer (&fit, g_array_unref);
  g_clear_pointer (&score, g_array_unref);

  /* Too few known persons to split by; they are on one side all the same. */
  split (known, 3, &fit, &score, &how);
  memset (side_of, 0, sizeof side_of);
  for (guint i = 0; i < fit->len; i++)
    side_of[MIN (g_array_index (fit, guint32, i) / 10, 2)] |= 1;
  for (guint i = 0; i < score->len; i++)
    side_of[MIN (g_array_index (score, guint32, i) / 10, 2)] |= 2;
  g_assert_true (side_of[0] < 3 && side_of[1] < 3);
  g_assert_cmpint (side_of[2], ==, 3);
}

/* Two recordings, each with half of both classes: one of them is scored. */
static void
test_few_units (void)
{
  g_autoptr (CwDataset) dataset = make (20, 2, 0, by_tens, none, none);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  g_autoptr (GError) error = NULL;
  const char *how;

  for (guint i = 0; i < 20; i++)
    cw_dataset_set_source (dataset, i, i % 2 == 0 ? "even" : "odd");
  g_assert_true (cw_split_fit_score (dataset, 1, &fit, &score, &how, &error));
  g_assert_cmpuint (fit->len, ==, 10);
  g_assert_cmpuint (score->len, ==, 10);
}

static int
one_class (guint i)
{
  return i % 2 == 0 ? 0 : -1;
}

static int
second_in_valid (guint i)
{
  return i % 3 == 1 ? CW_SPLIT_VALID : CW_SPLIT_TRAIN;
}

static int
second_class_in_valid (guint i)
{
  return i % 3 == 1;
}

static void
assert_empty (CwDataset *dataset)
{
  GArray *fit = NULL, *score = NULL;
  const char *how = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_split_fit_score (dataset, 1, &fit, &score, &how, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "somewhere"));
  g_assert_nonnull (strstr (error->message, "label"));
  g_assert_null (fit);
  g_assert_null (score);
}

static void
test_empty (void)
{
  g_autoptr (CwDataset) unlabelled = make (30, 3, 0, none, none, none);
  g_autoptr (CwDataset) one = make (30, 3, 0, one_class, none, none);
  g_autoptr (CwDataset) nothing = make (0, 3, 0, three, none, none);
  /* The layout's split has a single class to fit on. */
  g_autoptr (CwDataset) apart = make (30, 2, 0, second_class_in_valid, none, second_in_valid);

  assert_empty (unlabelled);
  assert_empty (one);
  assert_empty (nothing);
  assert_empty (apart);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/split/select", test_select);
  g_test_add_func ("/cw/split/layout", test_layout);
  g_test_add_func ("/cw/split/subjects", test_subjects);
  g_test_add_func ("/cw/split/unknown-subjects", test_unknown_subjects);
  g_test_add_func ("/cw/split/classes", test_classes);
  g_test_add_func ("/cw/split/units", test_units);
  g_test_add_func ("/cw/split/few-units", test_few_units);
  g_test_add_func ("/cw/split/empty", test_empty);
  return g_test_run ();
}

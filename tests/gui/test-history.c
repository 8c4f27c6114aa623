/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "models/cwb-history.h"

#include <contrawarp.h>

static void
edit (CwbHistory *history, CwViews *views, int count, const char *key)
{
  g_autofree char *label = g_strdup_printf ("count %d", count);

  views->negatives.count = count;
  cwb_history_record (history, views, label, key);
}

static void
assert_count (const CwViews *views, int count)
{
  g_assert_nonnull (views);
  g_assert_cmpint (views->negatives.count, ==, count);
}

static void
test_undo_redo (void)
{
  g_autoptr (CwViews) views = cw_views_new (48);
  g_autoptr (CwbHistory) history = cwb_history_new (views);

  g_assert_null (cwb_history_undo (history));
  g_assert_null (cwb_history_get_undo_label (history));
  edit (history, views, 2, NULL);
  edit (history, views, 3, NULL);
  cw_pipeline_remove (views->pipeline, 0);
  cwb_history_record (history, views, "less", NULL);
  g_assert_cmpstr (cwb_history_get_undo_label (history), ==, "less");
  g_assert_cmpint (cwb_history_undo (history)->pipeline->n_steps, ==, 6);
  assert_count (cwb_history_undo (history), 2);
  g_assert_cmpstr (cwb_history_get_undo_label (history), ==, "count 2");
  g_assert_cmpstr (cwb_history_get_redo_label (history), ==, "count 3");
  assert_count (cwb_history_redo (history), 3);
  assert_count (cwb_history_undo (history), 2);
  assert_count (cwb_history_undo (history), 1);
  g_assert_null (cwb_history_undo (history));
  /* Another way: what was undone is gone. */
  edit (history, views, 7, NULL);
  g_assert_null (cwb_history_redo (history));
  g_assert_null (cwb_history_get_redo_label (history));
  assert_count (cwb_history_undo (history), 1);
}

static void
test_coalescing (void)
{
  g_autoptr (CwViews) views = cw_views_new (48);
  g_autoptr (CwbHistory) history = cwb_history_new (views);

  for (int i = 2; i < 6; i++)
    edit (history, views, i, "count");
  g_assert_cmpstr (cwb_history_get_undo_label (history), ==, "count 2");
  cwb_history_seal (history);
  edit (history, views, 6, "count");
  edit (history, views, 7, "other");
  edit (history, views, 8, "count");
  assert_count (cwb_history_get_views (history), 8);
  assert_count (cwb_history_undo (history), 7);
  assert_count (cwb_history_undo (history), 6);
  assert_count (cwb_history_undo (history), 5);
  /* After an undo nothing goes on. */
  edit (history, views, 4, "count");
  assert_count (cwb_history_undo (history), 5);
  assert_count (cwb_history_undo (history), 1);
}

static void
test_nothing_changed (void)
{
  g_autoptr (CwViews) views = cw_views_new (48);
  g_autoptr (CwbHistory) history = cwb_history_new (views);

  edit (history, views, 2, NULL);
  cwb_history_undo (history);
  edit (history, views, 1, NULL);
  g_assert_cmpstr (cwb_history_get_redo_label (history), ==, "count 2");
  g_assert_null (cwb_history_get_undo_label (history));
}

static void
test_bounded (void)
{
  g_autoptr (CwViews) views = cw_views_new (48);
  g_autoptr (CwbHistory) history = cwb_history_new (views);
  int n = 0;

  for (int i = 0; i < CWB_HISTORY_MOST + 50; i++)
    edit (history, views, i % 2 == 0 ? 2 : 1, NULL);
  while (cwb_history_undo (history) != NULL)
    n++;
  g_assert_cmpint (n, ==, CWB_HISTORY_MOST);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/history/undo-redo", test_undo_redo);
  g_test_add_func ("/history/coalescing", test_coalescing);
  g_test_add_func ("/history/nothing-changed", test_nothing_changed);
  g_test_add_func ("/history/bounded", test_bounded);
  return g_test_run ();
}

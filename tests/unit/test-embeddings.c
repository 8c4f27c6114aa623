/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-file.h"
#include "cw-test.h"
#include "search/cw-embeddings.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* Names that a table can trip over. */
static const char *const names[] = {
  "plain.png",
  "with, comma.png",
  "with \"quotes\".png",
  "two\nlines.png",
  "carriage\r\nreturn.png",
  " blanks around ",
  "Ünï-çøde 顔.png",
  "\"",
  "ends with\r",
  "tab\there",
};
#define N G_N_ELEMENTS (names)

static CwDataset *
make_dataset (void)
{
  CwDataset *dataset = cw_dataset_new ("faces of \"A\", B", "folder");

  cw_dataset_add_label (dataset, "neutral");
  cw_dataset_add_label (dataset, "happy, very");
  cw_dataset_add_subject (dataset, "S\"1\"");
  for (gsize i = 0; i < N; i++)
    cw_dataset_add_item (dataset, names[i], NULL, (int) (i % 3) - 1, (int) (i % 2) - 1,
                         i % 2 ? CW_SPLIT_VALID : CW_SPLIT_NONE, NULL);
  return dataset;
}

static CwFeatures *
make_features (void)
{
  CwFeatures *features = cw_features_new (N - 1, 3);

  cw_test_fill_normal (features->x, (N - 1) * 3, 1.0f, 1);
  /* All but the first, backwards: rows are not the dataset's. */
  for (guint i = 0; i < N - 1; i++)
    features->items[i] = N - 1 - i;
  features->model_sha256 = g_strdup ("c0ffee");
  return features;
}

/* (transfer full): E.npy in @folder, saved. */
static char *
save (const char *folder)
{
  g_autoptr (CwDataset) dataset = make_dataset ();
  g_autoptr (CwFeatures) features = make_features ();
  g_autoptr (CwEmbeddings) embeddings
      = cw_embeddings_new (features, dataset, "runs/first, best\xff");
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, "E.npy", NULL);

  cw_embeddings_save (embeddings, path, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_round_trip (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = save (folder);
  g_autoptr (CwFeatures) features = make_features ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEmbeddings) e = cw_embeddings_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (e->n, ==, N - 1);
  g_assert_cmpint (e->dim, ==, 3);
  g_assert_cmpmem (e->x, (N - 1) * 3 * sizeof (float), features->x, (N - 1) * 3 * sizeof (float));
  for (guint i = 0; i < N - 1; i++)
    {
      guint item = N - 1 - i;

      g_assert_cmpstr (e->paths[i], ==, names[item]);
      g_assert_cmpstr (e->labels[i], ==,
                       item % 3 == 0 ? "" : item % 3 == 1 ? "neutral" : "happy, very");
      g_assert_cmpstr (e->subjects[i], ==, item % 2 ? "S\"1\"" : "");
      g_assert_cmpstr (e->splits[i], ==, item % 2 ? "valid" : "");
    }
  g_assert_cmpstr (e->dataset, ==, "faces of \"A\", B");
  g_assert_cmpstr (e->model, ==, "runs/first, best\357\277\275"); /* the replacement character */
  g_assert_cmpstr (e->sha256, ==, "c0ffee");
  cw_test_remove_folder (folder);
}

/* What other tools see. */
static void
test_files (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = save (folder);
  g_autofree char *csv = g_build_filename (folder, "E.csv", NULL);
  g_autofree char *json = g_build_filename (folder, "E.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "path,label,subject,split\ntab\there,,\"S\"\"1\"\"\",valid\n"));
  g_assert_nonnull (strstr (text, "\n\"with, comma.png\",neutral,\"S\"\"1\"\"\",valid\n"));
  g_assert_nonnull (strstr (text, "\n\"two\nlines.png\",,\"S\"\"1\"\"\",valid\n"));
  g_assert_true (json_parser_load_from_file (parser, json, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, (int) N - 1);
  g_assert_cmpint (json_object_get_int_member (object, "dim"), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (object, "sha256"), ==, "c0ffee");
  cw_test_remove_folder (folder);
}

/* Puts @text in place of the file with @suffix beside @path; expects one line with @want. */
static void
assert_refused (const char *path, const char *suffix, const char *text, gssize size,
                const char *want)
{
  g_autofree char *stem = g_strndup (path, strlen (path) - 4);
  g_autofree char *file = g_strconcat (stem, suffix, NULL);
  g_autofree char *before = NULL;
  g_autoptr (GError) error = NULL;
  gsize before_size;

  g_assert_true (g_file_get_contents (file, &before, &before_size, NULL));
  g_assert_true (g_file_set_contents (file, text, size, NULL));
  g_assert_null (cw_embeddings_load (path, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, want) == NULL || strchr (error->message, '\n') != NULL
      || strstr (error->message, file) == NULL)
    g_error ("got \"%s\", want \"%s\" and %s", error->message, want, file);
  g_assert_true (g_file_set_contents (file, before, (gssize) before_size, NULL));
}

static void
test_broken (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = save (folder);
  g_autofree char *csv = g_build_filename (folder, "E.csv", NULL);
  g_autofree char *text = NULL;
  g_autofree char *more = NULL;
  g_autofree char *crlf = NULL;
  g_autoptr (CwEmbeddings) from_crlf = NULL;
  g_autoptr (GString) simple = g_string_new ("path,label,subject,split\r\n");
  const char header[] = "path,label,subject,split\n";

  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  more = g_strconcat (text, "x,,,\n", NULL);
  assert_refused (path, ".csv", more, -1, "more rows than the 9 vectors");
  assert_refused (path, ".csv", header, -1, ":2: ends after 0 rows");
  assert_refused (path, ".csv", "", 0, ":1: the first line has to be");
  assert_refused (path, ".csv", "name,label,subject,split\n", -1, ":1: the first line has to be");
  assert_refused (path, ".csv", "path,label,subject,split\na,,,\nb,,\n", -1, ":3: 3 fields");
  assert_refused (path, ".csv", "path,label,subject,split\n\"a\nb\",,,\n\"c,,,\n", -1,
                  ":4: a quote is not closed");
  assert_refused (path, ".csv", "path,label,subject,split\n\"a\"b,,,\n", -1, ":2: text behind");
  assert_refused (path, ".csv", "path,label,subject,split\na\0b,,,\n", 33, ":2: a zero byte");
  assert_refused (path, ".json", "{", -1, "");
  assert_refused (path, ".json", "[]", -1, "not a JSON object");
  assert_refused (path, ".json", "", 0, "");
  assert_refused (path, ".json", "{\"n\": 8, \"dim\": 3}", -1, "\"n\" is 8");
  assert_refused (path, ".json", "{\"n\": 9, \"dim\": 4}", -1, "\"dim\" is 4");
  assert_refused (path, ".json", "{\"n\": \"9\", \"dim\": 3}", -1, "\"n\" is missing or no whole");
  assert_refused (path, ".json", "{\"n\": {}, \"dim\": 3}", -1, "\"n\" is missing or no whole");
  assert_refused (path, ".json", "{\"n\": 9, \"dim\": null}", -1, "\"dim\" is missing or no whole");
  assert_refused (path, ".npy", "nothing", -1, "");

  /* As a spreadsheet writes it: CR LF, no line end behind the last row. */
  for (guint i = 0; i < N - 1; i++)
    g_string_append_printf (simple, "%u.png,,,%s", i, i + 1 < N - 1 ? "\r\n" : "");
  g_assert_true (g_file_set_contents (csv, simple->str, -1, NULL));
  from_crlf = cw_embeddings_load (path, NULL);
  g_assert_nonnull (from_crlf);
  g_assert_cmpstr (from_crlf->paths[8], ==, "8.png");
  g_assert_cmpstr (from_crlf->splits[8], ==, "");
  cw_test_remove_folder (folder);
}

static void
test_missing (void)
{
  static const char *const suffixes[] = { ".csv", ".json", ".npy" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      char *folder = cw_test_make_folder ();
      g_autofree char *path = save (folder);
      g_autofree char *stem = g_strndup (path, strlen (path) - 4);
      g_autofree char *file = g_strconcat (stem, suffixes[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (g_remove (file), ==, 0);
      g_assert_null (cw_embeddings_load (path, &error));
      g_assert_true (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                     || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
      g_assert_nonnull (strstr (error->message, file));
      cw_test_remove_folder (folder);
    }
}

/* Whichever write fails, saving says so; a name without .npy is refused before any. */
static void
test_save_fails (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "E.npy", NULL);
  g_autofree char *other = g_build_filename (folder, "E.bin", NULL);
  g_autoptr (CwDataset) dataset = make_dataset ();
  g_autoptr (CwFeatures) features = make_features ();
  g_autoptr (CwEmbeddings) embeddings = cw_embeddings_new (features, dataset, NULL);
  g_autoptr (GError) error = NULL;
  gint64 bytes = 0;

  g_assert_false (cw_embeddings_save (embeddings, other, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_clear_error (&error);
  for (;; bytes += 16)
    {
      gboolean ok;

      cw_file_fail_after (bytes);
      ok = cw_embeddings_save (embeddings, path, &error);
      cw_file_fail_after (-1);
      if (ok)
        break;
      g_assert_nonnull (error);
      g_clear_error (&error);
      /* Not one of the three, nor a part of one. */
      g_assert_cmpint (g_rmdir (folder), ==, 0);
      g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
      g_assert_cmpint (bytes, <, 4000);
    }
  g_assert_cmpint (bytes, >, 300);
  cw_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/embeddings/round-trip", test_round_trip);
  g_test_add_func ("/cw/embeddings/files", test_files);
  g_test_add_func ("/cw/embeddings/broken", test_broken);
  g_test_add_func ("/cw/embeddings/missing", test_missing);
  g_test_add_func ("/cw/embeddings/save-fails", test_save_fails);
  return g_test_run ();
}

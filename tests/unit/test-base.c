/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-file.h"
#include "base/cw-json.h"
#include "base/cw-parallel.h"
#include "base/cw-params.h"
#include "base/cw-rng.h"
#include "cw-test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

/* Known answers of Random123's kat_vectors for philox4x32-10. */
static void
test_rng_philox (void)
{
  const struct
  {
    uint32_t ctr[4], key[2], out[4];
  } known[] = {
    { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
      { 0xffffffff, 0xffffffff },
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
      { 0xa4093822, 0x299f31d0 },
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    {
      uint32_t out[4];

      cw_rng_philox (known[i].ctr, known[i].key, out);
      g_assert_cmpmem (out, sizeof out, known[i].out, sizeof out);
    }
}

static void
test_rng_moments (void)
{
  CwRng rng = cw_rng_new (7, CW_RNG_TEST, 0, 0, 0, 0);
  double sum = 0, squares = 0;
  guint counts[7] = { 0 };
  const int n = 70000;

  for (int i = 0; i < n; i++)
    {
      double x = (double) cw_rng_normal (&rng);

      sum += x;
      squares += x * x;
    }
  g_assert_cmpfloat (fabs (sum / n), <, 0.02);
  g_assert_cmpfloat (fabs (squares / n - 1), <, 0.03);
  for (int i = 0; i < n; i++)
    counts[cw_rng_below (&rng, 7)]++;
  for (int i = 0; i < 7; i++)
    g_assert_cmpint (ABS ((int) counts[i] - 10000), <, 500);
}

static void
test_rng_streams (void)
{
  CwRng a = cw_rng_new (1, CW_RNG_VIEW, 0, 3, 9, 1), b = a;
  CwRng other = cw_rng_new (1, CW_RNG_VIEW, 1, 3, 9, 1);
  int same = 0;

  for (int i = 0; i < 100; i++)
    {
      uint32_t x = cw_rng_next (&a);

      g_assert_cmpuint (x, ==, cw_rng_next (&b));
      same += x == cw_rng_next (&other);
    }
  g_assert_cmpint (same, <, 2);
}

/* Each number of the stream through the inverse of the distribution function, which erfc() in
 * double undoes; in the tail too, to which 400000 numbers reach. However it is cut, and from a whole
 * block on. */
static void
test_rng_fill_normal (void)
{
  const size_t n = 400000;
  CwRng rng = cw_rng_new (11, CW_RNG_TEST, 2, 0, 5, 0), words = rng, cut = rng;
  g_autofree float *x = g_new (float, n);
  g_autofree float *again = g_new (float, n);
  float largest = 0;

  cw_rng_fill_normal (&rng, x, n);
  for (size_t i = 0; i < n; i++)
    {
      double u = ((double) (cw_rng_next (&words) >> 8) + 0.5) / 16777216;
      double tail = MIN (u, 1 - u);
      double back = 0.5 * erfc (fabs ((double) x[i]) / sqrt (2));

      g_assert_true ((x[i] < 0) == (u < 0.5));
      /* A relative error of the number is z^2 times that of the tail. */
      g_assert_cmpfloat (fabs (back - tail), <, 4e-5 * tail);
      largest = MAX (largest, fabsf (x[i]));
    }
  g_assert_cmpfloat (largest, >, 4);

  cw_rng_next (&cut);
  cut.ctr[0] = 0;
  for (size_t i = 0; i < n; i += 1000)
    cw_rng_fill_normal (&cut, again + i, 1000);
  g_assert_cmpmem (x, n * sizeof *x, again, n * sizeof *again);
}

typedef struct
{
  atomic_int hits[1000];
  atomic_int nested;
} Hits;

static void
hit (int block, int worker, void *data)
{
  Hits *hits = data;

  g_assert_cmpint (worker, <, cw_parallel_get_threads ());
  atomic_fetch_add (&hits->hits[block], 1);
}

static void
nest (int block, int worker, void *data)
{
  cw_parallel_for (10, hit, data);
}

static gpointer
hammer (gpointer unused)
{
  Hits *hits = g_new0 (Hits, 1);

  for (int round = 0; round < 300; round++)
    {
      int n = 1 + round % 1000;

      memset (hits, 0, sizeof *hits);
      cw_parallel_for (n, hit, hits);
      for (int i = 0; i < n; i++)
        g_assert_cmpint (atomic_load (&hits->hits[i]), ==, 1);
    }
  g_free (hits);
  return NULL;
}

static void
test_parallel_each_block_once (void)
{
  for (int threads = 1; threads <= 4; threads++)
    {
      GThread *callers[3];
      Hits *hits = g_new0 (Hits, 1);

      cw_parallel_set_threads (threads);
      for (int i = 0; i < 3; i++)
        callers[i] = g_thread_new ("caller", hammer, NULL);
      for (int i = 0; i < 3; i++)
        g_thread_join (callers[i]);
      cw_parallel_for (5, nest, hits);
      for (int i = 0; i < 10; i++)
        g_assert_cmpint (atomic_load (&hits->hits[i]), ==, 5);
      g_free (hits);
    }
}

static const char *const colours[] = { "red", "green", NULL };

typedef struct
{
  gboolean on;
  int count;
  float strength;
  int colour;
  char *name;
} Block;

static const CwParamSpec block_specs[] = {
  CW_PARAM_BOOL (Block, on, "on", "On", TRUE, "Whether it is on"),
  CW_PARAM_INT (Block, count, "count", "Count", "", 1, 9, 3, "How many"),
  CW_PARAM_FLOAT (Block, strength, "strength", "Strength", "px", 0.1, 2.5, 0.3, "How strong"),
  CW_PARAM_ENUM (Block, colour, "colour", "Colour", colours, 1, "Which colour"),
  CW_PARAM_STRING (Block, name, "name", "Name", "nobody", "Who"),
  CW_PARAM_END,
};

static void
test_params_round_trip (void)
{
  Block a, b;

  cw_params_init (block_specs, &a);
  cw_params_init (block_specs, &b);
  g_assert_true (a.on);
  g_assert_cmpint (a.colour, ==, 1);
  a.strength = 1.0f / 3.0f;
  a.count = 9;
  a.on = FALSE;
  a.colour = 0;
  g_free (a.name);
  a.name = g_strdup ("Ünï =;[x]");
  g_assert_false (cw_params_equal (block_specs, &a, &b));

  for (const CwParamSpec *s = block_specs; s->id != NULL; s++)
    {
      g_autofree char *text = cw_params_dup_string (s, &a);

      g_assert_true (cw_params_set_string (block_specs, &b, NULL, s->id, text, NULL));
    }
  g_assert_true (cw_params_equal (block_specs, &a, &b));
  cw_params_clear (block_specs, &a);
  cw_params_clear (block_specs, &b);
}

static void
test_params_errors (void)
{
  const struct
  {
    const char *id, *text, *expect;
  } bad[] = {
    { "strenght", "1", "unknown key 'strenght' in here; it takes " },
    { "strength", "9", "here: strength = 9 is outside 0.1 to 2.5 px" },
    { "strength", "nan", "strength = 'nan' in here is not a number such as 0.25" },
    { "strength", "1,5", "strength = '1,5' in here is not a number such as 0.25" },
    { "count", "2.5", "count = '2.5' in here is not a whole number" },
    { "count", "99999999999999999999", "is not a whole number" },
    { "colour", "blue", "colour = 'blue' in here is not one of red, green" },
    { "on", "yes", "on = 'yes' in here is not true or false" },
  };
  Block block, before;

  cw_params_init (block_specs, &block);
  cw_params_init (block_specs, &before);
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          cw_params_set_string (block_specs, &block, "here", bad[i].id, bad[i].text, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
      if (strstr (error->message, bad[i].expect) == NULL)
        g_error ("got \"%s\", want \"%s\"", error->message, bad[i].expect);
      g_assert_null (strchr (error->message, '\n'));
      g_assert_true (cw_params_equal (block_specs, &block, &before));
    }
  cw_params_clear (block_specs, &block);
  cw_params_clear (block_specs, &before);
}

/* Whatever write fails, the old file stays whole and nothing is left beside it. */
static void
test_file_atomic (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;
  GDir *dir;
  int n = 0;

  g_assert_true (cw_file_save (path, "old", 3, &error));
  g_assert_no_error (error);
  for (int bytes = 0; bytes < 9; bytes++)
    {
      CwFileWriter *writer = cw_file_writer_new (path, &error);
      gboolean ok;

      g_assert_no_error (error);
      cw_file_fail_after (bytes);
      ok = cw_file_writer_write (writer, "new", 3, NULL)
           && cw_file_writer_write (writer, "-file", 5, NULL);
      if (ok)
        ok = cw_file_writer_commit (writer, NULL);
      else
        cw_file_writer_abandon (writer);
      cw_file_fail_after (-1);
      g_assert_true (ok == (bytes > 8));
      g_clear_pointer (&text, g_free);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, "old");
    }
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    n++;
  g_dir_close (dir);
  g_assert_cmpint (n, ==, 1);
  cw_test_remove_folder (folder);
}

/* Text and nesting; what is not UTF-8 is mended, since no reader would take it. */
static void
test_json (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "a \"b\"\n\001");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, -3);
  json_builder_add_null_value (builder);
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "empty");
  json_builder_begin_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "path");
  json_builder_add_string_value (builder, "x\xff/ä");
  json_builder_end_object (builder);
  text = cw_json_to_string (builder);
  g_assert_cmpstr (text, ==,
                   "{\n  \"a \\\"b\\\"\\n\\u0001\": [\n    -3,\n    null,\n    true\n  ],\n"
                   "  \"empty\": {},\n  \"path\": \"x\xef\xbf\xbd/ä\"\n}");
}

/* Numbers read back as they were, in any locale, and stay floating-point. */
static void
test_json_numbers (void)
{
  const double values[] = { 1e-8, 0.99999, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 100, 1e22 };

  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      g_autofree char *text = NULL;
      g_autoptr (JsonNode) read = NULL;
      JsonNode *element;
      g_autoptr (GError) error = NULL;

      json_builder_begin_array (builder);
      json_builder_add_double_value (builder, values[i]);
      json_builder_end_array (builder);
      text = cw_json_to_string (builder);
      read = json_from_string (text, &error);
      g_assert_no_error (error);
      element = json_array_get_element (json_node_get_array (read), 0);
      g_assert_true (json_node_get_value_type (element) == G_TYPE_DOUBLE);
      g_assert_cmpfloat (json_node_get_double (element), ==, values[i]);
      g_assert_null (strstr (text, "e-08."));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/rng/philox", test_rng_philox);
  g_test_add_func ("/cw/rng/moments", test_rng_moments);
  g_test_add_func ("/cw/rng/streams", test_rng_streams);
  g_test_add_func ("/cw/rng/fill-normal", test_rng_fill_normal);
  g_test_add_func ("/cw/parallel/each-block-once", test_parallel_each_block_once);
  g_test_add_func ("/cw/params/round-trip", test_params_round_trip);
  g_test_add_func ("/cw/params/errors", test_params_errors);
  g_test_add_func ("/cw/file/atomic", test_file_atomic);
  g_test_add_func ("/cw/json/writer", test_json);
  g_test_add_func ("/cw/json/numbers", test_json_numbers);
  return g_test_run ();
}

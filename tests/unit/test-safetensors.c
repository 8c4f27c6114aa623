/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-file.h"
#include "cw-test.h"
#include "run/cw-safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = cw_test_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "a.safetensors", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cw_file_fail_after (-1);
  g_free (fixture->path);
  cw_test_remove_folder (fixture->folder);
}

static const gint64 shape_2x3[] = { 2, 3 };
static const gint64 shape_0[] = { 0, 4 };
static const float values[] = { 1.5f, -2, 3, 1e-30f, 5, 6e30f };

static CwSafetensorsWriter *
make_writer (void)
{
  CwSafetensorsWriter *writer = cw_safetensors_writer_new ();
  const gint64 count = 12345678901, three = 3;
  const guint8 bytes[] = { 7, 8, 255 };

  cw_safetensors_writer_set_metadata (writer, "who", "a \"quoted\" name\nwith\ttwo lines \\ é");
  cw_safetensors_writer_set_metadata (writer, "format", "pt");
  cw_safetensors_writer_add (writer, "bytes", CW_DTYPE_U8, 1, &three, bytes);
  cw_safetensors_writer_add (writer, "z.weight", CW_DTYPE_F32, 2, shape_2x3, values);
  cw_safetensors_writer_add (writer, "empty", CW_DTYPE_F32, 2, shape_0, values);
  cw_safetensors_writer_add (writer, "count", CW_DTYPE_I64, 0, NULL, &count);
  return writer;
}

static void
save_sample (const char *path)
{
  g_autoptr (CwSafetensorsWriter) writer = make_writer ();
  g_autoptr (GError) error = NULL;

  cw_safetensors_writer_save (writer, path, &error);
  g_assert_no_error (error);
}

/* A file of @header and @n_data zero bytes. */
static void
save_raw (const char *path, const char *header, gsize n_data)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *zeros = g_malloc0 (n_data + 1);
  guint64 size = GUINT64_TO_LE ((guint64) strlen (header));
  g_autoptr (GError) error = NULL;

  g_byte_array_append (bytes, (guint8 *) &size, sizeof size);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (bytes, zeros, (guint) n_data);
  g_file_set_contents (path, (char *) bytes->data, (gssize) bytes->len, &error);
  g_assert_no_error (error);
}

static void
assert_one_line (const GError *error, const char *path)
{
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
assert_refused (const char *path, int code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSafetensors) file = cw_safetensors_open (path, &error);

  g_assert_null (file);
  assert_one_line (error, path);
  g_assert_error (error, CW_ERROR, code);
  if (strstr (error->message, word) == NULL)
    g_error ("no '%s' in: %s", word, error->message);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;
  gint64 shape[8] = { 0 }, count = 0;
  float read[6] = { 0 };

  save_sample (fixture->path);
  file = cw_safetensors_open (fixture->path, &error);
  g_assert_no_error (error);
  names = cw_safetensors_list (file);
  joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "bytes count empty z.weight");
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "who"), ==,
                   "a \"quoted\" name\nwith\ttwo lines \\ é");
  g_assert_null (cw_safetensors_get_metadata (file, "whom"));

  g_assert_cmpint (cw_safetensors_get_shape (file, "z.weight", shape), ==, 2);
  g_assert_cmpmem (shape, 2 * sizeof *shape, shape_2x3, sizeof shape_2x3);
  g_assert_cmpint (cw_safetensors_get_shape (file, "count", shape), ==, 0);
  g_assert_cmpint (cw_safetensors_get_shape (file, "nothing", shape), ==, -1);
  g_assert_true (cw_safetensors_read_f32 (file, "z.weight", read, 6, &error));
  g_assert_cmpmem (read, sizeof read, values, sizeof values);
  g_assert_true (cw_safetensors_read_i64 (file, "count", &count, 1, &error));
  g_assert_cmpint (count, ==, 12345678901);
  g_assert_true (cw_safetensors_read_f32 (file, "bytes", read, 3, &error));
  g_assert_cmpfloat (read[2], ==, 255);
  g_assert_true (cw_safetensors_read_f32 (file, "empty", read, 0, &error));

  g_assert_false (cw_safetensors_read_f32 (file, "nothing", read, 1, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (cw_safetensors_read_f32 (file, "z.weight", read, 5, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH);
  assert_one_line (error, fixture->path);
  g_clear_error (&error);
  g_assert_false (cw_safetensors_read_i64 (file, "z.weight", &count, 6, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT);
}

/* The bytes that other programs rely on: order, padding, alignment. */
static void
test_layout (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  const char *json;
  guint64 header;
  gsize size;

  save_sample (fixture->path);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  memcpy (&header, bytes, 8);
  header = GUINT64_FROM_LE (header);
  g_assert_cmpuint (header % 8, ==, 0);
  g_assert_cmpuint (size, ==, 8 + header + 8 + 24 + 3);
  json = bytes + 8;
  g_assert_true (g_str_has_prefix (json, "{\"__metadata__\":{\"format\":\"pt\",\"who\":"));
  g_assert_nonnull (g_strstr_len (json, (gssize) header,
                                  "\"count\":{\"dtype\":\"I64\",\"shape\":[],"
                                  "\"data_offsets\":[0,8]},"
                                  "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,4],"
                                  "\"data_offsets\":[8,8]},"
                                  "\"z.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],"
                                  "\"data_offsets\":[8,32]},"
                                  "\"bytes\":{\"dtype\":\"U8\",\"shape\":[3],"
                                  "\"data_offsets\":[32,35]}}"));
}

static void
test_dtypes (Fixture *fixture, gconstpointer data)
{
  static const char header[]
      = "{ \"h\": {\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]},"
        "\"b\":{\"shape\":[2],\"data_offsets\":[12,16],\"dtype\":\"BF16\"},\n"
        "\"d\":{\"dtype\":\"F64\",\"shape\":[1,1],\"data_offsets\":[16,24]}}   ";
  /* 1, -2.5, 2^-24 (smallest subnormal), 65504, -infinity, NaN */
  const guint16 half[] = { 0x3c00, 0xc100, 0x0001, 0x7bff, 0xfc00, 0x7e00 };
  const guint16 brain[] = { 0x3fc0, 0xc2f7 }; /* 1.5, -123.5 */
  const double wide = -0.1;
  g_autofree char *bytes = NULL;
  g_autoptr (CwSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  float read[6];
  gsize size;

  save_raw (fixture->path, header, 24);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  memcpy (bytes + size - 24, half, 12);
  memcpy (bytes + size - 12, brain, 4);
  memcpy (bytes + size - 8, &wide, 8);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) size, NULL));
  file = cw_safetensors_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_true (cw_safetensors_read_f32 (file, "h", read, 6, NULL));
  g_assert_cmpfloat (read[0], ==, 1);
  g_assert_cmpfloat (read[1], ==, -2.5f);
  g_assert_cmpfloat (read[2], ==, 0x1p-24f);
  g_assert_cmpfloat (read[3], ==, 65504);
  g_assert_true (isinf (read[4]) && read[4] < 0);
  g_assert_true (isnan (read[5]));
  g_assert_true (cw_safetensors_read_f32 (file, "b", read, 2, NULL));
  g_assert_cmpfloat (read[0], ==, 1.5f);
  g_assert_cmpfloat (read[1], ==, -123.5f);
  g_assert_true (cw_safetensors_read_f32 (file, "d", read, 1, NULL));
  g_assert_cmpfloat (read[0], ==, -0.1f);
}

#define T(shape, from, to)                                                                         \
  "{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" from "," to "]}"

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *header;
    gsize n_data;
    int code;
    const char *word;
  } cases[] = {
    { "{\"a\":" T ("[1]", "0", "4") ",\"a\":" T ("[1]", "4", "8") "}", 8, CW_ERROR_CORRUPT_FILE,
      "'a' stands twice" },
    { "{\"a\":" T ("[1]", "0", "4") ",\"b\":" T ("[1]", "8", "12") "}", 12, CW_ERROR_CORRUPT_FILE,
      "hole" },
    { "{\"a\":" T ("[1]", "4", "8") "}", 8, CW_ERROR_CORRUPT_FILE, "hole" },
    { "{\"a\":" T ("[2]", "0", "8") ",\"b\":" T ("[1]", "4", "8") "}", 8, CW_ERROR_CORRUPT_FILE,
      "overlap" },
    { "{\"a\":" T ("[2]", "0", "8") "}", 7, CW_ERROR_CORRUPT_FILE, "cut short" },
    { "{\"a\":" T ("[2]", "0", "8") "}", 9, CW_ERROR_CORRUPT_FILE, "after the last" },
    { "{\"a\":" T ("[3]", "0", "8") "}", 8, CW_ERROR_CORRUPT_FILE, "needs 12 bytes" },
    { "{\"a\":" T ("[1]", "8", "4") "}", 8, CW_ERROR_CORRUPT_FILE, "offsets" },
    { "{\"a\":" T ("[4294967296,4294967296]", "0", "0") "}", 0, CW_ERROR_CORRUPT_FILE,
      "larger than any memory" },
    { "{\"a\":" T ("[4611686018427387904]", "0", "0") "}", 0, CW_ERROR_CORRUPT_FILE,
      "larger than any memory" },
    { "{\"a\":" T ("[99999999999999999999]", "0", "0") "}", 0, CW_ERROR_CORRUPT_FILE,
      "number too large" },
    { "{\"a\":" T ("[-1]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "whole number" },
    { "{\"a\":" T ("[1.0]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "expected ']'" },
    { "{\"a\":" T ("[01]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "whole number" },
    { "{\"a\":" T ("[1,1,1,1,1,1,1,1,1]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "dimensions" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, CW_ERROR_CORRUPT_FILE, "data_offsets" },
    { "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
      CW_ERROR_CORRUPT_FILE, "twice" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4,
      CW_ERROR_CORRUPT_FILE, "unknown" },
    { "{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8,
      CW_ERROR_UNSUPPORTED_FORMAT, "C64" },
    { "{\"__metadata__\":{\"a\":1}}", 0, CW_ERROR_CORRUPT_FILE, "expected '\"'" },
    { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, CW_ERROR_CORRUPT_FILE, "twice" },
    { "{\"a\\nb\":" T ("[1]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "control" },
    { "{\"\\ud800x\":" T ("[1]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "surrogate" },
    { "{\"\\u0000\":" T ("[1]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "cannot have" },
    { "{\"\xff\":" T ("[1]", "0", "4") "}", 4, CW_ERROR_CORRUPT_FILE, "UTF-8" },
    { "{} x", 0, CW_ERROR_CORRUPT_FILE, "after the end" },
    { "{", 0, CW_ERROR_CORRUPT_FILE, "expected" },
    { " {}", 0, CW_ERROR_UNSUPPORTED_FORMAT, "not a safetensors" },
    { "[]", 0, CW_ERROR_UNSUPPORTED_FORMAT, "not a safetensors" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSafetensors) file = NULL;
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.safetensors", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      save_raw (fixture->path, cases[i].header, cases[i].n_data);
      assert_refused (fixture->path, cases[i].code, cases[i].word);
    }
  g_file_set_contents (fixture->path, "PK\3\4 a zip archive", -1, NULL);
  assert_refused (fixture->path, CW_ERROR_UNSUPPORTED_FORMAT, "PyTorch");
  g_file_set_contents (fixture->path, "\xff\xff\xff\xff\xff\xff\xff\x7f{}", -1, NULL);
  assert_refused (fixture->path, CW_ERROR_UNSUPPORTED_FORMAT, "not a safetensors");
  g_file_set_contents (fixture->path, "", 0, NULL);
  assert_refused (fixture->path, CW_ERROR_CORRUPT_FILE, "cut short");
  assert_refused (missing, CW_ERROR_NOT_FOUND, "no such file");
  assert_refused (fixture->folder, CW_ERROR_UNSUPPORTED_FORMAT, "folder");

  /* The smallest file there is. */
  save_raw (fixture->path, "{}", 0);
  file = cw_safetensors_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
test_too_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) header = g_string_new ("{");

  for (int i = 0; i <= CW_SAFETENSORS_MAX_TENSORS; i++)
    g_string_append_printf (header, "%s\"%d\":" T ("[0]", "0", "0"), i > 0 ? "," : "", i);
  g_string_append_c (header, '}');
  save_raw (fixture->path, header->str, 0);
  assert_refused (fixture->path, CW_ERROR_TOO_LARGE, "65536");
}

/* In place: there are thousands of these, and no need for them to outlive a power cut. */
static void
write_bytes (const char *path, const char *bytes, gsize size)
{
  FILE *out = g_fopen (path, "wb");

  g_assert_nonnull (out);
  g_assert_cmpuint (fwrite (bytes, 1, size, out), ==, size);
  g_assert_cmpint (fclose (out), ==, 0);
}

/* Whatever is done to a file: it opens and all of it can be read, or there is one line. */
static void
check_any (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSafetensors) file = cw_safetensors_open (path, &error);
  g_auto (GStrv) names = NULL;

  if (file == NULL)
    {
      assert_one_line (error, path);
      return;
    }
  names = cw_safetensors_list (file);
  for (int i = 0; names[i] != NULL; i++)
    {
      gint64 shape[8];
      int rank = cw_safetensors_get_shape (file, names[i], shape);
      gsize n = 1;
      g_autofree float *out = NULL;

      g_assert_cmpint (rank, >=, 0);
      for (int k = 0; k < rank; k++)
        n *= (gsize) shape[k];
      out = g_new (float, n + 1);
      g_assert_true (cw_safetensors_read_f32 (file, names[i], out, n, NULL));
    }
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  static const guint8 flips[] = { 0x01, 0x02, 0x10, 0x20, 0x80, 0xff };
  g_autofree char *bytes = NULL;
  guint64 header;
  gsize size;

  save_sample (fixture->path);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  memcpy (&header, bytes, 8);
  header = GUINT64_FROM_LE (header);
  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CwSafetensors) file = NULL;

      write_bytes (fixture->path, bytes, cut);
      file = cw_safetensors_open (fixture->path, &error);
      g_assert_null (file);
      assert_one_line (error, fixture->path);
    }
  for (gsize i = 0; i < 8 + header; i++)
    {
      for (size_t k = 0; k < G_N_ELEMENTS (flips); k++)
        {
          char before = bytes[i];

          bytes[i] = (char) (before ^ (char) flips[k]);
          write_bytes (fixture->path, bytes, size);
          check_any (fixture->path);
          bytes[i] = before;
        }
    }
}

/* A disk that fills up at any byte leaves the old file and nothing else. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSafetensorsWriter) writer = make_writer ();
  g_autofree char *before = NULL;
  gsize size;

  save_sample (fixture->path);
  g_assert_true (g_file_get_contents (fixture->path, &before, &size, NULL));
  for (gint64 room = 0; room <= (gint64) size; room += 16)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;
      g_autoptr (GDir) dir = NULL;
      gsize n;

      cw_file_fail_after (room);
      g_assert_false (cw_safetensors_writer_save (writer, fixture->path, &error));
      assert_one_line (error, fixture->path);
      g_assert_true (g_file_get_contents (fixture->path, &after, &n, NULL));
      g_assert_cmpmem (before, size, after, n);
      dir = g_dir_open (fixture->folder, 0, NULL);
      g_assert_cmpstr (g_dir_read_name (dir), ==, "a.safetensors");
      g_assert_null (g_dir_read_name (dir));
    }
  cw_file_fail_after ((gint64) size + 1);
  g_assert_true (cw_safetensors_writer_save (writer, fixture->path, NULL));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/safetensors/round-trip", test_round_trip);
  ADD ("/safetensors/layout", test_layout);
  ADD ("/safetensors/dtypes", test_dtypes);
  ADD ("/safetensors/refused", test_refused);
  ADD ("/safetensors/too-many", test_too_many);
  ADD ("/safetensors/damage", test_damage);
  ADD ("/safetensors/full-disk", test_full_disk);
  return g_test_run ();
}

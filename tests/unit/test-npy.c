/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-file.h"
#include "cw-test.h"
#include "data/cw-npy.h"

#include <string.h>

static char *folder;

static char *
write_file (const char *name, gconstpointer data, gsize size)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_same (char type, int n_dims, const gsize *shape, gconstpointer data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, "same.npy", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwNpy) npy = NULL;

  g_assert_true (cw_npy_save (path, type, n_dims, shape, data, &error));
  g_assert_no_error (error);
  npy = cw_npy_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (npy->type, ==, type);
  g_assert_cmpint (npy->n_dims, ==, n_dims);
  g_assert_cmpmem (npy->shape, (gsize) n_dims * sizeof *shape, shape, (gsize) n_dims * sizeof *shape);
  g_assert_cmpmem (npy->data, size, data, size);
  g_assert_cmpuint ((guintptr) npy->data % 16, ==, 0);
}

static void
test_round_trip (void)
{
  float values[2 * 3 * 4 * 5];
  guint8 bytes[7] = { 0, 1, 2, 3, 253, 254, 255 };
  const gsize shapes[][4] = { { 120 }, { 6, 20 }, { 2, 3, 20 }, { 2, 3, 4, 5 }, { 0, 5 } };

  cw_test_fill_normal (values, G_N_ELEMENTS (values), 1, 3);
  for (int i = 0; i < 4; i++)
    assert_same ('f', i + 1, shapes[i], values, sizeof values);
  assert_same ('f', 2, shapes[4], values, 0);
  /* No dimension: one number. */
  assert_same ('f', 0, shapes[0], values, sizeof (float));
  assert_same ('u', 1, (const gsize[]){ 7 }, bytes, 7);
}

/* What numpy 1.24 writes for np.arange(6, dtype='<f4').reshape(2, 3), versions 1.0 and 2.0. */
static void
test_numpy (void)
{
  static const char dict[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  const float want[6] = { 0, 1, 2, 3, 4, 5 };

  for (int version = 1; version <= 3; version++)
    {
      gsize start = version == 1 ? 10 : 12;
      g_autoptr (GByteArray) file = g_byte_array_new ();
      guint8 prefix[12] = { 0x93, 'N', 'U', 'M', 'P', 'Y', (guint8) version, 0 };
      g_autofree char *path = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (CwNpy) npy = NULL;

      prefix[8] = (guint8) (128 - start);
      g_byte_array_append (file, prefix, (guint) start);
      g_byte_array_append (file, (const guint8 *) dict, sizeof dict - 1);
      while (file->len < 127)
        g_byte_array_append (file, (const guint8 *) " ", 1);
      g_byte_array_append (file, (const guint8 *) "\n", 1);
      g_byte_array_append (file, (const guint8 *) want, sizeof want);
      path = write_file ("numpy.npy", file->data, file->len);
      npy = cw_npy_open (path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (npy->n_dims, ==, 2);
      g_assert_cmpuint (npy->shape[0], ==, 2);
      g_assert_cmpuint (npy->shape[1], ==, 3);
      g_assert_cmpmem (npy->data, sizeof want, want, sizeof want);
    }
}

/* The same header, byte for byte, as numpy.save writes. */
static void
test_header (void)
{
  g_autofree char *path = g_build_filename (folder, "header.npy", NULL);
  g_autofree char *data = NULL;
  gsize size;
  const float values[3] = { 1, 2, 3 };
  g_autoptr (GError) error = NULL;

  cw_npy_save (path, 'f', 1, (const gsize[]){ 3 }, values, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &data, &size, NULL);
  g_assert_cmpuint (size, ==, 128 + 12);
  g_assert_cmpmem (data, 10, "\x93NUMPY\x01\x00\x76\x00", 10);
  g_assert_true (g_str_has_prefix (
      data + 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"));
  g_assert_cmpint (data[127], ==, '\n');
}

static void
assert_refused (const char *dict, gsize n_data, int code)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint8 prefix[10] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0 };
  static const guint8 data[64];
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  prefix[8] = (guint8) strlen (dict);
  g_byte_array_append (file, prefix, 10);
  g_byte_array_append (file, (const guint8 *) dict, (guint) strlen (dict));
  g_byte_array_append (file, data, (guint) n_data);
  path = write_file ("bad.npy", file->data, file->len);
  g_assert_null (cw_npy_open (path, &error));
  g_assert_error (error, CW_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_bad_headers (void)
{
  /* A good one first (54 + 10 = 64), so that the bad ones fail for what they change. */
  g_autoptr (GError) error = NULL;
  g_autofree char *path = write_file (
      "good.npy",
      "\x93NUMPY\x01\x00\x36\x00{'descr': '<f4', 'fortran_order': False, 'shape':(2,)}\n\0\0\0\0\0\0\0\0",
      72);
  g_autoptr (CwNpy) npy = cw_npy_open (path, &error);

  g_assert_no_error (error);
  assert_refused ("{'descr': '<f8', 'fortran_order': False, 'shape':(1,)}", 8,
                  CW_ERROR_UNSUPPORTED_FORMAT);
  assert_refused ("{'descr': '>f4', 'fortran_order': False, 'shape':(2,)}", 8,
                  CW_ERROR_UNSUPPORTED_FORMAT);
  assert_refused ("{'descr': '<f4', 'fortran_order': True, 'shape':(1,2)}", 8,
                  CW_ERROR_UNSUPPORTED_FORMAT);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(3,)}", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(1,)}", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(-2,)}", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(2,", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape': 2  }", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False            }  ", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'fortran_order': False, 'shape':(2,)}", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'shape':(2,)}", 8, CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '|u1', 'fortran_order': False, 'shape':(1,1,1,1,8)}", 8,
                  CW_ERROR_UNSUPPORTED_FORMAT);
  /* Products and numbers that overflow. */
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(4294967296,4294967296)}", 0,
                  CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(99999999999999999999999,)}", 0,
                  CW_ERROR_CORRUPT_FILE);
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape':(4611686018427387904,)}", 0,
                  CW_ERROR_CORRUPT_FILE);
}

/* Cut anywhere, it is refused. */
static void
test_cut (void)
{
  g_autofree char *path = g_build_filename (folder, "whole.npy", NULL);
  g_autofree char *data = NULL;
  gsize size;
  const float values[6] = { 1, 2, 3, 4, 5, 6 };

  cw_npy_save (path, 'f', 2, (const gsize[]){ 2, 3 }, values, NULL);
  g_file_get_contents (path, &data, &size, NULL);
  for (gsize n = 0; n < size; n++)
    {
      g_autofree char *cut = write_file ("cut.npy", data, n);
      g_autoptr (GError) error = NULL;

      g_assert_null (cw_npy_open (cut, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
    }
}

/* A disk that is full at any byte leaves the old file as it was. */
static void
test_full_disk (void)
{
  g_autofree char *path = g_build_filename (folder, "old.npy", NULL);
  const float old[2] = { 1, 2 }, new[2] = { 3, 4 };

  g_assert_true (cw_npy_save (path, 'f', 1, (const gsize[]){ 2 }, old, NULL));
  for (int n = 0; n < 136; n += 5)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CwNpy) npy = NULL;

      cw_file_fail_after (n);
      g_assert_false (cw_npy_save (path, 'f', 1, (const gsize[]){ 2 }, new, &error));
      cw_file_fail_after (-1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      npy = cw_npy_open (path, NULL);
      g_assert_nonnull (npy);
      g_assert_cmpmem (npy->data, sizeof old, old, sizeof old);
    }
}

static void
test_no_file (void)
{
  g_autofree char *path = g_build_filename (folder, "none.npy", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_npy_open (path, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "none.npy"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  folder = cw_test_make_folder ();
  g_test_add_func ("/cw/npy/round-trip", test_round_trip);
  g_test_add_func ("/cw/npy/numpy", test_numpy);
  g_test_add_func ("/cw/npy/header", test_header);
  g_test_add_func ("/cw/npy/bad-headers", test_bad_headers);
  g_test_add_func ("/cw/npy/cut", test_cut);
  g_test_add_func ("/cw/npy/full-disk", test_full_disk);
  g_test_add_func ("/cw/npy/no-file", test_no_file);
  status = g_test_run ();
  cw_test_remove_folder (folder);
  return status;
}

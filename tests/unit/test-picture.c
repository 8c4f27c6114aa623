/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "cw-test.h"
#include "data/cw-picture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static CwImage *
load (const char *name, int max_side)
{
  g_autofree char *path = cw_test_file ("fixtures", "pictures", name, NULL);
  g_autoptr (GError) error = NULL;
  CwImage *image = cw_picture_load (path, max_side, &error);

  g_assert_no_error (error);
  g_assert_nonnull (image);
  return image;
}

static void
read_file (const char *name, char **data, gsize *size)
{
  g_autofree char *path = cw_test_file ("fixtures", "pictures", name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, data, size, &error);
  g_assert_no_error (error);
}

static const guint8 *
pixel (const CwImage *image, int x, int y)
{
  return image->data + ((gsize) y * (gsize) image->w + (gsize) x) * (gsize) image->c;
}

static void
assert_size (const CwImage *image, int w, int h, int c)
{
  g_assert_cmpint (image->w, ==, w);
  g_assert_cmpint (image->h, ==, h);
  g_assert_cmpint (image->c, ==, c);
}

/* The values are those of fixtures/make.py. */
static void
assert_colour_ramp (const CwImage *image)
{
  assert_size (image, 24, 16, 3);
  for (int y = 0; y < 16; y++)
    {
      for (int x = 0; x < 24; x++)
        {
          const guint8 want[3] = { (guint8) (10 * x), (guint8) (15 * y), 128 };

          g_assert_cmpmem (pixel (image, x, y), 3, want, 3);
        }
    }
}

static void
test_colour (void)
{
  g_autoptr (CwImage) png = load ("colour.png", 0);
  g_autoptr (CwImage) bmp = load ("colour.bmp", 0);

  assert_colour_ramp (png);
  assert_colour_ramp (bmp);
}

static void
test_grey (void)
{
  g_autoptr (CwImage) grey = load ("grey.png", 0);
  g_autoptr (CwImage) equal = load ("grey-rgb.png", 0);
  g_autoptr (CwImage) gif = load ("palette.gif", 0);

  assert_size (grey, 24, 20, 1);
  for (int y = 0; y < 20; y++)
    {
      for (int x = 0; x < 24; x++)
        g_assert_cmpint (*pixel (grey, x, y), ==, 5 * x + 6 * y);
    }
  /* Three equal channels are grey. */
  assert_size (equal, 24, 20, 1);
  g_assert_cmpmem (equal->data, 480, grey->data, 480);
  g_assert_cmpint (gif->w, ==, 4);
}

static void
test_one_pixel (void)
{
  g_autoptr (CwImage) image = load ("one.png", 0);
  g_autoptr (CwImage) shrunk = load ("one.png", 7);
  const guint8 want[3] = { 10, 20, 30 };

  assert_size (image, 1, 1, 3);
  g_assert_cmpmem (image->data, 3, want, 3);
  g_assert_cmpmem (shrunk->data, 3, want, 3);
}

static void
test_sixteen_bits (void)
{
  g_autoptr (CwImage) image = load ("sixteen.png", 0);

  assert_size (image, 8, 4, 1);
  for (int x = 0; x < 8; x++)
    g_assert_cmpint (*pixel (image, x, 2), ==, 16 * x);
}

static void
test_transparency (void)
{
  g_autoptr (CwImage) image = load ("alpha.png", 0);
  const guint8 want[9] = { 128, 128, 128, 192, 192, 192, 0, 255, 0 };

  assert_size (image, 3, 2, 3);
  g_assert_cmpmem (image->data, 9, want, 9);
}

/* What lies in the stored quadrants 0 1 / 2 3 of turned.jpg. */
static int
colour_of (const guint8 *p)
{
  return p[0] > 128 ? (p[1] > 128 ? 3 : 0) : p[1] > 128 ? 1 : 2;
}

/* TIFF 6.0, tag Orientation: which stored quadrant is seen top left, top right, bottom left, bottom
 * right. */
static const int seen[9][4]
    = { { 0, 1, 2, 3 }, { 0, 1, 2, 3 }, { 1, 0, 3, 2 }, { 3, 2, 1, 0 }, { 2, 3, 0, 1 },
        { 0, 2, 1, 3 }, { 2, 0, 3, 1 }, { 3, 1, 2, 0 }, { 1, 3, 0, 2 } };

static void
test_orientation (void)
{
  g_autofree char *data = NULL;
  gsize size, at = 0;

  read_file ("turned.jpg", &data, &size);
  /* The value of tag 0x0112, a SHORT, in the only directory; Pillow writes big-endian. */
  for (gsize i = 0; i + 10 < size && at == 0; i++)
    {
      if (memcmp (data + i, "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06", 10) == 0)
        at = i + 9;
    }
  g_assert_cmpuint (at, >, 0);
  for (int orientation = 1; orientation <= 8; orientation++)
    {
      /* As it is, and with the decoder's own shrinking. */
      for (int max_side = 0; max_side <= 16; max_side += 16)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (CwImage) image = NULL;
          gboolean lying = orientation >= 5;
          int w, h;

          data[at] = (char) orientation;
          image = cw_picture_decode (data, size, "turned.jpg", max_side, &error);
          g_assert_no_error (error);
          w = max_side > 0 ? 16 : 64;
          h = max_side > 0 ? 12 : 48;
          assert_size (image, lying ? h : w, lying ? w : h, 3);
          for (int q = 0; q < 4; q++)
            {
              const guint8 *p = pixel (image, image->w * (1 + 2 * (q % 2)) / 4,
                                       image->h * (1 + 2 * (q / 2)) / 4);

              g_assert_cmpint (colour_of (p), ==, seen[orientation][q]);
            }
        }
    }
}

static double
mean_difference (const CwImage *a, const CwImage *b)
{
  double sum = 0;
  gsize n = cw_image_bytes (a);

  g_assert_cmpuint (n, ==, cw_image_bytes (b));
  for (gsize i = 0; i < n; i++)
    sum += abs (a->data[i] - b->data[i]);
  return sum / (double) n;
}

/* Shrinking while decoding gives what area averaging of the whole picture gives, but for rounding. */
static void
test_max_side (void)
{
  static const char *const names[] = { "ramp.jpg", "progressive.jpg" };
  static const int sides[][3] = { { 320, 320, 240 }, { 200, 200, 150 }, { 160, 160, 120 },
                                  { 100, 100, 75 },  { 80, 80, 60 },    { 41, 41, 31 },
                                  { 40, 40, 30 },    { 7, 7, 5 },       { 1, 1, 1 } };

  for (size_t f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_autoptr (CwImage) whole = load (names[f], 0);

      assert_size (whole, 320, 240, 3);
      for (size_t i = 0; i < G_N_ELEMENTS (sides); i++)
        {
          g_autoptr (CwImage) small = load (names[f], sides[i][0]);
          g_autoptr (CwImage) again = load (names[f], sides[i][0]);
          g_autoptr (CwImage) want = cw_image_shrink (whole, sides[i][0]);

          assert_size (small, sides[i][1], sides[i][2], 3);
          g_assert_cmpfloat (mean_difference (small, want), <, 1.0);
          g_assert_cmpuint (cw_image_hash (small), ==, cw_image_hash (again));
        }
    }
}

static void
test_max_side_png (void)
{
  g_autoptr (CwImage) whole = load ("colour.png", 0);
  g_autoptr (CwImage) small = load ("colour.png", 5);
  g_autoptr (CwImage) want = cw_image_shrink (whole, 5);

  /* Nothing but area averaging. */
  assert_size (small, 5, 3, 3);
  g_assert_cmpmem (small->data, 45, want->data, 45);
}

/* One line that names the file. */
static void
assert_refused (const char *name, GQuark domain, int code)
{
  g_autofree char *path = cw_test_file ("fixtures", "pictures", name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_picture_load (path, 0, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_null (strchr (error->message, '\n'));
  g_clear_error (&error);
  g_assert_null (cw_picture_load (path, 32, &error));
  g_assert_error (error, domain, code);
}

static void
test_refused (void)
{
  assert_refused ("truncated.jpg", CW_ERROR, CW_ERROR_CORRUPT_FILE);
  assert_refused ("truncated.png", CW_ERROR, CW_ERROR_CORRUPT_FILE);
  assert_refused ("empty.jpg", CW_ERROR, CW_ERROR_CORRUPT_FILE);
  assert_refused ("text.png", CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT);
  assert_refused ("huge.png", CW_ERROR, CW_ERROR_TOO_LARGE);
  assert_refused ("none.png", G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_refused (".", G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

/* Wherever a file is cut, it is refused, and nothing is read behind its end (the bytes are in a block of
 * their own, for the sanitizer). */
static void
test_cut_anywhere (void)
{
  static const char *const names[] = { "colour.png", "colour.bmp", "palette.gif", "turned.jpg" };

  for (size_t f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_autofree char *data = NULL;
      gsize size;

      read_file (names[f], &data, &size);
      for (gsize n = 0; n < size; n += n < 64 ? 1 : 7)
        {
          g_autofree char *part = g_malloc (MAX (n, 1));
          g_autoptr (GError) error = NULL;

          memcpy (part, data, n);
          /* The last byte of a GIF is nothing but its end mark. */
          if (g_str_has_suffix (names[f], ".gif") && n + 8 > size)
            break;
          if (cw_picture_decode (part, n, names[f], 0, &error) != NULL)
            g_error ("%s cut to %" G_GSIZE_FORMAT " bytes was taken", names[f], n);
          g_assert_nonnull (error);
        }
    }
}

/* Bytes turned at random give a picture or an error, nothing else. */
static void
test_broken_anywhere (void)
{
  static const char *const names[] = { "colour.png", "colour.bmp", "palette.gif", "turned.jpg" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (int i = 0; i < 400; i++)
    {
      const char *name = names[i % (int) G_N_ELEMENTS (names)];
      g_autofree char *data = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (CwImage) image = NULL;
      gsize size;

      read_file (name, &data, &size);
      for (int k = 0; k < 3; k++)
        data[g_rand_int_range (rand, 0, (int) size)] = (char) g_rand_int (rand);
      image = cw_picture_decode (data, size, name, i % 3 == 0 ? 10 : 0, &error);
      g_assert_true ((image == NULL) == (error != NULL));
    }
}

/* An end marker inside the file (a thumbnail's) is not the end, and what is behind the end does not
 * matter. */
static void
test_jpeg_end (void)
{
  g_autofree char *data = NULL;
  gsize size;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  const guint8 comment[] = { 0xFF, 0xFE, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = NULL;

  read_file ("ramp.jpg", &data, &size);
  g_byte_array_append (file, (const guint8 *) data, 2);
  g_byte_array_append (file, comment, sizeof comment);
  g_byte_array_append (file, (const guint8 *) data + 2, (guint) size - 2);
  g_assert_null (cw_picture_decode (file->data, file->len * 2 / 3, "cut", 0, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_clear_error (&error);
  g_byte_array_append (file, (const guint8 *) "camera data", 11);
  image = cw_picture_decode (file->data, file->len, "longer", 0, &error);
  g_assert_no_error (error);
  assert_size (image, 320, 240, 3);
}

static void
test_extension (void)
{
  g_assert_true (cw_picture_has_extension ("a.b/c.JPG"));
  g_assert_true (cw_picture_has_extension ("x.Tiff"));
  g_assert_false (cw_picture_has_extension ("jpg"));
  g_assert_false (cw_picture_has_extension ("labels.csv"));
  g_assert_false (cw_picture_has_extension ("x.jpg.txt"));
}

static void
test_save (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "out.png", NULL);
  static const char *const names[] = { "colour.png", "grey.png", "one.png" };
  g_autoptr (GError) error = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (CwImage) image = load (names[i], 0);
      g_autoptr (CwImage) back = NULL;

      g_assert_true (cw_picture_save_png (image, path, &error));
      g_assert_no_error (error);
      back = cw_picture_load (path, 0, &error);
      g_assert_no_error (error);
      assert_size (back, image->w, image->h, image->c);
      g_assert_cmpmem (back->data, cw_image_bytes (back), image->data, cw_image_bytes (image));
    }
  cw_test_remove_folder (folder);
}

static void
test_from_float (void)
{
  const float rgb[6] = { -1.0f, 0.0f, 0.5f, 1.0f, 2.0f, NAN };
  const guint8 want[6] = { 0, 0, 128, 255, 255, 0 };
  g_autoptr (CwImage) image = cw_picture_from_float (rgb, 2, 1);

  assert_size (image, 2, 1, 3);
  g_assert_cmpmem (image->data, 6, want, 6);
}

static gpointer
decode_all (gpointer unused)
{
  static const char *const names[]
      = { "colour.png", "ramp.jpg", "colour.bmp", "palette.gif", "sixteen.png", "progressive.jpg" };
  guint64 hash = 0;

  for (int round = 0; round < 10; round++)
    {
      hash = 0;
      for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autoptr (CwImage) image = load (names[i], 50);

          hash = hash * 31 + cw_image_hash (image);
        }
    }
  return GSIZE_TO_POINTER ((gsize) hash);
}

static void
test_threads (void)
{
  gpointer want = decode_all (NULL);
  GThread *threads[6];

  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("decode", decode_all, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == want);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/picture/colour", test_colour);
  g_test_add_func ("/cw/picture/grey", test_grey);
  g_test_add_func ("/cw/picture/one-pixel", test_one_pixel);
  g_test_add_func ("/cw/picture/sixteen-bits", test_sixteen_bits);
  g_test_add_func ("/cw/picture/transparency", test_transparency);
  g_test_add_func ("/cw/picture/orientation", test_orientation);
  g_test_add_func ("/cw/picture/max-side", test_max_side);
  g_test_add_func ("/cw/picture/max-side-png", test_max_side_png);
  g_test_add_func ("/cw/picture/refused", test_refused);
  g_test_add_func ("/cw/picture/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/cw/picture/broken-anywhere", test_broken_anywhere);
  g_test_add_func ("/cw/picture/jpeg-end", test_jpeg_end);
  g_test_add_func ("/cw/picture/extension", test_extension);
  g_test_add_func ("/cw/picture/save", test_save);
  g_test_add_func ("/cw/picture/from-float", test_from_float);
  g_test_add_func ("/cw/picture/threads", test_threads);
  return g_test_run ();
}

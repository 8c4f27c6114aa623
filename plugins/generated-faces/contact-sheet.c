/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

/* Writes a sheet of generated faces: one row per person, one column per expression, or with --units
 * one column per action unit. Made for the guide and for looking at changes of the drawing. */

#include "gf-scene.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  int persons, first;
  int size;
  int seed;
  double nuisance;
  gboolean units;
  gboolean natural; /* drawn expressions instead of the prototypes */
} Options;

static GfScene
make_scene (const Options *options, int row, int column)
{
  const uint64_t seed = (uint64_t)options->seed;
  const uint32_t subject = (uint32_t)(options->first + row);
  const uint32_t index = (uint32_t)(row * 64 + column);
  GfScene scene = { .strength = options->nuisance };

  scene.person = gf_person_draw (seed, subject);
  scene.nuisance = gf_nuisance_draw (seed, index, options->nuisance);
  if (options->units)
    {
      if (column > 0)
        gf_activity_set (&scene.activity, (GfActionUnit)(column - 1), 1);
    }
  else if (options->natural)
    {
      CwRng rng = cw_rng_new (seed, CW_RNG_GENERATE, 2, 1, index, 0);

      scene.activity = gf_expression_draw ((GfExpression)column, &scene.person, &rng);
    }
  else
    scene.activity = gf_expression_prototype ((GfExpression)column);
  return scene;
}

static gboolean
draw_sheet (const Options *options, int columns, cairo_surface_t *sheet)
{
  const int size = options->size;
  const size_t stride = (size_t)cairo_image_surface_get_stride (sheet);
  guint8 *data = cairo_image_surface_get_data (sheet);
  g_autofree guint8 *rgb = g_malloc ((size_t)size * (size_t)size * 3);

  for (int row = 0; row < options->persons; row++)
    {
      for (int column = 0; column < columns; column++)
        {
          const GfScene scene = make_scene (options, row, column);

          if (!gf_scene_render (&scene, size, rgb))
            return FALSE;
          for (int y = 0; y < size; y++)
            {
              guint32 *to
                  = (guint32 *)(void *)(data + (size_t)(row * size + y) * stride) + column * size;
              const guint8 *from = rgb + (size_t)y * (size_t)size * 3;

              for (int x = 0; x < size; x++, from += 3)
                to[x] = ((guint32)from[0] << 16) | ((guint32)from[1] << 8) | from[2];
            }
        }
    }
  cairo_surface_mark_dirty (sheet);
  return TRUE;
}

int
main (int argc, char **argv)
{
  Options options = { .persons = 8, .size = 128, .seed = 1 };
  const GOptionEntry entries[] = {
    { "persons", 'p', 0, G_OPTION_ARG_INT, &options.persons, "Rows", "N" },
    { "first", 'f', 0, G_OPTION_ARG_INT, &options.first, "The first person", "SUBJECT" },
    { "size", 's', 0, G_OPTION_ARG_INT, &options.size, "Side of a face in pixels", "PIXELS" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "As of the reader", "S" },
    { "nuisance", 'n', 0, G_OPTION_ARG_DOUBLE, &options.nuisance, "Strength, 0..1", "STRENGTH" },
    { "units", 'u', 0, G_OPTION_ARG_NONE, &options.units, "Action units, one by one", NULL },
    { "natural", 0, 0, G_OPTION_ARG_NONE, &options.natural, "With the variation of real items",
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("OUT.png");
  g_autoptr (GError) error = NULL;
  cairo_surface_t *sheet;
  gboolean ok;
  int columns;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || options.persons < 1
      || options.persons > 64 || options.size < GF_MIN_SIZE || options.size > GF_MAX_SIZE)
    {
      fprintf (stderr, "contact-sheet: %s\n", error != NULL ? error->message : "see --help");
      return 2;
    }
  columns = options.units ? GF_N_AUS + 1 : GF_N_EXPRESSIONS;
  sheet = cairo_image_surface_create (CAIRO_FORMAT_RGB24, columns * options.size,
                                      options.persons * options.size);
  ok = cairo_surface_status (sheet) == CAIRO_STATUS_SUCCESS && draw_sheet (&options, columns, sheet)
       && cairo_surface_write_to_png (sheet, argv[1]) == CAIRO_STATUS_SUCCESS;
  cairo_surface_destroy (sheet);
  if (!ok)
    fprintf (stderr, "contact-sheet: cannot write %s: %s\n", argv[1], g_strerror (errno));
  return ok ? 0 : 1;
}

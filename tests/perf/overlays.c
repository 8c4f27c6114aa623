/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-overlays"

/* What a frame of the Explore page costs while a slider of the warp moves: field and view, then the picture and
 * an overlay over it on an image surface, all on one thread. With --save FOLDER the last frame of each becomes
 * a PNG. */

#include "draw/cwb-draw-field.h"
#include "draw/cwb-draw-source.h"
#include "draw/cwb-overlay.h"
#include "models/cwb-exploration.h"

#include <contrawarp.h>
#include <stdio.h>
#include <stdlib.h>

static int side = 512, frames = 60;
static char *folder;

typedef struct
{
  CwbScene *scene;
  CwbExploration *exploration;
  CwImage *source;
  CwPoint points[CW_N_LANDMARKS];
  CwRenderer *renderer;
  CwField *field;
  float *pixels;
} Work;

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
report (const char *name, double *ms)
{
  qsort (ms, (size_t) frames, sizeof *ms, compare);
  printf ("%-24s p50 %6.2f ms   p99 %6.2f ms\n", name, ms[frames / 2], ms[(frames * 99) / 100]);
}

static double
since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static void
time_view (Work *work, int view, const char *name)
{
  g_autofree double *ms = g_new (double, (gsize) frames);
  CwViewDraw draw;

  for (int i = 0; i < frames; i++)
    {
      gint64 start;

      cwb_scene_draw (work->scene, work->source, work->points, (guint32) i, view, &draw);
      start = g_get_monotonic_time ();
      cw_views_render (work->scene->views, &draw, work->source, work->renderer, work->pixels,
                       work->field);
      ms[i] = since (start);
    }
  report (name, ms);
}

static void
save (cairo_surface_t *surface, const char *name)
{
  g_autofree char *file = g_strdup_printf ("overlay-%s-%d.png", name, side);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  if (cairo_surface_write_to_png (surface, path) != CAIRO_STATUS_SUCCESS)
    fprintf (stderr, "%s: cannot be written\n", path);
}

static void
time_overlay (Work *work, CwbOverlay overlay, cairo_surface_t *surface, const CwbPalette *palette)
{
  const CwbViewGeometry *geometry = &work->exploration->pictures[3].geometry;
  const CwbOverlayData data = {
    .w = side,
    .h = side,
    .field = work->exploration->pictures[3].field,
    .landmarks = { geometry->before, geometry->after, CW_N_LANDMARKS, geometry->borrowed },
  };
  const CwbPlace place = { 0, 0, 512.0 / side };
  g_autofree double *ms = g_new (double, (gsize) frames);

  for (int i = 0; i < frames; i++)
    {
      cairo_t *cr = cairo_create (surface);
      gint64 start;

      cwb_draw_picture (cr, &place, work->exploration->pictures[3].image);
      start = g_get_monotonic_time ();
      cwb_draw_overlay (cr, 512, 512, &place, overlay, &data, palette);
      cairo_surface_flush (surface);
      ms[i] = since (start);
      cairo_destroy (cr);
    }
  report (cwb_overlays[overlay].nick, ms);
  if (folder != NULL)
    save (surface, cwb_overlays[overlay].nick);
}

static void
set_up (Work *work, CwDataset *dataset, GError **error)
{
  g_autoptr (CwViews) views = cw_views_new (side);

  work->scene = cwb_scene_new (dataset, 0, views, 512, 7, 0);
  work->exploration = cwb_exploration_new (work->scene, NULL, error);
  work->source = cwb_scene_load (work->scene, work->points, error);
  work->renderer = cw_renderer_new (side);
  work->field = cw_field_new (side, side);
  work->pixels = g_new (float, 3 * (gsize) side * (gsize) side);
}

static void
tear_down (Work *work)
{
  cwb_scene_free (work->scene);
  cwb_exploration_unref (work->exploration);
  cw_image_unref (work->source);
  cw_renderer_free (work->renderer);
  cw_field_free (work->field);
  g_free (work->pixels);
}

static void
time_all (Work *work)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 512, 512);
  CwbPalette palette;

  cwb_palette_init (&palette, FALSE);
  printf ("view of %d px, %d frames, one thread\n", side, frames);
  time_view (work, 1, "view without a warp");
  time_view (work, 2, "field and view");
  for (int overlay = 0; overlay < CWB_N_OVERLAYS; overlay++)
    time_overlay (work, overlay, surface, &palette);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "side", 0, 0, G_OPTION_ARG_INT, &side, "Pixels of a view (default: 512)", "N" },
    { "frames", 0, 0, G_OPTION_ARG_INT, &frames, "Default: 60", "N" },
    { "save", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Pictures of the overlays", "FOLDER" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("LOCATION");
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  Work work = { 0 };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || side < 8
      || side > 1024 || frames < 1)
    {
      fprintf (stderr, "overlays: %s\n", error != NULL ? error->message : "see --help");
      return 2;
    }
  cw_init ();
  dataset = cw_dataset_open (argv[1], NULL, NULL, NULL, &error);
  if (dataset != NULL)
    set_up (&work, dataset, &error);
  if (error != NULL)
    {
      fprintf (stderr, "overlays: %s\n", error->message);
      return 1;
    }
  time_all (&work);
  tear_down (&work);
  return 0;
}

/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-scene.h"

#include "gf-draw.h"
#include "gf-streams.h"

GfExpression
gf_scene_label (uint64_t seed, uint32_t index)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_GENERATE, GF_STREAM_LABELS, 0, index / GF_N_EXPRESSIONS, 0);
  uint32_t order[GF_N_EXPRESSIONS];

  for (uint32_t i = 0; i < GF_N_EXPRESSIONS; i++)
    order[i] = i;
  cw_rng_shuffle (&rng, order, GF_N_EXPRESSIONS);
  return (GfExpression)order[index % GF_N_EXPRESSIONS];
}

GfActivity
gf_scene_activity (uint64_t seed, uint32_t index, const GfPerson *person)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_GENERATE, GF_STREAM_EXPRESSION, 0, index, 0);

  return gf_expression_draw (gf_scene_label (seed, index), person, &rng);
}

GfScene
gf_scene_new (uint64_t seed, uint32_t index, uint32_t per_subject, double strength)
{
  GfScene scene;

  scene.person = gf_person_draw (seed, index / per_subject);
  scene.activity = gf_scene_activity (seed, index, &scene.person);
  scene.nuisance = gf_nuisance_draw (seed, index, strength);
  scene.strength = strength;
  return scene;
}

void
gf_scene_landmarks (const GfScene *scene, CwPoint *points)
{
  const GfCamera camera = gf_camera_new (&scene->nuisance.pose, 1);
  GfFace face;

  gf_face_shape (&face, &scene->person, &scene->activity);
  gf_face_landmarks (&face, &camera, points);
}

/* The skin is coloured on a layer of its own, then lit by its relief, then laid on the picture. */
static gboolean
draw_skin_layer (GfCanvas *canvas)
{
  cairo_t *picture = canvas->cr;
  g_autoptr (GfRelief) relief = gf_relief_new (canvas->size);
  cairo_surface_t *layer
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, canvas->size, canvas->size);
  gboolean ok;

  canvas->cr = cairo_create (layer);
  cairo_set_tolerance (canvas->cr, 0.25);
  cairo_set_antialias (canvas->cr, CAIRO_ANTIALIAS_FAST);
  gf_tint_skin (canvas);
  gf_tint_eyes (canvas);
  gf_tint_nose (canvas);
  gf_tint_beard (canvas);
  gf_tint_mouth (canvas);
  gf_sculpt_skin (canvas, relief);
  gf_sculpt_eyes (canvas, relief);
  gf_sculpt_nose (canvas, relief);
  gf_sculpt_mouth (canvas, relief);
  gf_sculpt_lines (canvas, relief);
  ok = cairo_status (canvas->cr) == CAIRO_STATUS_SUCCESS;
  cairo_destroy (canvas->cr);
  canvas->cr = picture;
  if (ok)
    {
      /* Gloss shows more, the darker the skin. */
      gf_relief_light (relief, layer, &canvas->light,
                       canvas->person->skin_shine * (0.7 + 0.9 * canvas->person->skin_tone));
      cairo_set_source_surface (picture, layer, 0, 0);
      cairo_paint (picture);
    }
  cairo_surface_destroy (layer);
  return ok;
}

static gboolean
draw_all (GfCanvas *canvas, const GfScene *scene)
{
  gf_nuisance_draw_background (&scene->nuisance, scene->strength, canvas->cr, canvas->size);
  /* Cloth lies over the neck, hair hangs behind it. */
  if (gf_person_hair (canvas->person) == GF_HAIR_SCARF)
    {
      gf_draw_body (canvas);
      gf_draw_hair_back (canvas);
    }
  else
    {
      gf_draw_hair_back (canvas);
      gf_draw_body (canvas);
      gf_draw_ears (canvas);
    }
  if (!draw_skin_layer (canvas))
    return FALSE;
  gf_draw_lines (canvas);
  gf_draw_nose (canvas);
  gf_draw_eyes (canvas);
  gf_draw_mouth (canvas);
  gf_draw_beard (canvas);
  gf_draw_hair_front (canvas);
  gf_draw_brows (canvas);
  gf_draw_glasses (canvas);
  return cairo_status (canvas->cr) == CAIRO_STATUS_SUCCESS;
}

/* Averages @factor x @factor pixels into one. */
static void
copy_pixels (cairo_surface_t *surface, int size, int factor, guint8 *rgb)
{
  const guint8 *data;
  const size_t stride = (size_t)cairo_image_surface_get_stride (surface);
  const guint32 area = (guint32)(factor * factor);

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int y = 0; y < size; y++)
    {
      for (int x = 0; x < size; x++)
        {
          guint32 sum[3] = { area / 2, area / 2, area / 2 };

          for (int j = 0; j < factor; j++)
            {
              const guint32 *row
                  = (const guint32 *)(const void *)(data + (size_t)(y * factor + j) * stride);

              for (int i = 0; i < factor; i++)
                {
                  const guint32 pixel = row[x * factor + i];

                  sum[0] += (pixel >> 16) & 0xFF;
                  sum[1] += (pixel >> 8) & 0xFF;
                  sum[2] += pixel & 0xFF;
                }
            }
          for (int c = 0; c < 3; c++)
            *rgb++ = (guint8)(sum[c] / area);
        }
    }
}

gboolean
gf_scene_render (const GfScene *scene, int size, guint8 *rgb)
{
  /* Small pictures are drawn at twice their size, so that thin lines keep their weight. */
  const int factor = size < 80 ? 2 : 1;
  const int side = size * factor;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, side, side);
  GfFace face;
  GfCanvas canvas = { .size = side, .light = scene->nuisance.light, .person = &scene->person };
  gboolean ok;

  gf_face_shape (&face, &scene->person, &scene->activity);
  canvas.cr = cairo_create (surface);
  cairo_set_tolerance (canvas.cr, 0.25);
  cairo_set_antialias (canvas.cr, CAIRO_ANTIALIAS_FAST);
  canvas.face = &face;
  canvas.camera = gf_camera_new (&scene->nuisance.pose, side);
  canvas.look = gf_look_new (&scene->person);
  canvas.gaze_x = scene->nuisance.gaze_x;
  ok = draw_all (&canvas, scene);
  cairo_destroy (canvas.cr);
  if (ok)
    {
      copy_pixels (surface, size, factor, rgb);
      gf_nuisance_apply (&scene->nuisance, rgb, size);
    }
  cairo_surface_destroy (surface);
  return ok;
}

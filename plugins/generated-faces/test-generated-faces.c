/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "contrawarp.h"

#include "gf-scene.h"

#include <math.h>
#include <string.h>

#define SIZE 96
#define BYTES (SIZE * SIZE * 3)

/* A frontal, evenly lit, sharp face. */
static GfScene
plain_scene (uint32_t subject)
{
  GfScene scene = { .strength = 0 };

  scene.person = gf_person_draw (1, subject);
  scene.nuisance = gf_nuisance_draw (1, 0, 0);
  return scene;
}

static guint8 *
render (const GfScene *scene)
{
  guint8 *rgb = g_malloc (BYTES);

  g_assert_true (gf_scene_render (scene, SIZE, rgb));
  return rgb;
}

/* All but the padding at the end. */
static void
assert_same_person (const GfPerson *a, const GfPerson *b)
{
  const size_t n = offsetof (GfPerson, texture) + sizeof a->texture;

  g_assert_cmpmem (a, n, b, n);
}

/* Mean absolute difference of the pixels in a box of normalised coordinates. */
static double
difference (const guint8 *a, const guint8 *b, double x0, double y0, double x1, double y1)
{
  const int left = CLAMP ((int)(x0 * SIZE), 0, SIZE - 1),
            right = CLAMP ((int)(x1 * SIZE), left + 1, SIZE);
  const int top = CLAMP ((int)(y0 * SIZE), 0, SIZE - 1),
            bottom = CLAMP ((int)(y1 * SIZE), top + 1, SIZE);
  double sum = 0;

  for (int y = top; y < bottom; y++)
    {
      for (int i = left * 3; i < right * 3; i++)
        sum += abs (a[y * SIZE * 3 + i] - b[y * SIZE * 3 + i]);
    }
  return sum / (3.0 * (right - left) * (bottom - top));
}

static double
difference_all (const guint8 *a, const guint8 *b)
{
  return difference (a, b, 0, 0, 1, 1);
}

/* ---- determinism ---- */

typedef struct
{
  CwDataset *dataset;
  guint first;
  guint64 hashes[48];
} Worker;

static gpointer
load_some (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < G_N_ELEMENTS (worker->hashes); i++)
    {
      /* Every thread in an order of its own. */
      const guint index = (i * 5 + worker->first) % G_N_ELEMENTS (worker->hashes);
      g_autoptr (GError) error = NULL;
      g_autoptr (CwImage) image = cw_dataset_load_image (worker->dataset, index, 0, &error);

      g_assert_no_error (error);
      worker->hashes[index] = cw_image_hash (image);
    }
  return NULL;
}

static CwDataset *
open_faces (const char *location)
{
  g_autoptr (GError) error = NULL;
  CwDataset *dataset = cw_dataset_open (location, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (dataset);
  return dataset;
}

static void
test_threads (void)
{
  g_autoptr (CwDataset) dataset = open_faces ("generated:faces?n=48&seed=3&size=64&nuisance=0.5");
  Worker workers[4] = { { .dataset = dataset, .first = 0 },
                        { .dataset = dataset, .first = 11 },
                        { .dataset = dataset, .first = 23 },
                        { .dataset = dataset, .first = 37 } };
  GThread *threads[4];
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

  load_some (&workers[0]);
  for (int i = 1; i < 4; i++)
    threads[i] = g_thread_new ("load", load_some, &workers[i]);
  for (int i = 1; i < 4; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpmem (workers[i].hashes, sizeof workers[i].hashes, workers[0].hashes,
                       sizeof workers[0].hashes);
    }
  /* No two pictures are the same. */
  for (guint i = 0; i < G_N_ELEMENTS (workers[0].hashes); i++)
    g_hash_table_add (seen, &workers[0].hashes[i]);
  g_assert_cmpuint (g_hash_table_size (seen), ==, G_N_ELEMENTS (workers[0].hashes));
}

static void
test_seed (void)
{
  g_autoptr (CwDataset) a = open_faces ("generated:faces?n=16&seed=1&size=48");
  g_autoptr (CwDataset) same = open_faces ("generated:faces?n=40&seed=1&size=48");
  g_autoptr (CwDataset) other = open_faces ("generated:faces?n=16&seed=2&size=48");
  g_autoptr (CwImage) picture = cw_dataset_load_image (a, 5, 0, NULL);
  g_autoptr (CwImage) again = cw_dataset_load_image (same, 5, 0, NULL);
  g_autoptr (CwImage) different = cw_dataset_load_image (other, 5, 0, NULL);
  g_autoptr (CwImage) small = cw_dataset_load_image (a, 5, 32, NULL);

  g_assert_cmpint (picture->w, ==, 48);
  g_assert_cmpint (picture->h, ==, 48);
  g_assert_cmpint (picture->c, ==, 3);
  /* A longer set begins with the shorter one. */
  g_assert_cmpuint (cw_image_hash (picture), ==, cw_image_hash (again));
  g_assert_cmpuint (cw_image_hash (picture), !=, cw_image_hash (different));
  g_assert_cmpint (small->w, ==, 32);
}

/* ---- the dataset ---- */

static void
test_columns (void)
{
  g_autoptr (CwDataset) dataset = open_faces ("generated:faces?n=320&seed=7&per-subject=20");
  guint counts[GF_N_EXPRESSIONS] = { 0 };

  g_assert_cmpuint (cw_dataset_get_n_items (dataset), ==, 320);
  g_assert_cmpuint (cw_dataset_get_n_subjects (dataset), ==, 16);
  g_assert_cmpuint (cw_dataset_get_n_labels (dataset), ==, GF_N_EXPRESSIONS);
  g_assert_cmpuint (cw_dataset_get_n_columns (dataset), ==, GF_N_AUS + 7);
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, GF_N_AUS), ==, "pose-yaw");
  g_assert_cmpstr (cw_dataset_get_label (dataset, 0), ==, "neutral");
  g_assert_cmpstr (cw_dataset_get_label (dataset, 7), ==, "contempt");
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, GF_AU12), ==, "au12");
  for (guint i = 0; i < 320; i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);
      const GfScene scene = gf_scene_new (7, i, 20, (double)0.3f);

      g_assert_cmpint (item->subject, ==, (int)i / 20);
      g_assert_cmpint (item->split, ==, CW_SPLIT_NONE);
      counts[item->label]++;
      for (guint au = 0; au < GF_N_AUS; au++)
        {
          const float value = cw_dataset_get_column (dataset, au, i);

          g_assert_cmpfloat (value, >=, 0);
          g_assert_cmpfloat (value, <=, 1);
          /* The column says what is drawn. */
          g_assert_cmpfloat (value, ==, (float)gf_activity_get (&scene.activity, (GfActionUnit)au));
        }
      g_assert_cmpfloat (cw_dataset_get_column (dataset, GF_N_AUS, i), ==,
                         (float)scene.nuisance.pose.yaw);
      g_assert_cmpfloat (cw_dataset_get_column (dataset, GF_N_AUS + 6, i), ==,
                         (float)scene.nuisance.exposure);
    }
  for (int e = 0; e < GF_N_EXPRESSIONS; e++)
    g_assert_cmpuint (counts[e], ==, 40);
  g_assert_cmpstr (cw_dataset_get_item (dataset, 123)->name, ==, "face-000123.png");
}

static void
test_bad_location (void)
{
  static const char *const locations[] = { "generated:faces?n=0",
                                           "generated:faces?size=8",
                                           "generated:faces?colour=red",
                                           "generated:faces?nuisance=2",
                                           "generated:faces?n",
                                           "generated:horses",
                                           "generated:" };

  for (size_t i = 0; i < G_N_ELEMENTS (locations); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (cw_dataset_open (locations[i], NULL, NULL, NULL, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == CW_ERROR);
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_cancel (void)
{
  g_autoptr (CwJob) job = cw_job_new (NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  cw_job_cancel (job);
  g_assert_null (cw_dataset_open ("generated:faces", NULL, NULL, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- action units ---- */

/* A box around the landmarks of a region, with a margin. */
static void
region_box (const CwPoint *points, CwRegion region, double box[4])
{
  box[0] = box[1] = 1;
  box[2] = box[3] = 0;
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      if (cw_landmark_template[i].region != region)
        continue;
      box[0] = fmin (box[0], (double)points[i].x - 0.08);
      box[1] = fmin (box[1], (double)points[i].y - 0.08);
      box[2] = fmax (box[2], (double)points[i].x + 0.08);
      box[3] = fmax (box[3], (double)points[i].y + 0.08);
    }
}

static void
test_units (void)
{
  for (uint32_t subject = 0; subject < 4; subject++)
    {
      GfScene scene = plain_scene (subject);
      g_autofree guint8 *rest = NULL;
      CwPoint points[CW_N_LANDMARKS];

      /* What hides much of the face is another test's. */
      scene.person.glasses_style = 0;
      scene.person.beard_style = 0;
      rest = render (&scene);
      gf_scene_landmarks (&scene, points);
      for (int au = 0; au < GF_N_AUS; au++)
        {
          g_autofree guint8 *active = NULL;
          double box[4];
          double near_it;

          memset (&scene.activity, 0, sizeof scene.activity);
          gf_activity_set (&scene.activity, (GfActionUnit)au, 1);
          active = render (&scene);
          region_box (points, gf_action_units[au].region, box);
          near_it = difference (rest, active, box[0], box[1], box[2], box[3]);
          g_test_message ("person %u AU %d: %.2f near, %.2f anywhere", subject,
                          gf_action_units[au].number, near_it, difference_all (rest, active));
          g_assert_cmpfloat (near_it, >, 1.5);
          /* It shows there more than elsewhere, save for the jaw, which moves half the face. */
          if (au != GF_AU26)
            g_assert_cmpfloat (near_it, >, 1.2 * difference_all (rest, active));
        }
    }
}

static GfScene
with_unit (GfActionUnit au, CwPoint *points)
{
  GfScene scene = plain_scene (2);

  gf_activity_set (&scene.activity, au, 1);
  gf_scene_landmarks (&scene, points);
  return scene;
}

static int
landmark (const char *id)
{
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      if (strcmp (cw_landmark_template[i].id, id) == 0)
        return i;
    }
  g_assert_not_reached ();
}

/* The landmarks move as FACS says. Signs: +1 = down or right, -1 = up or left. */
static void
test_unit_directions (void)
{
  static const struct
  {
    GfActionUnit au;
    const char *id;
    int dx, dy;
  } moves[] = {
    { GF_AU1, "brow-left-inner", 0, -1 },
    { GF_AU2, "brow-left-outer", 0, -1 },
    { GF_AU2, "brow-right-middle", 0, -1 },
    { GF_AU4, "brow-left-inner", 1, 1 },
    { GF_AU4, "brow-right-inner", -1, 1 },
    { GF_AU5, "eye-left-lid", 0, -1 },
    { GF_AU6, "cheek-left", 0, -1 },
    { GF_AU7, "eye-right-lid", 0, 1 },
    { GF_AU9, "nose-left-wing", -1, -1 },
    { GF_AU10, "mouth-upper-lip", 0, -1 },
    { GF_AU12, "mouth-left-corner", -1, -1 },
    { GF_AU12, "mouth-right-corner", 1, -1 },
    { GF_AU14, "mouth-right-corner", 1, -1 },
    { GF_AU15, "mouth-left-corner", 0, 1 },
    { GF_AU17, "mouth-lower-lip", 0, -1 },
    { GF_AU20, "mouth-left-corner", -1, 1 },
    { GF_AU23, "mouth-lower-lip", 0, -1 },
    { GF_AU25, "mouth-lower-lip", 0, 1 },
    { GF_AU26, "jaw-left", 0, 1 },
    { GF_AU26, "mouth-lower-lip", 0, 1 },
    { GF_AU43, "eye-left-lid", 0, 1 },
  };
  CwPoint rest[CW_N_LANDMARKS];
  GfScene scene = plain_scene (2);

  gf_scene_landmarks (&scene, rest);
  for (size_t i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      const int at = landmark (moves[i].id);
      CwPoint points[CW_N_LANDMARKS];
      double dx, dy;

      with_unit (moves[i].au, points);
      dx = (double)(points[at].x - rest[at].x);
      dy = (double)(points[at].y - rest[at].y);
      g_test_message ("AU %d %s: %+.4f %+.4f", gf_action_units[moves[i].au].number, moves[i].id, dx,
                      dy);
      if (moves[i].dx != 0)
        g_assert_cmpfloat (moves[i].dx * dx, >, 0.002);
      if (moves[i].dy != 0)
        g_assert_cmpfloat (moves[i].dy * dy, >, 0.004);
    }
}

/* ---- expressions, persons, landmarks ---- */

static void
test_prototypes (void)
{
  for (uint32_t subject = 0; subject < 4; subject++)
    {
      GfScene scene = plain_scene (subject);
      guint8 *pictures[GF_N_EXPRESSIONS];

      for (int e = 0; e < GF_N_EXPRESSIONS; e++)
        {
          scene.activity = gf_expression_prototype ((GfExpression)e);
          pictures[e] = render (&scene);
        }
      for (int a = 0; a < GF_N_EXPRESSIONS; a++)
        {
          for (int b = 0; b < a; b++)
            {
              const double d = difference (pictures[a], pictures[b], 0.2, 0.2, 0.8, 0.95);

              g_test_message ("person %u %s - %s: %.2f", subject,
                              gf_expression_name ((GfExpression)a),
                              gf_expression_name ((GfExpression)b), d);
              g_assert_cmpfloat (d, >, 2.5);
            }
        }
      for (int e = 0; e < GF_N_EXPRESSIONS; e++)
        g_free (pictures[e]);
    }
}

/* Drawn expressions keep what makes them so, whatever else varies. */
static void
test_expressions_drawn (void)
{
  static const GfActionUnit keys[GF_N_EXPRESSIONS]
      = { GF_N_AUS, GF_AU12, GF_AU15, GF_AU26, GF_AU20, GF_AU9, GF_AU4, GF_AU14 };

  for (uint32_t i = 0; i < 400; i++)
    {
      const GfScene scene = gf_scene_new (5, i, 16, 0.3);
      const GfExpression label = gf_scene_label (5, i);
      const double left = scene.activity.side[GF_LEFT][GF_AU14];
      const double right = scene.activity.side[GF_RIGHT][GF_AU14];

      if (keys[label] != GF_N_AUS)
        g_assert_cmpfloat (gf_activity_get (&scene.activity, keys[label]), >, 0.3);
      else
        {
          for (int au = 0; au < GF_N_AUS; au++)
            g_assert_cmpfloat (gf_activity_get (&scene.activity, (GfActionUnit)au), <, 0.56);
        }
      if (label == GF_CONTEMPT)
        g_assert_cmpfloat (fabs (left - right), >, 0.25);
    }
}

static void
test_persons (void)
{
  enum
  {
    PERSONS = 24
  };
  guint8 *pictures[PERSONS];

  for (uint32_t i = 0; i < PERSONS; i++)
    {
      const GfScene scene = plain_scene (i);
      const GfPerson again = gf_person_draw (1, i);

      assert_same_person (&again, &scene.person);
      pictures[i] = render (&scene);
    }
  for (int a = 0; a < PERSONS; a++)
    {
      for (int b = 0; b < a; b++)
        g_assert_cmpfloat (difference_all (pictures[a], pictures[b]), >, 4);
    }
  for (int i = 0; i < PERSONS; i++)
    g_free (pictures[i]);
}

static void
test_landmarks (void)
{
  g_autoptr (CwDataset) dataset = open_faces ("generated:faces?n=200&seed=2&nuisance=1");

  for (guint i = 0; i < 200; i++)
    {
      CwPoint p[CW_N_LANDMARKS];

      cw_dataset_get_landmarks (dataset, i, p);
      for (int j = 0; j < CW_N_LANDMARKS; j++)
        {
          g_assert_cmpfloat (p[j].x, >, 0);
          g_assert_cmpfloat (p[j].x, <, 1);
          g_assert_cmpfloat (p[j].y, >, 0);
          g_assert_cmpfloat (p[j].y, <, 1);
        }
      /* Left is the picture's left; brows over eyes over nose over mouth. */
      g_assert_cmpfloat (p[landmark ("eye-left-inner")].x, <, p[landmark ("eye-right-inner")].x);
      g_assert_cmpfloat (p[landmark ("mouth-left-corner")].x, <,
                         p[landmark ("mouth-right-corner")].x);
      g_assert_cmpfloat (p[landmark ("brow-left-middle")].y, <, p[landmark ("eye-left-lid")].y);
      g_assert_cmpfloat (p[landmark ("nose-bridge")].y, <, p[landmark ("nose-tip")].y);
      g_assert_cmpfloat (p[landmark ("nose-tip")].y, <, p[landmark ("mouth-upper-lip")].y);
      g_assert_cmpfloat (p[landmark ("mouth-upper-lip")].y, <, p[landmark ("mouth-lower-lip")].y);
    }
}

/* The landmark of the lid is where the eye is drawn: the pixels change there when it closes. */
static void
test_landmarks_match_pixels (void)
{
  for (uint32_t i = 0; i < 6; i++)
    {
      GfScene open = plain_scene (40 + i);
      GfScene shut = open;
      CwPoint p[CW_N_LANDMARKS];
      g_autofree guint8 *a = NULL;
      g_autofree guint8 *b = NULL;
      double sum = 0, x = 0, y = 0;
      const int inner = landmark ("eye-left-inner"), outer = landmark ("eye-left-outer");

      open.nuisance.pose = gf_nuisance_draw (9, i, 0.8).pose;
      shut.nuisance = open.nuisance;
      open.person.glasses_style = shut.person.glasses_style = 0;
      gf_activity_set (&shut.activity, GF_AU43, 1);
      a = render (&open);
      b = render (&shut);
      gf_scene_landmarks (&open, p);
      /* The centre of the change in the left half, as the eyes are the only thing that changes. */
      for (int v = 0; v < SIZE; v++)
        {
          for (int u = 0; u < (int)(SIZE * 0.5f * (p[inner].x + p[landmark ("eye-right-inner")].x));
               u++)
            {
              const double d = abs (a[(v * SIZE + u) * 3] - b[(v * SIZE + u) * 3]);

              sum += d;
              x += d * (u + 0.5) / SIZE;
              y += d * (v + 0.5) / SIZE;
            }
        }
      g_assert_cmpfloat (sum, >, 500);
      g_assert_cmpfloat (fabs (x / sum - 0.5 * (double)(p[inner].x + p[outer].x)), <, 0.035);
      g_assert_cmpfloat (fabs (y / sum - 0.5 * (double)(p[inner].y + p[outer].y)), <, 0.05);
    }
}

/* ---- extremes ---- */

static void
test_extremes (void)
{
  GfScene scene = plain_scene (0);
  g_autofree guint8 *middle = NULL;

  scene.person = gf_person_average ();
  /* So that every part is there. */
  scene.person.beard_style = 0.25;
  scene.person.glasses_style = 0.4;
  scene.person.mole = 1;
  middle = render (&scene);
  for (int i = 0; i < gf_person_n_fields; i++)
    {
      const GfPersonField *field = &gf_person_fields[i];
      const double ends[] = { field->min, field->max };

      g_assert_cmpfloat (field->min, <, field->max);
      g_assert_cmpfloat (field->middle, >=, field->min);
      g_assert_cmpfloat (field->middle, <=, field->max);
      for (int end = 0; end < 2; end++)
        {
          for (int e = 0; e < GF_N_EXPRESSIONS; e++)
            {
              GfScene extreme = scene;
              g_autofree guint8 *rgb = NULL;

              *gf_person_field (&extreme.person, field) = ends[end];
              extreme.activity = gf_expression_prototype ((GfExpression)e);
              rgb = render (&extreme);
              g_assert_cmpfloat (difference_all (rgb, middle), <, 90);
            }
        }
    }
}

/* All fields at an end at once, all units at full, all styles, all sizes: nothing may break. */
static void
test_everything_at_once (void)
{
  static const int sizes[] = { GF_MIN_SIZE, 79, 80, GF_MAX_SIZE };

  for (int end = 0; end < 2; end++)
    {
      for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
        {
          GfScene scene = plain_scene (0);
          g_autofree guint8 *rgb = g_malloc ((gsize)sizes[s] * (gsize)sizes[s] * 3);

          for (int i = 0; i < gf_person_n_fields; i++)
            *gf_person_field (&scene.person, &gf_person_fields[i])
                = end == 0 ? gf_person_fields[i].min : gf_person_fields[i].max;
          for (int au = 0; au < GF_N_AUS; au++)
            gf_activity_set (&scene.activity, (GfActionUnit)au, 1);
          scene.nuisance = gf_nuisance_draw (3, (uint32_t)s, 1);
          scene.strength = 1;
          g_assert_true (gf_scene_render (&scene, sizes[s], rgb));
        }
    }
  for (int hair = 0; hair < GF_N_HAIR; hair++)
    {
      for (int beard = 0; beard < GF_N_BEARD; beard++)
        {
          GfScene scene = plain_scene (1);
          g_autofree guint8 *rgb = NULL;

          scene.person.hair_style = (hair + 0.5) / GF_N_HAIR;
          scene.person.beard_style = (beard + 0.5) / GF_N_BEARD;
          g_assert_cmpint (gf_person_hair (&scene.person), ==, hair);
          g_assert_cmpint (gf_person_beard (&scene.person), ==, beard);
          rgb = render (&scene);
        }
    }
}

/* Nuisance moves the picture, and the more of it the more. */
static void
test_nuisance (void)
{
  double moved[3] = { 0 };
  static const double strengths[3] = { 0, 0.3, 1 };

  for (uint32_t i = 0; i < 12; i++)
    {
      const GfScene plain = gf_scene_new (4, i, 16, 0);
      CwPoint at_rest[CW_N_LANDMARKS];

      gf_scene_landmarks (&plain, at_rest);
      for (int k = 0; k < 3; k++)
        {
          const GfScene scene = gf_scene_new (4, i, 16, strengths[k]);
          CwPoint p[CW_N_LANDMARKS];

          /* It changes neither who it is nor what they show. */
          assert_same_person (&scene.person, &plain.person);
          g_assert_cmpmem (&scene.activity, sizeof scene.activity, &plain.activity,
                           sizeof plain.activity);
          gf_scene_landmarks (&scene, p);
          moved[k] += hypot ((double)(p[13].x - at_rest[13].x), (double)(p[13].y - at_rest[13].y));
        }
    }
  g_assert_cmpfloat (moved[0], ==, 0);
  g_assert_cmpfloat (moved[1], >, 0.05);
  g_assert_cmpfloat (moved[2], >, 2 * moved[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/cw/generated-faces/threads", test_threads);
  g_test_add_func ("/cw/generated-faces/seed", test_seed);
  g_test_add_func ("/cw/generated-faces/columns", test_columns);
  g_test_add_func ("/cw/generated-faces/bad-location", test_bad_location);
  g_test_add_func ("/cw/generated-faces/cancel", test_cancel);
  g_test_add_func ("/cw/generated-faces/units", test_units);
  g_test_add_func ("/cw/generated-faces/unit-directions", test_unit_directions);
  g_test_add_func ("/cw/generated-faces/prototypes", test_prototypes);
  g_test_add_func ("/cw/generated-faces/expressions-drawn", test_expressions_drawn);
  g_test_add_func ("/cw/generated-faces/persons", test_persons);
  g_test_add_func ("/cw/generated-faces/landmarks", test_landmarks);
  g_test_add_func ("/cw/generated-faces/landmarks-match-pixels", test_landmarks_match_pixels);
  g_test_add_func ("/cw/generated-faces/extremes", test_extremes);
  g_test_add_func ("/cw/generated-faces/everything-at-once", test_everything_at_once);
  g_test_add_func ("/cw/generated-faces/nuisance", test_nuisance);
  return g_test_run ();
}

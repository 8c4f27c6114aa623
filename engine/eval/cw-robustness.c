/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-robustness.h"

#include "base/cw-error.h"
#include "eval/cw-disturbance.h"
#include "eval/cw-features-private.h"
#include "eval/cw-linear.h"
#include "eval/cw-sides.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Shares of the whole: embedding both sides, fitting the probes; the rest is curves. */
#define EMBED_SPAN 0.3
#define FIT_SPAN 0.4
#define MAX_ITERATIONS 500
/* Of the probe that tells disturbed pictures from clean ones, which has few to be fitted on. */
#define NOTICE_L2 0.01

/* One model in the race. */
typedef struct
{
  const CwModel *model;
  const CwFeatures *clean; /* of the scored side */
  CwLinear *probe;
} Runner;

typedef struct
{
  CwRobustness *robustness;
  CwDataset *dataset;
  const CwWarpClass *warp;
  guint64 seed;
  int max_side;
  Runner runners[2]; /* trained, random init */
  guint n_runners;
} Race;

void
cw_robustness_free (CwRobustness *robustness)
{
  if (robustness == NULL)
    return;
  for (int c = 0; c < robustness->n_curves; c++)
    g_free (robustness->curves[c].points);
  g_free (robustness->curves);
  g_free (robustness);
}

static void
add_curve (CwRobustness *r, const CwDisturbanceKind *kind)
{
  CwRobustnessCurve *curve = &r->curves[r->n_curves++];
  const CwRobustnessScore nothing = { (double) NAN, (double) NAN, (double) NAN };

  *curve = (CwRobustnessCurve){ kind->id, kind->unit, kind->n_strengths, NULL };
  curve->points = g_new (CwRobustnessPoint, kind->n_strengths);
  for (int i = 0; i < kind->n_strengths; i++)
    curve->points[i] = (CwRobustnessPoint){ kind->strengths[i], nothing, nothing };
}

static const CwDisturbanceKind *
find_kind (const char *id, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);
  const CwDisturbanceKind *kind;

  for (int i = 0; (kind = _cw_disturbance_get_kind (i)) != NULL; i++)
    {
      if (strcmp (kind->id, id) == 0)
        return kind;
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", kind->id);
    }
  g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "no curve '%s'; there are: %s", id, known->str);
  return NULL;
}

/* @curves: (nullable): all. */
static gboolean
list_curves (CwRobustness *r, const char *const *curves, GError **error)
{
  const CwDisturbanceKind *kind;
  int n = 0;

  if (curves != NULL)
    n = (int) g_strv_length ((char **) curves);
  else
    {
      while (_cw_disturbance_get_kind (n) != NULL)
        n++;
    }
  r->curves = g_new0 (CwRobustnessCurve, n + 1);
  for (int i = 0; i < n; i++)
    {
      kind = curves != NULL ? find_kind (curves[i], error) : _cw_disturbance_get_kind (i);
      if (kind == NULL)
        return FALSE;
      add_curve (r, kind);
    }
  if (n == 0)
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                 "no curve is named; try rotation, blur, warp");
  return n > 0;
}

gboolean
cw_robustness_check (const char *const *curves, GError **error)
{
  g_autoptr (CwRobustness) r = g_new0 (CwRobustness, 1);

  return list_curves (r, curves, error);
}

/* How often @probe answers with the label. */
static gboolean
share_right (const CwLinear *probe, const CwFeatures *features, double *share, GError **error)
{
  g_autofree int *answers = g_new (int, features->n);
  guint n_right = 0;

  if (!cw_linear_predict (probe, features->x, features->n, answers, error))
    return FALSE;
  for (guint i = 0; i < features->n; i++)
    n_right += answers[i] == features->labels[i];
  *share = (double) n_right / features->n;
  return TRUE;
}

static double
mean_cosine (const CwFeatures *a, const CwFeatures *b)
{
  double sum = 0;

  for (guint i = 0; i < a->n; i++)
    {
      const float *x = a->x + (gsize) i * (gsize) a->dim, *y = b->x + (gsize) i * (gsize) a->dim;
      double dot = 0, xx = 0, yy = 0;

      for (int j = 0; j < a->dim; j++)
        {
          dot += (double) x[j] * (double) y[j];
          xx += (double) x[j] * (double) x[j];
          yy += (double) y[j] * (double) y[j];
        }
      /* Vectors of zeros are alike. */
      sum += xx > 0 && yy > 0 ? dot / sqrt (xx * yy) : (xx > 0) == (yy > 0);
    }
  return sum / a->n;
}

/* Rows of one parity of the clean and of the disturbed pictures, labelled 0 and 1. */
static CwFeatures *
mix (const CwFeatures *clean, const CwFeatures *disturbed, guint parity)
{
  guint half = (clean->n + 1 - parity) / 2;
  gsize dim = (gsize) clean->dim;
  CwFeatures *both = cw_features_new (2 * half, clean->dim);

  for (guint i = 0; both != NULL && i < half; i++)
    {
      gsize from = (2 * (gsize) i + parity) * dim;

      memcpy (both->x + i * dim, clean->x + from, dim * sizeof *both->x);
      memcpy (both->x + (half + i) * dim, disturbed->x + from, dim * sizeof *both->x);
      both->labels[i] = 0;
      both->labels[half + i] = 1;
    }
  return both;
}

/* NaN where there are too few pictures for two halves. */
static gboolean
notice (const CwFeatures *clean, const CwFeatures *disturbed, double *share, GError **error)
{
  g_autoptr (CwFeatures) fit = mix (clean, disturbed, 0), test = mix (clean, disturbed, 1);
  g_autoptr (CwLinear) probe = NULL;

  *share = (double) NAN;
  if (fit == NULL || test == NULL || test->n == 0)
    return TRUE;
  probe = cw_linear_fit (fit, NOTICE_L2, MAX_ITERATIONS, NULL, error);
  return probe != NULL && share_right (probe, test, share, error);
}

static gboolean
score (const Runner *runner, const CwFeatures *disturbed, CwRobustnessScore *out, GError **error)
{
  out->cosine = mean_cosine (runner->clean, disturbed);
  return share_right (runner->probe, disturbed, &out->accuracy, error)
         && notice (runner->clean, disturbed, &out->noticed, error);
}

/* All runners at one strength. */
static gboolean
run_point (Race *race, CwDisturbance *disturbance, CwRobustnessPoint *point, CwJob *job,
           GError **error)
{
  CwRobustnessScore *const scores[] = { &point->trained, &point->random };
  const CwFeatures *clean = race->runners[0].clean;
  CwFeaturesSource sources[G_N_ELEMENTS (race->runners)];
  CwFeatures *found[G_N_ELEMENTS (race->runners)];
  gboolean ok = TRUE;

  _cw_disturbance_set_strength (disturbance, point->strength);
  for (guint i = 0; i < race->n_runners; i++)
    sources[i] = (CwFeaturesSource){ race->runners[i].model, _cw_disturbance_prepare, disturbance };
  if (!_cw_features_extract_again (sources, race->n_runners, race->max_side, race->dataset, clean,
                                   _ ("Disturbing and embedding pictures"), found, job, error))
    return FALSE;
  for (guint i = 0; i < race->n_runners; i++)
    {
      ok = ok && score (&race->runners[i], found[i], scores[i], error);
      cw_features_free (found[i]);
    }
  return ok;
}

static gboolean
run_curves (Race *race, CwJob *job, GError **error)
{
  CwRobustness *r = race->robustness;
  int n = 0, done = 0;

  for (int c = 0; c < r->n_curves; c++)
    n += r->curves[c].n_points;
  for (int c = 0; c < r->n_curves; c++)
    {
      CwRobustnessCurve *curve = &r->curves[c];
      g_autoptr (CwDisturbance) disturbance
          = _cw_disturbance_new (find_kind (curve->id, NULL), race->warp, race->dataset,
                                 race->runners[0].model, race->seed);

      for (int i = 0; i < curve->n_points; i++, done++)
        {
          cw_job_set_span (job, FIT_SPAN + (1 - FIT_SPAN) * done / n,
                           FIT_SPAN + (1 - FIT_SPAN) * (done + 1) / n);
          if (!run_point (race, disturbance, &curve->points[i], job, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
prepare (Race *race, const CwModel *model, const CwModel *random, CwSides *sides, CwJob *job,
         GError **error)
{
  const struct
  {
    const CwModel *model;
    CwContender contender;
  } contenders[] = { { model, CW_CONTENDER_TRAINED }, { random, CW_CONTENDER_RANDOM_INIT } };
  CwSidesReport report;

  if (!_cw_sides_embed (model, random, race->dataset, TRUE, race->seed, EMBED_SPAN, sides, &report, job,
                        error))
    return FALSE;
  race->n_runners = random != NULL ? 2 : 1;
  for (guint i = 0; i < race->n_runners; i++)
    {
      const CwSides *side = &sides[contenders[i].contender];
      double step = (FIT_SPAN - EMBED_SPAN) / race->n_runners;
      Runner *runner = &race->runners[i];

      cw_job_set_span (job, EMBED_SPAN + i * step, EMBED_SPAN + (i + 1) * step);
      runner->model = contenders[i].model;
      runner->clean = side->score;
      runner->probe = cw_linear_fit_best (side->fit, race->seed, MAX_ITERATIONS, job, error);
      if (runner->probe == NULL)
        return FALSE;
    }
  race->robustness->n_fit = sides[CW_CONTENDER_TRAINED].fit->n;
  race->robustness->n_score = sides[CW_CONTENDER_TRAINED].score->n;
  return TRUE;
}

CwRobustness *
cw_robustness_run (const CwModel *model, const CwModel *random, CwDataset *dataset,
                   const char *const *curves, const CwWarpClass *warp, guint64 seed, CwJob *job,
                   GError **error)
{
  g_autoptr (CwRobustness) r = g_new0 (CwRobustness, 1);
  g_autoptr (CwJob) inner = cw_job_new_inner (job);
  /* Clean pictures are decoded beside those of the pixel floor. */
  const CwFeaturesSource sources[] = { { .model = model }, { .model = NULL } };
  Race race = { .robustness = r, .dataset = dataset, .warp = warp, .seed = seed,
                .max_side = _cw_features_max_side (sources, G_N_ELEMENTS (sources)) };
  CwSides sides[CW_N_CONTENDERS] = { { .fit = NULL } };
  gint64 start = g_get_monotonic_time ();
  gboolean ok;

  g_return_val_if_fail (random == NULL || random->size == model->size, NULL);

  r->warp = warp->base.id;
  ok = list_curves (r, curves, error) && prepare (&race, model, random, sides, inner, error)
       && run_curves (&race, inner, error) && cw_job_progress (job, 1, _ ("Evaluated"), error);
  for (guint i = 0; i < G_N_ELEMENTS (race.runners); i++)
    cw_linear_free (race.runners[i].probe);
  _cw_sides_clear (sides);
  if (!ok)
    return NULL;
  r->seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&r);
}

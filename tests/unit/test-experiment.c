/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "contrawarp.h"
#include "cw-test.h"

#include <glib/gstdio.h>
#include <string.h>

static CwExperiment *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  CwExperiment *experiment = cw_experiment_parse (text, "test.cwexp", &error);

  g_assert_no_error (error);
  return experiment;
}

static void
assert_canonical (CwExperiment *experiment)
{
  g_autofree char *first = cw_experiment_to_string (experiment);
  g_autoptr (CwExperiment) again = parse (first);
  g_autofree char *second = cw_experiment_to_string (again);

  g_assert_cmpstr (first, ==, second);
}

static void
set (CwExperiment *experiment, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  if (!cw_experiment_set (experiment, key, value, &error))
    g_error ("%s = %s: %s", key, value, error->message);
}

/* Refused with one line that has both words, and nothing changed. */
static void
assert_set_refused (CwExperiment *experiment, const char *key, const char *value,
                    const char *word1, const char *word2)
{
  g_autofree char *before = cw_experiment_to_string (experiment), *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_experiment_set (experiment, key, value, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, word1) == NULL || strstr (error->message, word2) == NULL)
    g_error ("no '%s' and '%s' in: %s", word1, word2, error->message);
  after = cw_experiment_to_string (experiment);
  g_assert_cmpstr (before, ==, after);
}

static void
assert_parse_refused (const char *text, const char *word1, const char *word2)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_experiment_parse (text, "bad.cwexp", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, "bad.cwexp") == NULL || strstr (error->message, word1) == NULL
      || strstr (error->message, word2) == NULL)
    g_error ("no '%s' and '%s' in: %s", word1, word2, error->message);
}

static void
test_default (void)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (CwExperiment) empty = parse ("");
  g_autofree char *a = NULL, *b = NULL;

  g_assert_cmpstr (experiment->data.location, ==, "generated:faces?n=4000&seed=1&size=96");
  assert_canonical (experiment);
  /* What a file does not say is the default; the name is the file's. */
  g_assert_cmpstr (empty->name, ==, "test");
  set (empty, "experiment.name", experiment->name);
  a = cw_experiment_to_string (experiment);
  b = cw_experiment_to_string (empty);
  g_assert_cmpstr (a, ==, b);
  g_assert_nonnull (strstr (a, "\n[view]\nsteps=crop;flip;affine;colour-jitter;grey;blur\n"));
  g_assert_nonnull (strstr (a, "[encoder]\ntype=small\n"));
}

/* Every key of every table, with a value that is not the default, through set and through the
 * file. */
static char *
other_value (const CwParamSpec *spec)
{
  double value;

  switch (spec->type)
    {
    case CW_PARAM_STRING:
      if (spec->check != NULL) /* strokes, which may end so */
        return g_strconcat (spec->def_string, ";", NULL);
      return g_strdup ("some \\ text; with = signs # and é");
    case CW_PARAM_BOOL:
      return g_strdup (spec->def != 0 ? "false" : "true");
    case CW_PARAM_ENUM:
      return g_strdup (spec->nicks[spec->def != 0 ? 0 : (spec->nicks[1] != NULL)]);
    case CW_PARAM_INT:
      return g_strdup_printf ("%d", (int) (spec->def < spec->max ? spec->def + 1 : spec->min));
    case CW_PARAM_FLOAT:
    default:
      {
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        value = spec->def < spec->max ? spec->def + 0.3 * (spec->max - spec->def)
                                      : 0.5 * (spec->min + spec->max);
        return g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", value));
      }
    }
}

static guint
change_every_key (CwExperiment *experiment)
{
  g_autoptr (GPtrArray) sections = cw_experiment_list_sections (experiment);
  guint n = 0;

  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *section = sections->pdata[i];

      for (const CwParamSpec *s = section->specs; s != NULL && s->id != NULL; s++)
        {
          g_autofree char *key = g_strdup_printf ("%s.%s", section->name, s->id);
          g_autofree char *value = other_value (s), *line = NULL, *text = NULL, *before = NULL;

          /* Paths are made absolute. */
          if (strcmp (key, "data.location") == 0 || strcmp (key, "encoder.weights") == 0)
            continue;
          before = cw_params_dup_string (s, section->block);
          g_assert_cmpstr (before, !=, value);
          set (experiment, key, value);
          text = cw_params_dup_string (s, section->block);
          if (s->type != CW_PARAM_FLOAT)
            g_assert_cmpstr (text, ==, value);
          n++;
          assert_canonical (experiment);
        }
    }
  return n;
}

static void
test_every_key (void)
{
  static const CwKind kinds[] = { CW_KIND_WARP, CW_KIND_ENCODER, CW_KIND_OBJECTIVE,
                                  CW_KIND_OPTIMIZER };
  static const char *const sections[] = { "warp", "encoder", "objective", "optimizer" };

  for (size_t k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (GPtrArray) list = cw_registry_list (kinds[k]);

      for (guint i = 0; i < list->len; i++)
        {
          const CwDescriptor *type = list->pdata[i];
          g_autoptr (CwExperiment) experiment = cw_experiment_new (), copy = NULL;
          g_autofree char *key = g_strdup_printf ("%s.type", sections[k]);
          g_autofree char *a = NULL, *b = NULL;

          set (experiment, key, type->id);
          g_assert_cmpuint (change_every_key (experiment), >, 40);
          copy = cw_experiment_copy (experiment);
          a = cw_experiment_to_string (experiment);
          b = cw_experiment_to_string (copy);
          g_assert_cmpstr (a, ==, b);
        }
    }
}

/* Keys outside the tables. */
static void
test_shape (void)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  CwPipeline *pipeline;
  g_autofree char *text = NULL;

  set (experiment, "experiment.seed", "18446744073709551615");
  g_assert_cmpuint (experiment->recipe->seed, ==, G_MAXUINT64);
  set (experiment, "view.crop.scale-min", "0.5");
  set (experiment, "view.steps", "blur;crop;blur-2;");
  pipeline = experiment->recipe->views->pipeline;
  g_assert_cmpint (pipeline->n_steps, ==, 3);
  g_assert_cmpstr (pipeline->steps[2].transform->base.id, ==, "blur");
  set (experiment, "view.blur-2.enabled", "false");
  g_assert_true (pipeline->steps[0].enabled);
  g_assert_false (pipeline->steps[2].enabled);
  set (experiment, "view.blur-2.type", "grey");
  g_assert_cmpstr (pipeline->steps[2].transform->base.id, ==, "grey");
  assert_canonical (experiment);

  text = cw_experiment_to_string (experiment);
  g_assert_nonnull (strstr (text, "steps=blur;crop;blur-2\n"));
  g_assert_nonnull (strstr (text, "[view.blur-2]\ntype=grey\nenabled=false\n"));
  g_assert_nonnull (strstr (text, "scale-min=0.5\n"));

  set (experiment, "view.steps", "");
  g_assert_cmpint (experiment->recipe->views->pipeline->n_steps, ==, 0);
  assert_canonical (experiment);

  /* The same operation again keeps its parameters, another brings its own. */
  set (experiment, "encoder.width", "40");
  set (experiment, "encoder.type", "small");
  g_free (text);
  text = cw_experiment_to_string (experiment);
  g_assert_nonnull (strstr (text, "[encoder]\ntype=small\nwidth=40\n"));
  set (experiment, "encoder.type", "resnet18");
  g_free (text);
  text = cw_experiment_to_string (experiment);
  g_assert_nonnull (strstr (text, "[encoder]\ntype=resnet18\nwidth=64\n"));
}

/* Types come before parameters, wherever they stand in the file; comments, CRLF and a BOM pass. */
static void
test_file (void)
{
  g_autoptr (CwExperiment) experiment
      = parse ("\xef\xbb\xbf# a comment\r\n[view.soft]\r\nsigma-max = 2.5 \r\ntype = blur\r\n"
               "[view]\r\nsize=64\r\nsteps = flip ; soft\r\n[encoder]\r\nwidth=48\r\n"
               "type=resnet18\r\n[experiment]\r\nname = My run\r\nseed=7\r\n[run]\r\n");
  const CwPipeline *pipeline = experiment->recipe->views->pipeline;

  g_assert_cmpstr (experiment->name, ==, "My run");
  g_assert_cmpuint (experiment->recipe->seed, ==, 7);
  g_assert_cmpint (experiment->recipe->views->preprocess.size, ==, 64);
  g_assert_cmpstr (experiment->recipe->encoder->base.id, ==, "resnet18");
  g_assert_cmpint (pipeline->n_steps, ==, 2);
  g_assert_cmpstr (pipeline->steps[1].name, ==, "soft");
  g_assert_cmpstr (pipeline->steps[1].transform->base.id, ==, "blur");
  assert_canonical (experiment);
}

/* Strokes, which have the separators of key files in them, survive; what cannot be painted is refused. */
static void
test_painted (void)
{
  const char *const strokes = "push 0.3 0.8 0.15 -0.05 -0.05; swirl 0.6 0.4 0.2 0.5";
  g_autofree char *text = g_strdup_printf ("[warp]\nstrokes= %s \ntype=painted\n", strokes);
  g_autoptr (CwExperiment) experiment = parse (text);
  const CwViews *views = experiment->recipe->views;
  const CwParamSpec *specs = views->warp->base.params;
  g_autofree char *value = cw_params_dup_string (cw_params_find (specs, "strokes"),
                                                 views->warp_params);

  g_assert_cmpstr (value, ==, strokes);
  assert_canonical (experiment);
  assert_parse_refused ("[warp]\ntype=painted\nstrokes=\n", "strokes in [warp] of", "nothing is");
  assert_parse_refused ("[warp]\ntype=painted\nstrokes=pinch 0 0 1 2\n", "strokes in [warp] of",
                        "dab 1: strength = 2");
}

/* What all warps share stands under [warp], whatever the family: the region too, which was once a key
 * of local-translation's. */
static void
test_warp_section (void)
{
  g_autoptr (CwExperiment) old
      = parse ("[warp]\ntype=local-translation\nregion=mouth\npoints=2\nmin-magnitude=0.03\n");
  g_autoptr (CwExperiment) grid
      = parse ("[warp]\ncurriculum=5\nregion=eyes\ncell=quarter\ntype=random-grid\n"
               "fold-free=true\ncurriculum-start=0.5\n");
  const CwWarpCommon *common = &grid->recipe->views->negatives.common;

  g_assert_cmpint (old->recipe->views->negatives.common.region, ==, CW_REGION_MOUTH + 1);
  assert_canonical (old);
  /* Another family keeps what is shared. */
  set (old, "warp.type", "elastic");
  g_assert_cmpint (old->recipe->views->negatives.common.region, ==, CW_REGION_MOUTH + 1);
  assert_canonical (old);

  g_assert_cmpstr (grid->recipe->views->warp->base.id, ==, "random-grid");
  g_assert_cmpint (common->region, ==, CW_REGION_EYES + 1);
  g_assert_true (common->fold_free);
  g_assert_cmpint (common->curriculum, ==, 5);
  g_assert_cmpfloat (common->curriculum_start, ==, 0.5f);
  assert_canonical (grid);
  assert_parse_refused ("[warp]\nregion=ears\n", "region = 'ears'", "brows");
}

static void
assert_same_pipeline (const CwExperiment *a, const CwExperiment *b)
{
  g_autoptr (CwExperiment) x = cw_experiment_new (), y = cw_experiment_new ();
  g_autofree char *first = NULL, *second = NULL;

  cw_pipeline_free (x->recipe->views->pipeline);
  cw_pipeline_free (y->recipe->views->pipeline);
  x->recipe->views->pipeline = cw_pipeline_copy (a->recipe->views->pipeline);
  y->recipe->views->pipeline = cw_pipeline_copy (b->recipe->views->pipeline);
  first = cw_experiment_to_string (x);
  second = cw_experiment_to_string (y);
  g_assert_cmpstr (first, ==, second);
}

/* A step may be for one of the views. */
static void
test_step_views (void)
{
  g_autoptr (CwExperiment) experiment = parse ("[view.blur]\nviews=anchor\nenabled=false\n");
  CwPipelineStep *blur = cw_pipeline_find (experiment->recipe->views->pipeline, "blur");
  g_autofree char *text = cw_experiment_to_string (experiment);

  g_assert_cmpint (blur->views, ==, CW_STEP_ANCHOR);
  g_assert_nonnull (strstr (text, "[view.blur]\nenabled=false\nviews=anchor\n"));
  assert_canonical (experiment);
  set (experiment, "view.blur.views", "positive");
  g_assert_cmpint (blur->views, ==, CW_STEP_POSITIVE);
  /* It stays with the step. */
  set (experiment, "view.steps", "blur;crop");
  blur = cw_pipeline_find (experiment->recipe->views->pipeline, "blur");
  g_assert_cmpint (blur->views, ==, CW_STEP_POSITIVE);
  g_assert_false (blur->enabled);
  set (experiment, "view.blur.type", "noise");
  g_assert_cmpint (blur->views, ==, CW_STEP_POSITIVE);
  assert_canonical (experiment);
}

/* The preset first, then what the file changes of it, in whatever order; what is written does
 * without it. */
static void
test_pipeline_presets (void)
{
  const char *const *names = cw_pipeline_preset_names ();
  g_autoptr (CwExperiment) file
      = parse ("[view.crop]\nscale-min=0.5\n[view]\nsteps=blur-2;crop;noise\npreset=byol\n");
  g_autoptr (CwExperiment) experiment = cw_experiment_new (), fresh = cw_experiment_new ();
  g_autoptr (CwExperiment) shipped = cw_experiment_load_preset ("fast", NULL);
  const CwPipeline *pipeline = file->recipe->views->pipeline;
  g_autofree char *text = cw_experiment_to_string (file);

  g_assert_cmpint (pipeline->n_steps, ==, 3);
  g_assert_cmpint (pipeline->steps[0].views, ==, CW_STEP_POSITIVE);
  g_assert_null (strstr (text, "preset"));
  g_assert_nonnull (strstr (text, "\nscale-min=0.5\nscale-max=1\nratio-min=0.75\n"));
  assert_canonical (file);
  for (int i = 0; names[i] != NULL; i++)
    {
      g_autoptr (CwExperiment) again = NULL;
      g_autofree char *line = g_strdup_printf ("[view]\npreset = %s\n", names[i]);

      again = parse (line);
      set (experiment, "view.preset", names[i]);
      assert_same_pipeline (again, experiment);
      assert_canonical (experiment);
    }
  /* The last one was the default, whatever had been changed. */
  assert_same_pipeline (experiment, fresh);
  set (experiment, "view.crop.scale-min", "0.7");
  set (experiment, "view.preset", "mild-face");
  assert_same_pipeline (experiment, shipped);
}

static void
test_bad_files (void)
{
  assert_parse_refused ("no group\n", "no group", "");
  assert_parse_refused ("[encodre]\ntype=small\n", "[encodre]", "there are experiment, data");
  assert_parse_refused ("[encodre]\n", "[encodre]", "encoder");
  assert_parse_refused ("[encoder]\ntype=resnet99\n", "[encoder]", "there is small, resnet18");
  assert_parse_refused ("[objective]\ntemperatur=0.2\n", "unknown key 'temperatur' in [objective]",
                        "temperature");
  assert_parse_refused ("[objective]\ntemperature=-3\n", "temperature = -3 is outside",
                        "[objective]");
  assert_parse_refused ("[objective]\ntemperature=0,2\n", "temperature = '0,2' in [objective]",
                        "a number");
  assert_parse_refused ("[schedule]\nbatch=12.5\n", "batch = '12.5' in [schedule]", "whole number");
  assert_parse_refused ("[warp]\ntransform=same\n", "transform = 'same'", "shared, fresh");
  assert_parse_refused ("[warp]\ncuont=1\n", "unknown key 'cuont' in [warp]", "count");
  assert_parse_refused ("[data]\nsplit=all of it\n", "split", "all, train, valid, test");
  assert_parse_refused ("[experiment]\nseed=-1\n", "seed = '-1' in [experiment]", "whole number");
  assert_parse_refused ("[view]\nsteps=crop;blurr\n", "'blurr' in [view]", "blur");
  assert_parse_refused ("[view]\nsteps=crop;crop\n", "[view]", "crop");
  assert_parse_refused ("[view]\nsteps=crop;;flip\n", "steps = '' in [view]", "crop");
  assert_parse_refused ("[view]\nsteps=crop\n[view.blur]\n", "[view.blur]", "are crop");
  assert_parse_refused ("[view]\nsteps=a\n[view.a]\ntype=b\n", "[view.a]", "'b'");
  assert_parse_refused ("[view]\npreset=moco\n", "preset = 'moco' in [view]",
                        "byol, simclr, mild-face, default");
  assert_parse_refused ("[view.crop]\nviews=second\n", "views = 'second' in [view.crop]",
                        "all, anchor, positive");
  assert_parse_refused ("[view.crop]\nenabled=maybe\n", "enabled = 'maybe' in [view.crop]",
                        "true or false");
  assert_parse_refused ("[experiment]\nname=\xff\n", "UTF-8", "");
}

static void
test_bad_sets (void)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();

  set (experiment, "view.crop.scale-min", "0.5");
  assert_set_refused (experiment, "size", "48", "size", "SECTION.KEY");
  assert_set_refused (experiment, "view.", "48", "view.", "SECTION.KEY");
  assert_set_refused (experiment, "view.size", "huge", "size = 'huge'", "whole number");
  assert_set_refused (experiment, "view.size", "15", "size = 15 is outside", "[view]");
  assert_set_refused (experiment, "view.crop.scale-mni", "0.1", "scale-mni", "scale-min");
  assert_set_refused (experiment, "view.nothing.x", "1", "view.nothing", "crop");
  assert_set_refused (experiment, "view.steps", "crop;flip;nonsense", "nonsense", "crop");
  assert_set_refused (experiment, "view.crop.type", "nonsense", "nonsense", "crop");
  assert_set_refused (experiment, "view.preset", "", "preset = ''", "byol");
  assert_set_refused (experiment, "view.crop.views", "negative", "views", "positive");
  assert_set_refused (experiment, "view.crop.view", "all", "unknown key 'view'", "views");
  assert_set_refused (experiment, "view.crop.enabled", "2", "enabled", "true or false");
  assert_set_refused (experiment, "objective.type", "nonsense", "nonsense", "simclr");
  assert_set_refused (experiment, "optimizer.type", "", "optimizer", "adamw");
  assert_set_refused (experiment, "experiment.seed", "1e3", "seed", "whole number");
  assert_set_refused (experiment, "run.threads", "65", "threads = 65 is outside", "0 to 64");
  assert_set_refused (experiment, "heads.nothing", "1", "nothing", "projector-out");
  assert_set_refused (experiment, "experiment.name", "\xff", "name", "UTF-8");
}

static void
assert_location (CwExperiment *experiment, const char *path, const char *want)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwExperiment) saved = NULL;

  cw_experiment_save (experiment, path, &error);
  g_assert_no_error (error);
  saved = cw_experiment_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (saved->path, ==, path);
  g_assert_cmpstr (saved->data.location, ==, want);
}

/* As with the location: relative to the experiment, to the current folder where it is typed. */
static void
test_weights (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.cwexp", NULL);
  g_autofree char *below = g_build_filename (folder, "below", NULL);
  g_autofree char *moved = g_build_filename (below, "b.cwexp", NULL);
  g_autofree char *absolute = g_build_filename (folder, "w.safetensors", NULL);
  g_autofree char *here = g_canonicalize_filename ("w.safetensors", NULL);
  g_autoptr (CwExperiment) experiment = NULL, saved = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "[encoder]\nweights=w.safetensors\n", -1, NULL));
  experiment = cw_experiment_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (experiment->initial.weights, ==, "w.safetensors");
  assert_canonical (experiment);
  g_assert_true (cw_experiment_save (experiment, moved, NULL));
  saved = cw_experiment_load (moved, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (saved->initial.weights, ==, absolute);
  set (experiment, "encoder.weights", "w.safetensors");
  g_assert_cmpstr (experiment->initial.weights, ==, here);
  /* Another encoder does not take them away: whether they fit is seen when they are read. */
  set (experiment, "encoder.type", "resnet34");
  g_assert_cmpstr (experiment->initial.weights, ==, here);
  set (experiment, "encoder.weights", "");
  g_assert_cmpstr (experiment->initial.weights, ==, "");

  g_unlink (path);
  cw_test_remove_folder (folder);
}

static void
test_location (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.cwexp", NULL);
  g_autofree char *below = g_build_filename (folder, "below", NULL);
  g_autofree char *moved = g_build_filename (below, "b.cwexp", NULL);
  g_autofree char *faces = g_build_filename (folder, "faces", NULL);
  g_autofree char *here = g_canonicalize_filename ("faces", NULL);
  g_autoptr (CwExperiment) experiment = NULL, default_one = cw_experiment_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "[data]\nlocation=faces\n", -1, NULL));
  experiment = cw_experiment_load (path, &error);
  g_assert_no_error (error);
  /* Saved where it was it stays as written; elsewhere it must name the same folder. */
  assert_location (experiment, path, "faces");
  assert_location (experiment, moved, faces);
  assert_location (default_one, moved, "generated:faces?n=4000&seed=1&size=96");
  set (experiment, "data.location", "faces");
  g_assert_cmpstr (experiment->data.location, ==, here);

  g_assert_null (cw_experiment_open_data (experiment, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, here));
  g_clear_error (&error);
  set (experiment, "data.location", "");
  g_assert_null (cw_experiment_open_data (experiment, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "--set data.location=DIR"));
  g_clear_error (&error);

  g_unlink (path);
  g_assert_null (cw_experiment_load (path, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
  cw_test_remove_folder (folder);
}

/* Labels that are to be learnt are not those that are scored. */
static void
test_labels_apart (void)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *table = g_build_filename (folder, "fer2013.csv", NULL);
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (GArray) items = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (table,
                                      "emotion,pixels,Usage\n0,1 2 3 4,Training\n"
                                      "3,5 6 7 8,Training\n3,5 6 7 9,PublicTest\n",
                                      -1, NULL));
  set (experiment, "data.location", table);
  set (experiment, "objective.type", "supervised");
  g_assert_null (cw_experiment_open_data (experiment, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "data.split"));
  g_clear_error (&error);
  set (experiment, "data.split", "train");
  dataset = cw_experiment_open_data (experiment, NULL, &items, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  g_clear_pointer (&items, g_array_unref);
  g_clear_object (&dataset);
  /* Without labels, all may be trained on. */
  set (experiment, "objective.type", "simclr");
  set (experiment, "data.split", "all");
  dataset = cw_experiment_open_data (experiment, NULL, &items, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 3);
  g_unlink (table);
  cw_test_remove_folder (folder);
}

/* The sections lend the experiment's own blocks. */
static void
test_sections (void)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (GPtrArray) sections = cw_experiment_list_sections (experiment);
  guint n_types = 0;

  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *section = sections->pdata[i];

      g_assert_true ((section->kind == CW_N_KINDS) == (section->type == NULL));
      n_types += section->type != NULL;
      if (strcmp (section->name, "schedule") == 0)
        {
          const CwParamSpec *batch = cw_params_find (section->specs, "batch");

          g_assert_true (cw_params_set_number (batch, section->block, 17, NULL));
        }
    }
  g_assert_cmpint (experiment->recipe->schedule.batch, ==, 17);
  g_assert_cmpuint (n_types, ==, 6 + 4);
}

/* ---- parts ---- */

static const char *const view_and_warp[] = { "view", "warp", NULL };

static void
apply (CwExperiment *experiment, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (!cw_experiment_apply_text (experiment, text, "part", &error))
    g_error ("%s", error->message);
}

static void
test_section_text (void)
{
  g_autoptr (CwExperiment) from = cw_experiment_new (), to = cw_experiment_new ();
  g_autofree char *text = NULL, *again = NULL, *all = NULL, *all_again = NULL;
  CwViews *views = to->recipe->views;

  set (from, "view.preset", "byol");
  set (from, "view.size", "64");
  set (from, "view.blur-2.sigma-max", "2");
  set (from, "warp.type", "elastic");
  set (from, "warp.sigma", "0.3");
  set (from, "warp.count", "2");
  set (from, "objective.type", "byol");
  text = cw_experiment_section_to_string (from, view_and_warp);
  g_assert_true (g_str_has_prefix (text, "[view]\nsteps=crop;flip;colour-jitter;grey;blur;blur-2;"));
  g_assert_nonnull (strstr (text, "\n[view.blur-2]\ntype=blur\n"));
  g_assert_nonnull (strstr (text, "\n[warp]\ntype=elastic\n"));
  for (const char *const *other = (const char *const[]){ "[experiment]", "[data]", "[encoder]",
                                                         "[objective]", "[schedule]", NULL };
       *other != NULL; other++)
    g_assert_null (strstr (text, *other));

  set (to, "view.steps", "flip;noise");
  set (to, "schedule.epochs", "7");
  apply (to, text);
  again = cw_experiment_section_to_string (to, view_and_warp);
  g_assert_cmpstr (again, ==, text);
  g_assert_true (to->recipe->views == views);
  /* The rest is as it was. */
  g_assert_cmpfloat ((double) to->recipe->schedule.epochs, ==, 7);
  g_assert_cmpstr (to->recipe->objective->base.id, ==, "simclr");
  assert_canonical (to);

  /* All sections: another experiment. */
  all = cw_experiment_to_string (from);
  apply (to, all);
  all_again = cw_experiment_to_string (to);
  g_assert_cmpstr (all_again, ==, all);
}

/* What a text does not say of a section becomes the default; other sections stay. */
static void
test_apply_replaces (void)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autofree char *noise = NULL, *blur = NULL;

  set (experiment, "view.steps", "flip;noise;blur");
  set (experiment, "view.size", "64");
  set (experiment, "view.noise.probability", "0.9");
  set (experiment, "view.noise.views", "anchor");
  set (experiment, "view.blur.probability", "0.9");
  set (experiment, "warp.points", "9");
  apply (experiment, "[warp]\ncount=3\n");
  g_assert_cmpint (experiment->recipe->views->negatives.count, ==, 3);
  noise = cw_experiment_section_to_string (experiment, view_and_warp);
  g_assert_nonnull (strstr (noise, "\npoints=3\n"));
  g_assert_nonnull (strstr (noise, "\nsteps=flip;noise;blur\n"));
  g_assert_nonnull (strstr (noise, "\nsize=64\n"));

  /* A step by itself. */
  apply (experiment, "[view.noise]\nsd-max=0.2\n");
  blur = cw_experiment_section_to_string (experiment, view_and_warp);
  g_assert_nonnull (strstr (blur, "\n[view.noise]\nenabled=true\nviews=all\nprobability=0.3\n"
                                  "sd-min=0.01\nsd-max=0.2\n"));
  g_assert_nonnull (strstr (blur, "\n[view.blur]\nenabled=true\nviews=all\nprobability=0.9\n"));

  apply (experiment, "[view]\n");
  g_assert_cmpint (experiment->recipe->views->preprocess.size, ==, 48);
  g_assert_cmpint (experiment->recipe->views->pipeline->n_steps, ==, 6);
  g_assert_cmpint (experiment->recipe->views->negatives.count, ==, 3);
}

static void
test_apply_refused (void)
{
  static const char *const texts[][3] = {
    { "[view]\nsteps=crop;whirl\n", "whirl", "part" },
    { "[warp]\ncount=2\nmagnitude-max=3\n", "magnitude-max", "[warp]" },
    { "[warp]\ncount=2\n\n[view.noise]\nsd-max=0.1\n", "view.noise", "part" },
    { "[warp]\nturns=2\n", "turns", "[warp]" },
    { "[wrap]\ncount=2\n", "[wrap]", "part" },
    { "count=2\n", "part", "group" },
    { "", "part", "section" },
  };
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autofree char *before = NULL;

  set (experiment, "warp.count", "5");
  before = cw_experiment_to_string (experiment);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (cw_experiment_apply_text (experiment, texts[i][0], "part", &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
      g_assert_null (strchr (error->message, '\n'));
      if (strstr (error->message, texts[i][1]) == NULL || strstr (error->message, texts[i][2]) == NULL)
        g_error ("no '%s' and '%s' in: %s", texts[i][1], texts[i][2], error->message);
      after = cw_experiment_to_string (experiment);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_part_files (void)
{
  static const char *const data[] = { "data", NULL };
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "views.cwexp", NULL);
  g_autofree char *faces = g_build_filename (folder, "faces", NULL);
  g_autoptr (CwExperiment) from = cw_experiment_new (), to = cw_experiment_new ();
  g_autofree char *text = NULL, *saved = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;

  set (from, "view.steps", "crop;jpeg");
  set (from, "warp.count", "4");
  g_assert_true (cw_experiment_save_sections (from, view_and_warp, path, &error));
  g_assert_no_error (error);
  text = cw_experiment_section_to_string (from, view_and_warp);
  g_assert_true (g_file_get_contents (path, &saved, NULL, NULL));
  g_assert_cmpstr (saved, ==, text);
  g_assert_true (cw_experiment_apply_file (to, path, &error));
  g_assert_no_error (error);
  after = cw_experiment_section_to_string (to, view_and_warp);
  g_assert_cmpstr (after, ==, text);
  g_assert_null (to->path);

  /* A full disk leaves the old file. */
  set (from, "warp.count", "1");
  cw_file_fail_after (10);
  g_assert_false (cw_experiment_save_sections (from, view_and_warp, path, &error));
  cw_file_fail_after (-1);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_clear_pointer (&saved, g_free);
  g_assert_true (g_file_get_contents (path, &saved, NULL, NULL));
  g_assert_cmpstr (saved, ==, text);

  /* Locations mean the place beside the file. */
  g_assert_true (g_file_set_contents (path, "[data]\nlocation=faces\n", -1, NULL));
  g_assert_true (cw_experiment_apply_file (to, path, &error));
  g_assert_cmpstr (to->data.location, ==, faces);
  g_assert_true (cw_experiment_save_sections (to, data, path, &error));

  g_unlink (path);
  g_assert_false (cw_experiment_apply_file (to, path, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  cw_test_remove_folder (folder);
}

/* ---- remarks ---- */

/* The only remark is about [@section] @key. */
static void
assert_remark (const CwExperiment *experiment, const char *section, const char *key)
{
  g_autoptr (GPtrArray) remarks = cw_experiment_list_remarks (experiment);
  const CwExperimentRemark *first;

  if (remarks->len != 1)
    g_error ("%u remarks instead of one about %s.%s", remarks->len, section, key);
  first = remarks->pdata[0];
  g_assert_cmpstr (first->section, ==, section);
  g_assert_cmpstr (first->key, ==, key);
  g_assert_cmpuint (strlen (first->message), >, 10);
  if (g_str_has_suffix (key, "magnitude") || g_str_has_suffix (key, "-min"))
    g_assert_nonnull (strstr (first->by_key, "-max”"));
  else
    g_assert_cmpstr (first->by_key, ==, first->message);
}

static void
test_remarks (void)
{
  /* "KEY VALUE", any number of them; then section and key of the remark. */
  static const char *const cases[][3] = {
    { "view.crop.scale-min 0.9;view.crop.scale-max 0.8", "view.crop", "scale-min" },
    { "view.grey.probability 0", "view.grey", "probability" },
    { "view.blur.sigma-min 0.01;view.blur.sigma-max 0.1", "view.blur", "sigma-max" },
    { "view.steps flip;view.flip.probability 1;view.steps posterise;view.posterise.bits 8",
      "view.posterise", "bits" },
    { "view.steps crop;view.crop.enabled false", "view", "steps" },
    { "warp.magnitude-min 0.3", "warp", "magnitude-min" },
    { "warp.count 0", "warp", "count" },
    { "objective.negative none", "warp", "count" },
    { "objective.type supervised", "warp", "count" },
    { "warp.min-magnitude 0.2", "warp", "min-magnitude" },
    { "warp.curriculum 9;schedule.epochs 8", "warp", "curriculum" },
    { "warp.curriculum 5;warp.curriculum-start 1", "warp", "curriculum-start" },
  };
  g_auto (GStrv) names = cw_experiment_list_presets ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CwExperiment) experiment = cw_experiment_new ();
      g_auto (GStrv) pairs = g_strsplit (cases[i][0], ";", -1);

      for (int k = 0; pairs[k] != NULL; k++)
        {
          g_auto (GStrv) pair = g_strsplit (pairs[k], " ", 2);

          set (experiment, pair[0], pair[1]);
        }
      assert_remark (experiment, cases[i][1], cases[i][2]);
    }
  /* A step that is switched off is nobody's surprise. */
  {
    g_autoptr (CwExperiment) experiment = cw_experiment_new ();
    g_autoptr (GPtrArray) remarks = NULL;

    set (experiment, "view.grey.probability", "0");
    set (experiment, "view.grey.enabled", "false");
    remarks = cw_experiment_list_remarks (experiment);
    g_assert_cmpuint (remarks->len, ==, 0);
  }
  for (int i = 0; names[i] != NULL; i++)
    {
      g_autoptr (CwExperiment) experiment = cw_experiment_load_preset (names[i], NULL);
      g_autoptr (GPtrArray) remarks = cw_experiment_list_remarks (experiment);

      for (guint k = 0; k < remarks->len; k++)
        g_test_message ("%s: %s", names[i], ((CwExperimentRemark *) remarks->pdata[k])->message);
      g_assert_cmpuint (remarks->len, ==, 0);
    }
}

static void
test_presets (void)
{
  g_auto (GStrv) names = cw_experiment_list_presets ();
  static const char *const shipped[]
      = { "byol-warp", "fast", "full", "generated-demo", "rafdb-linear-probe", "standard" };
  g_autoptr (GError) error = NULL;
  char *folder = cw_test_make_folder ();
  g_autofree char *own = g_build_filename (folder, "my-own.cwexp", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (shipped); i++)
    g_assert_true (g_strv_contains ((const char *const *) names, shipped[i]));
  for (int i = 0; names[i] != NULL; i++)
    {
      g_autoptr (CwExperiment) experiment = cw_experiment_load_preset (names[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (experiment->name, ==, names[i]);
      g_assert_null (experiment->path);
      assert_canonical (experiment);
    }
  g_assert_null (cw_experiment_load_preset ("../presets/generated-demo", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "generated-demo, rafdb"));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (own, "[experiment]\nseed=5\n", -1, NULL));
  g_setenv ("CONTRAWARP_PRESET_PATH", folder, TRUE);
  {
    g_auto (GStrv) more = cw_experiment_list_presets ();
    g_autoptr (CwExperiment) experiment = cw_experiment_load_preset ("my-own", &error);

    g_assert_no_error (error);
    g_assert_cmpuint (experiment->recipe->seed, ==, 5);
    g_assert_cmpuint (g_strv_length (more), ==, g_strv_length (names) + 1);
  }
  g_unsetenv ("CONTRAWARP_PRESET_PATH");
  cw_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/experiment/default", test_default);
  g_test_add_func ("/experiment/every-key", test_every_key);
  g_test_add_func ("/experiment/shape", test_shape);
  g_test_add_func ("/experiment/file", test_file);
  g_test_add_func ("/experiment/step-views", test_step_views);
  g_test_add_func ("/experiment/pipeline-presets", test_pipeline_presets);
  g_test_add_func ("/experiment/warp-section", test_warp_section);
  g_test_add_func ("/experiment/painted", test_painted);
  g_test_add_func ("/experiment/bad-files", test_bad_files);
  g_test_add_func ("/experiment/bad-sets", test_bad_sets);
  g_test_add_func ("/experiment/location", test_location);
  g_test_add_func ("/experiment/labels-apart", test_labels_apart);
  g_test_add_func ("/experiment/weights", test_weights);
  g_test_add_func ("/experiment/sections", test_sections);
  g_test_add_func ("/experiment/section-text", test_section_text);
  g_test_add_func ("/experiment/apply-replaces", test_apply_replaces);
  g_test_add_func ("/experiment/apply-refused", test_apply_refused);
  g_test_add_func ("/experiment/part-files", test_part_files);
  g_test_add_func ("/experiment/remarks", test_remarks);
  g_test_add_func ("/experiment/presets", test_presets);
  return g_test_run ();
}

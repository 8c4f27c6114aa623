/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char *folder, *experiment, *sheet;
  char **parts, **sets;
  int seed, epoch, negatives, rows;
  gboolean json;
  /* of the sheet */
  char *key;
  double from, to;
} Options;

#define SHEET_GAP 2

/* Pastes a view into a grid of views. */
static void
paste (CwImage *sheet, const CwImage *view, int column, int row)
{
  int side = view->w + SHEET_GAP;

  for (int y = 0; y < view->h; y++)
    {
      guint8 *to = sheet->data + 3 * ((gsize) (row * side + y) * (gsize) sheet->w
                                      + (gsize) (column * side));

      for (int x = 0; x < view->w; x++)
        {
          const guint8 *from = view->data + (gsize) view->c * ((gsize) y * (gsize) view->w
                                                               + (gsize) x);

          for (int c = 0; c < 3; c++)
            to[3 * x + c] = from[view->c == 3 ? c : 0];
        }
    }
}

static CwImage *
new_sheet (int columns, int rows, int size)
{
  CwImage *sheet = cw_image_new (columns * (size + SHEET_GAP) - SHEET_GAP,
                                 rows * (size + SHEET_GAP) - SHEET_GAP, 3);

  if (sheet != NULL)
    memset (sheet->data, 128, cw_image_bytes (sheet));
  return sheet;
}

static gboolean
save_field (const CwField *field, const char *path, GError **error)
{
  const gsize shape[3] = { (gsize) field->h, (gsize) field->w, 2 };

  return cw_npy_save (path, 'f', 3, shape, field->d, error);
}

/* (transfer full): each file's name without its extension, and with a number where an earlier one has that
 * name already. Case counts for nothing: on some disks it is one file. */
static char **
make_stems (char **paths, int n)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char **stems = g_new0 (char *, (gsize) n + 1);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *base = g_path_get_basename (paths[i]);
      char *dot = strrchr (base, '.');

      if (dot != NULL && dot != base)
        *dot = '\0';
      stems[i] = g_strdup (base);
      for (int k = 2; !g_hash_table_add (taken, g_ascii_strdown (stems[i], -1)); k++)
        {
          g_free (stems[i]);
          stems[i] = g_strdup_printf ("%s-%d", base, k);
        }
    }
  return stems;
}

static char *
output_path (const Options *options, const char *stem, const char *what, const char *suffix)
{
  g_autofree char *name = g_strdup_printf ("%s-%s%s", stem, what, suffix);

  return g_build_filename (options->folder, name, NULL);
}

static void
describe_view (JsonBuilder *builder, const CwViews *views, const char *what, const char *path,
               const CwViewDraw *draw, const CwFieldStats *stats)
{
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "view", what);
  cw_json_add_string (builder, "path", path);
  json_builder_set_member_name (builder, "drawn");
  json_builder_begin_object (builder);
  for (int s = 0; s < views->pipeline->n_steps; s++)
    {
      const CwPipelineStep *step = &views->pipeline->steps[s];

      if (draw->skipped[s])
        continue;
      json_builder_set_member_name (builder, step->name);
      json_builder_begin_object (builder);
      for (int v = 0; v < step->transform->n_drawn; v++)
        cw_json_add_number (builder, step->transform->drawn[v].id, (double) draw->values[s][v]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  if (draw->warped)
    {
      cw_json_add_number (builder, "max_displacement_px", (double) stats->max);
      cw_json_add_number (builder, "rms_displacement_px", (double) stats->rms);
      cw_json_add_number (builder, "min_determinant", (double) stats->min_det);
      cw_json_add_int (builder, "folds", stats->n_folds);
    }
  json_builder_end_object (builder);
}

/* Views of one picture: a PNG each, the fields as .npy and as .svg with arrows, and all in a row. */
static gboolean
augment (const Options *options, const CwViews *views, const char *path, const char *stem,
         guint32 number, JsonBuilder *builder, GError **error)
{
  int size = views->preprocess.size, n = cw_views_count (views);
  g_autoptr (CwImage) source = cw_picture_load (path, 2 * size, error);
  g_autoptr (CwRenderer) renderer = NULL;
  g_autoptr (CwField) field = NULL;
  g_autoptr (CwImage) sheet = NULL;
  g_autofree float *pixels = NULL;
  g_autofree float *det = NULL;
  g_autofree char *sheet_path = NULL;

  if (source == NULL)
    return FALSE;
  renderer = cw_renderer_new (size);
  field = cw_field_new (size, size);
  sheet = new_sheet (n, 1, size);
  pixels = g_new (float, (gsize) size * (gsize) size * 3);
  det = g_new (float, (gsize) size * (gsize) size);

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "path", path);
  json_builder_set_member_name (builder, "views");
  json_builder_begin_array (builder);
  for (int view = 0; view < n; view++)
    {
      g_autofree char *what = view == 0   ? g_strdup ("anchor")
                              : view == 1 ? g_strdup ("positive")
                                          : g_strdup_printf ("negative-%d", view - 1);
      g_autofree char *png = output_path (options, stem, what, ".png");
      g_autoptr (CwImage) image = NULL;
      CwFieldStats stats;
      CwViewDraw draw;

      if (g_cancellable_set_error_if_cancelled (cw_cli_get_cancellable (), error))
        return FALSE;
      cw_views_draw (views, (guint64) options->seed, (guint32) options->epoch, number, view,
                     source->w, source->h, cw_landmark_template_points (), CW_N_LANDMARKS, &draw);
      cw_views_render (views, &draw, source, renderer, pixels, field);
      cw_field_stats (field, det, &stats);
      image = cw_picture_from_float (pixels, size, size);
      if (!cw_picture_save_png (image, png, error))
        return FALSE;
      if (draw.warped)
        {
          g_autofree char *npy = output_path (options, stem, what, "-field.npy");
          g_autofree char *svg = output_path (options, stem, what, "-field.svg");
          g_autofree char *text = cw_svg_picture (image, field, 384, 16, what, error);

          if (text == NULL || !cw_file_save (svg, text, strlen (text), error)
              || !save_field (field, npy, error))
            return FALSE;
        }
      describe_view (builder, views, what, png, &draw, &stats);
      paste (sheet, image, view, 0);
    }
  json_builder_end_array (builder);
  sheet_path = output_path (options, stem, "views", ".png");
  cw_json_add_string (builder, "sheet", sheet_path);
  json_builder_end_object (builder);
  return cw_picture_save_png (sheet, sheet_path, error);
}

/* Rounded where the parameter is a whole number. */
static void
format_value (CwExperiment *experiment, const char *key, double value,
              char text[G_ASCII_DTOSTR_BUF_SIZE])
{
  g_autoptr (GPtrArray) sections = cw_experiment_list_sections (experiment);

  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *section = sections->pdata[i];
      gsize length = strlen (section->name);
      const CwParamSpec *spec = NULL;

      if (g_str_has_prefix (key, section->name) && key[length] == '.')
        spec = cw_params_find (section->specs, key + length + 1);
      if (spec != NULL && spec->type == CW_PARAM_INT)
        value = round (value);
    }
  g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", value);
}

/* "SECTION.KEY=FROM:TO" */
static gboolean
parse_sheet (Options *options)
{
  const char *equals = strchr (options->sheet, '=');
  char *colon, *end;

  if (equals == NULL || equals == options->sheet)
    return FALSE;
  options->from = g_ascii_strtod (equals + 1, &colon);
  if (colon == equals + 1 || *colon != ':')
    return FALSE;
  options->to = g_ascii_strtod (colon + 1, &end);
  if (end == colon + 1 || *end != '\0')
    return FALSE;
  options->key = g_strndup (options->sheet, (gsize) (equals - options->sheet));
  return TRUE;
}

static gboolean
set_value (const Options *options, CwExperiment *experiment, double value, GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  format_value (experiment, options->key, value, text);
  if (cw_experiment_set (experiment, options->key, text, error))
    return TRUE;
  g_prefix_error (error, "--sheet %s: ", options->sheet);
  return FALSE;
}

/* Both ends, before anything is made. */
static gboolean
check_sheet (const Options *options, const CwExperiment *base, GError **error)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_copy (base);

  return options->sheet == NULL
         || (set_value (options, experiment, options->from, error)
             && set_value (options, experiment, options->to, error));
}

/* Weak to strong: one row per value of a parameter, the views in the columns. */
static gboolean
strength_sheet (const Options *options, const CwExperiment *base, const char *path,
                const char *stem, GError **error)
{
  g_autoptr (CwImage) sheet = NULL;
  g_autoptr (CwImage) source = NULL;
  g_autofree char *name = NULL;
  int size = base->recipe->views->preprocess.size, n = cw_views_count (base->recipe->views);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autofree float *pixels = g_new (float, (gsize) size * (gsize) size * 3);

  source = cw_picture_load (path, 2 * size, error);
  if (source == NULL)
    return FALSE;
  sheet = new_sheet (n, options->rows, size);
  for (int row = 0; row < options->rows; row++)
    {
      g_autoptr (CwExperiment) experiment = cw_experiment_copy (base);
      double t = options->rows > 1 ? (double) row / (options->rows - 1) : 0;

      if (g_cancellable_set_error_if_cancelled (cw_cli_get_cancellable (), error)
          || !set_value (options, experiment, options->from + t * (options->to - options->from), error))
        return FALSE;
      for (int view = 0; view < n; view++)
        {
          g_autoptr (CwImage) image = NULL;
          CwViewDraw draw;

          cw_views_draw (experiment->recipe->views, (guint64) options->seed,
                         (guint32) options->epoch, 0, view, source->w, source->h,
                         cw_landmark_template_points (), CW_N_LANDMARKS, &draw);
          cw_views_render (experiment->recipe->views, &draw, source, renderer, pixels, NULL);
          image = cw_picture_from_float (pixels, size, size);
          paste (sheet, image, view, row);
        }
    }
  name = output_path (options, stem, "strength", ".png");
  return cw_picture_save_png (sheet, name, error);
}

static gboolean
augment_all (const Options *options, char **paths, int n, JsonBuilder *builder, GError **error)
{
  g_autoptr (CwExperiment) experiment = cw_cli_load_experiment (
      options->experiment != NULL ? options->experiment : "generated-demo", options->parts,
      options->sets, error);
  g_auto (GStrv) stems = make_stems (paths, n);
  gboolean made = !g_file_test (options->folder, G_FILE_TEST_EXISTS), ok = TRUE;
  CwViews *views;

  if (experiment == NULL || !check_sheet (options, experiment, error))
    return FALSE;
  views = experiment->recipe->views;
  if (options->negatives >= 0)
    views->negatives.count = options->negatives;
  if (g_mkdir_with_parents (options->folder, 0777) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make %s: %s",
                   options->folder, g_strerror (errno));
      return FALSE;
    }
  for (int i = 0; i < n && ok; i++)
    ok = augment (options, views, paths[i], stems[i], (guint32) i, builder, error)
         && (options->sheet == NULL
             || strength_sheet (options, experiment, paths[i], stems[i], error));
  /* Nothing is left of a try that made nothing; what it made is kept. */
  if (!ok && made)
    g_rmdir (options->folder);
  return ok;
}

static int
run (int argc, char **argv)
{
  Options options = { .seed = 1, .negatives = -1, .rows = 6 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "Folder for what is made", "OUT" },
    { "experiment", 'e', 0, G_OPTION_ARG_FILENAME, &options.experiment,
      "Take transforms and warp from this experiment or preset", "EXPERIMENT" },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.sets, "Change one key of the experiment",
      "SECTION.KEY=VALUE" },
    { "apply", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.parts,
      "Take the sections of a file instead of the experiment's", "FILE" },
    { "negatives", 'n', 0, G_OPTION_ARG_INT, &options.negatives, "Warp negatives per picture",
      "K" },
    { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &options.sheet,
      "Also a sheet from weak to strong, one row per value", "SECTION.KEY=FROM:TO" },
    { "rows", 0, 0, G_OPTION_ARG_INT, &options.rows, "Rows of that sheet (default: 6)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Of the draws (default: 1)", "S" },
    { "epoch", 0, 0, G_OPTION_ARG_INT, &options.epoch, "Of the draws (default: 0)", "E" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *key = NULL;
  int status;

  if (!cw_cli_parse (&cw_command_augment, NULL, entries, &argc, &argv, 1, -1, &status))
    return status;
  if (options.folder == NULL)
    return cw_cli_usage ("expected --output OUT");
  if (options.seed < 0 || options.epoch < 0)
    return cw_cli_usage ("--seed and --epoch are 0 or more");
  if (options.negatives > CW_MAX_NEGATIVES)
    return cw_cli_usage ("--negatives %d is outside 0 to %d", options.negatives, CW_MAX_NEGATIVES);
  if (options.rows < 1 || options.rows > 40)
    return cw_cli_usage ("--rows %d is outside 1 to 40", options.rows);
  if (options.sheet != NULL && !parse_sheet (&options))
    return cw_cli_usage ("--sheet %s: expected SECTION.KEY=FROM:TO", options.sheet);
  key = options.key;

  json_builder_begin_object (builder);
  cw_json_add_int (builder, "seed", options.seed);
  json_builder_set_member_name (builder, "pictures");
  json_builder_begin_array (builder);
  if (!augment_all (&options, argv + 1, argc - 1, builder, &error))
    return cw_cli_fail (error);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (options.json)
    cw_cli_print_json (builder);
  else
    printf ("%s: views of %d pictures\n", options.folder, argc - 1);
  return CW_CLI_OK;
}

const CwCommand cw_command_augment
    = { "augment", "IMAGE…", "Views, warp negatives and fields of pictures, as files", run };

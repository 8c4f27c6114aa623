/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-checkpoint.h"

#include "base/cw-error.h"
#include "run/cw-checkpoint-private.h"
#include "run/cw-model-file.h"
#include "run/cw-weights-file.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define PREFIX "step-"
#define SUFFIX ".safetensors"
#define OBJECTIVE_STATE "objective.state"

/* ---- names ---- */

char *
_cw_checkpoint_dup_path (const char *run_folder, const char *which, guint64 step)
{
  g_autofree char *name = g_strdup_printf (PREFIX "%08" G_GUINT64_FORMAT SUFFIX, step);

  return g_build_filename (run_folder, which, name, NULL);
}

static gboolean
parse_name (const char *name, guint64 *step)
{
  g_autofree char *digits = NULL, *again = NULL;

  if (!g_str_has_prefix (name, PREFIX) || !g_str_has_suffix (name, SUFFIX))
    return FALSE;
  digits = g_strndup (name + strlen (PREFIX), strlen (name) - strlen (PREFIX) - strlen (SUFFIX));
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, step, NULL))
    return FALSE;
  again = g_strdup_printf ("%08" G_GUINT64_FORMAT, *step);
  return strcmp (digits, again) == 0;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

GArray *
cw_checkpoint_list (const char *run_folder)
{
  g_autofree char *folder = g_build_filename (run_folder, CW_CHECKPOINTS, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (guint64));
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      guint64 step;

      if (parse_name (name, &step))
        g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_steps);
  return steps;
}

char *
cw_checkpoint_dup_path (const char *run_folder, guint64 step)
{
  return _cw_checkpoint_dup_path (run_folder, CW_CHECKPOINTS, step);
}

/* ---- writing ---- */

char *
_cw_checkpoint_hash_encoder (const CwWeights *weights)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  _cw_weights_hash (weights, CW_PART_MODEL, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

static void
set_number (CwSafetensorsWriter *writer, const char *key, guint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  cw_safetensors_writer_set_metadata (writer, key, text);
}

/* The moments of @slot look like weights without buffers. */
static CwWeights
slot_weights (CwTrainer *trainer, float *slot)
{
  return (CwWeights){ .net = cw_trainer_get_online (trainer)->net, .params = slot };
}

static void
add_objective_state (CwSafetensorsWriter *writer, CwTrainer *trainer)
{
  gsize n;
  const float *state = cw_trainer_get_objective_state (trainer, &n);
  gint64 shape[] = { (gint64) n };

  if (state != NULL)
    cw_safetensors_writer_add (writer, OBJECTIVE_STATE, CW_DTYPE_F32, 1, shape, state);
}

static gboolean
save_state (CwTrainer *trainer, const char *path, GError **error)
{
  g_autoptr (CwSafetensorsWriter) writer = cw_safetensors_writer_new ();
  CwWeights *online = cw_trainer_get_online (trainer), *target = cw_trainer_get_target (trainer);
  g_autofree char *hash = _cw_checkpoint_hash_encoder (online);
  const char *slot_name;
  float *slot;

  _cw_weights_add (writer, online, CW_PART_HEADS | CW_PART_BUFFERS, "");
  if (target != NULL)
    _cw_weights_add (writer, target, CW_PART_ALL, CW_TARGET_PREFIX);
  for (int i = 0; (slot = cw_trainer_get_slot (trainer, i, &slot_name)) != NULL; i++)
    {
      CwWeights moments = slot_weights (trainer, slot);
      g_autofree char *prefix = g_strdup_printf ("optimizer.%s.", slot_name);

      _cw_weights_add (writer, &moments, CW_PART_PARAMS, prefix);
    }
  add_objective_state (writer, trainer);
  cw_safetensors_writer_set_metadata (writer, CW_META_STATE, "1");
  cw_safetensors_writer_set_metadata (writer, CW_META_ENCODER_SHA256, hash);
  set_number (writer, CW_META_STEP, cw_trainer_get_step (trainer));
  return cw_safetensors_writer_save (writer, path, error);
}

static gboolean
save_encoder (CwTrainer *trainer, const CwRecipe *recipe, const char *path, GError **error)
{
  g_autoptr (CwSafetensorsWriter) writer = cw_safetensors_writer_new ();
  const CwPreprocess *preprocess = &recipe->views->preprocess;
  CwWeights *online = cw_trainer_get_online (trainer);
  guint64 step = cw_trainer_get_step (trainer);

  _cw_weights_add (writer, online, CW_PART_MODEL, "");
  _cw_weights_add_batches (writer, online, CW_PART_ENCODER, (gint64) step);
  _cw_model_add_metadata (writer, recipe->encoder, recipe->encoder_params, preprocess->size,
                          preprocess->mean, preprocess->std);
  set_number (writer, CW_META_STEP, step);
  set_number (writer, CW_META_SEED, recipe->seed);
  return cw_safetensors_writer_save (writer, path, error);
}

static gboolean
make_folder_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int code;

  if (g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "cannot make folder %s: %s", folder,
               g_strerror (code));
  return FALSE;
}

gboolean
cw_checkpoint_save (CwTrainer *trainer, const CwRecipe *recipe, const char *run_folder,
                    char **encoder_path, GError **error)
{
  guint64 step = cw_trainer_get_step (trainer);
  g_autofree char *encoder = _cw_checkpoint_dup_path (run_folder, CW_CHECKPOINTS, step);
  g_autofree char *state = _cw_checkpoint_dup_path (run_folder, CW_STATES, step);

  if (!make_folder_of (encoder, error) || !make_folder_of (state, error)
      || !save_state (trainer, state, error) || !save_encoder (trainer, recipe, encoder, error))
    return FALSE;
  if (encoder_path != NULL)
    *encoder_path = g_steal_pointer (&encoder);
  return TRUE;
}

void
cw_checkpoint_remove (const char *run_folder, guint64 step)
{
  g_autofree char *encoder = _cw_checkpoint_dup_path (run_folder, CW_CHECKPOINTS, step);
  g_autofree char *state = _cw_checkpoint_dup_path (run_folder, CW_STATES, step);

  g_unlink (encoder);
  g_unlink (state);
}

/* As CwFileWriter names them: a checkpoint's name, a dot and six letters or digits. */
static gboolean
is_temporary (const char *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *whole = dot != NULL ? g_strndup (name, (gsize) (dot - name)) : NULL;
  guint64 step;

  return whole != NULL && strlen (dot + 1) == 6 && parse_name (whole, &step);
}

void
cw_checkpoint_sweep (const char *run_folder)
{
  static const char *const folders[] = { CW_CHECKPOINTS, CW_STATES };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (run_folder, folders[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);

          if (is_temporary (name))
            g_unlink (path);
        }
    }
}

/* ---- reading ---- */

static gboolean
read_state (CwWeightsReader *reader, CwTrainer *trainer, GError **error)
{
  CwWeights *online = cw_trainer_get_online (trainer), *target = cw_trainer_get_target (trainer);
  const char *slot_name;
  float *slot, *state;
  gsize n_state;

  if (!_cw_weights_reader_read (reader, online, CW_PART_HEADS | CW_PART_BUFFERS, "", error))
    return FALSE;
  if (target != NULL
      && !_cw_weights_reader_read (reader, target, CW_PART_ALL, CW_TARGET_PREFIX, error))
    return FALSE;
  for (int i = 0; (slot = cw_trainer_get_slot (trainer, i, &slot_name)) != NULL; i++)
    {
      CwWeights moments = slot_weights (trainer, slot);
      g_autofree char *prefix = g_strdup_printf ("optimizer.%s.", slot_name);

      if (!_cw_weights_reader_read (reader, &moments, CW_PART_PARAMS, prefix, error))
        return FALSE;
    }
  state = cw_trainer_get_objective_state (trainer, &n_state);
  return (state == NULL
          || _cw_weights_reader_read_vector (reader, OBJECTIVE_STATE, n_state, state, error))
         && _cw_weights_reader_end (reader, FALSE, error);
}

/* The two files are of one moment, and of the one they are named for. */
static gboolean
check_pair (CwWeightsReader *encoder, CwWeightsReader *state, CwTrainer *trainer, guint64 step,
            GError **error)
{
  g_autofree char *hash = _cw_checkpoint_hash_encoder (cw_trainer_get_online (trainer));
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, step);

  if (g_strcmp0 (cw_safetensors_get_metadata (state->file, CW_META_STEP), number) == 0
      && g_strcmp0 (cw_safetensors_get_metadata (state->file, CW_META_ENCODER_SHA256), hash) == 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
               "%s: does not belong to %s; go on from an earlier checkpoint", state->path,
               encoder->path);
  return FALSE;
}

gboolean
cw_checkpoint_restore (CwTrainer *trainer, const char *run_folder, guint64 step, GError **error)
{
  g_autofree char *encoder_path = _cw_checkpoint_dup_path (run_folder, CW_CHECKPOINTS, step);
  g_autofree char *state_path = _cw_checkpoint_dup_path (run_folder, CW_STATES, step);
  CwWeightsReader encoder = { 0 }, state = { 0 };
  gboolean ok;

  ok = _cw_weights_reader_open (&encoder, encoder_path, "the experiment's encoder", error)
       && _cw_weights_reader_open (&state, state_path, "the experiment", error)
       && _cw_weights_reader_read (&encoder, cw_trainer_get_online (trainer), CW_PART_MODEL, "",
                                   error)
       && _cw_weights_reader_end (&encoder, FALSE, error) && read_state (&state, trainer, error)
       && check_pair (&encoder, &state, trainer, step, error);
  _cw_weights_reader_close (&encoder);
  _cw_weights_reader_close (&state);
  if (ok)
    cw_trainer_set_step (trainer, step);
  return ok;
}

static gboolean
opens (const char *run_folder, const char *which, guint64 step)
{
  g_autofree char *path = _cw_checkpoint_dup_path (run_folder, which, step);
  g_autoptr (CwSafetensors) file = cw_safetensors_open (path, NULL);

  return file != NULL;
}

char *
cw_checkpoint_dup_run (const char *path, guint64 *step)
{
  g_autofree char *file = g_canonicalize_filename (path, NULL);
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree char *folder_name = g_path_get_basename (folder);
  guint64 found;

  if (strcmp (folder_name, CW_CHECKPOINTS) != 0 || !parse_name (name, &found))
    return NULL;
  if (step != NULL)
    *step = found;
  return g_path_get_dirname (folder);
}

gboolean
cw_checkpoint_find_last (const char *run_folder, guint64 at_most, guint64 *step)
{
  g_autoptr (GArray) steps = cw_checkpoint_list (run_folder);

  for (guint i = steps->len; i > 0; i--)
    {
      guint64 candidate = g_array_index (steps, guint64, i - 1);

      if (candidate <= at_most && opens (run_folder, CW_STATES, candidate)
          && opens (run_folder, CW_CHECKPOINTS, candidate))
        {
          *step = candidate;
          return TRUE;
        }
    }
  return FALSE;
}

char *
cw_trainer_dup_weights_sha256 (CwTrainer *trainer)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  _cw_weights_hash (cw_trainer_get_online (trainer), CW_PART_ALL, checksum);
  if (cw_trainer_get_target (trainer) != NULL)
    _cw_weights_hash (cw_trainer_get_target (trainer), CW_PART_ALL, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

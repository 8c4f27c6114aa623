/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "config.h"

#include "run/cw-model-file.h"

#include "base/cw-error.h"
#include "run/cw-checkpoint.h"
#include "run/cw-checkpoint-private.h"
#include "run/cw-recognise.h"
#include "run/cw-weights-file.h"

#include <math.h>
#include <string.h>

#define MIN_SIZE 8
#define MAX_SIZE 2048

/* ---- writing ---- */

static char *
format_three (const float values[3])
{
  char text[3][G_ASCII_DTOSTR_BUF_SIZE];

  for (int i = 0; i < 3; i++)
    g_ascii_formatd (text[i], sizeof text[i], "%.9g", (double) values[i]);
  return g_strdup_printf ("%s,%s,%s", text[0], text[1], text[2]);
}

/* Lines of key=value. */
static char *
format_params (const CwParamSpec *specs, gconstpointer params)
{
  GString *text = g_string_new (NULL);

  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      g_autofree char *value = cw_params_dup_string (s, params);
      g_autofree char *escaped = g_strescape (value, NULL);

      g_string_append_printf (text, "%s=%s\n", s->id, escaped);
    }
  return g_string_free (text, FALSE);
}

void
_cw_model_add_metadata (CwSafetensorsWriter *writer, const CwEncoderClass *encoder,
                        gconstpointer params, int size, const float mean[3], const float std[3])
{
  g_autofree char *params_text = format_params (encoder->base.params, params);
  g_autofree char *size_text = g_strdup_printf ("%d", size);
  g_autofree char *mean_text = format_three (mean), *std_text = format_three (std);

  cw_safetensors_writer_set_metadata (writer, "format", "pt");
  cw_safetensors_writer_set_metadata (writer, "contrawarp.version", CW_VERSION);
  cw_safetensors_writer_set_metadata (writer, CW_META_ENCODER, encoder->base.id);
  cw_safetensors_writer_set_metadata (writer, CW_META_PARAMS, params_text);
  cw_safetensors_writer_set_metadata (writer, CW_META_SIZE, size_text);
  cw_safetensors_writer_set_metadata (writer, CW_META_MEAN, mean_text);
  cw_safetensors_writer_set_metadata (writer, CW_META_STD, std_text);
}

gboolean
cw_model_save (const CwModel *model, const char *path, GError **error)
{
  g_autoptr (CwSafetensorsWriter) writer = cw_safetensors_writer_new ();

  _cw_weights_add (writer, model->weights, CW_PART_ENCODER | CW_PART_BUFFERS, "");
  _cw_weights_add_batches (writer, model->weights, CW_PART_ENCODER, 0);
  _cw_model_add_metadata (writer, model->encoder, model->params, model->size, model->mean,
                          model->std);
  return cw_safetensors_writer_save (writer, path, error);
}

/* ---- reading ---- */

/* What is there to be known before the weights. */
typedef struct
{
  const CwEncoderClass *encoder;
  gpointer params;
  int size;
  float mean[3], std[3];
} Header;

static void
header_clear (Header *header)
{
  if (header->encoder != NULL)
    cw_params_block_free (header->encoder->base.params, header->params);
}

static gboolean
bad_metadata (const char *path, const char *key, const char *value, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: metadata %s is '%s'", path, key,
               value != NULL ? value : "missing");
  return FALSE;
}

static gboolean
parse_three (CwSafetensors *file, const char *path, const char *key, float values[3],
             GError **error)
{
  const char *text = cw_safetensors_get_metadata (file, key);
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, ",", -1) : NULL;

  if (parts == NULL || g_strv_length (parts) != 3)
    return bad_metadata (path, key, text, error);
  for (int i = 0; i < 3; i++)
    {
      char *end;

      values[i] = (float) g_ascii_strtod (parts[i], &end);
      if (end == parts[i] || *end != '\0' || !isfinite (values[i]))
        return bad_metadata (path, key, text, error);
    }
  return TRUE;
}

static gboolean
parse_params (Header *header, const char *path, const char *text, GError **error)
{
  const CwDescriptor *base = &header->encoder->base;
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  g_autofree char *where = g_strdup_printf (CW_META_PARAMS " of %s", path);

  header->params = cw_params_block_new (base->params, base->params_size);
  for (int i = 0; lines[i] != NULL; i++)
    {
      char *equals = strchr (lines[i], '=');
      g_autofree char *value = NULL;

      if (*lines[i] == '\0')
        continue;
      if (equals == NULL)
        return bad_metadata (path, CW_META_PARAMS, lines[i], error);
      *equals = '\0';
      value = g_strcompress (equals + 1);
      if (!cw_params_set_string (base->params, header->params, where, lines[i], value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_header (CwSafetensors *file, const char *path, Header *header, GError **error)
{
  const char *size = cw_safetensors_get_metadata (file, CW_META_SIZE);
  g_autoptr (GError) local = NULL;
  guint64 value;

  header->encoder = (const CwEncoderClass *) cw_registry_find (
      CW_KIND_ENCODER, cw_safetensors_get_metadata (file, CW_META_ENCODER), &local);
  if (header->encoder == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: %s", path, local->message);
      return FALSE;
    }
  if (!parse_params (header, path, cw_safetensors_get_metadata (file, CW_META_PARAMS), error)
      || !parse_three (file, path, CW_META_MEAN, header->mean, error)
      || !parse_three (file, path, CW_META_STD, header->std, error))
    return FALSE;
  for (int i = 0; i < 3; i++)
    {
      if (header->std[i] <= 0)
        return bad_metadata (path, CW_META_STD, cw_safetensors_get_metadata (file, CW_META_STD),
                             error);
    }
  if (size == NULL || !g_ascii_string_to_unsigned (size, 10, MIN_SIZE, MAX_SIZE, &value, NULL))
    return bad_metadata (path, CW_META_SIZE, size, error);
  header->size = (int) value;
  return TRUE;
}

/* Whoever trained it, it is used as torchvision documents: ImageNet's mean and standard deviation. */
static gboolean
recognise (CwSafetensors *file, const char *path, Header *header, GError **error)
{
  static const float mean[3] = { 0.485f, 0.456f, 0.406f }, std[3] = { 0.229f, 0.224f, 0.225f };

  header->encoder = _cw_recognise_resnet (file, path, &header->params, &header->size, error);
  if (header->encoder == NULL)
    return FALSE;
  memcpy (header->mean, mean, sizeof mean);
  memcpy (header->std, std, sizeof std);
  return TRUE;
}

/* 0 where the file does not say. */
static guint64
read_step (CwSafetensors *file)
{
  const char *text = cw_safetensors_get_metadata (file, CW_META_STEP);
  guint64 step;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &step, NULL) ? step : 0;
}

static CwModel *
read_model (CwWeightsReader *reader, GError **error)
{
  g_autoptr (CwModel) model = NULL;
  g_autofree char *what = NULL;
  Header header = { 0 };

  if (cw_safetensors_get_metadata (reader->file, CW_META_STATE) != NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                   "%s: what a resume needs, not a model; the encoder of the same name is in "
                   "checkpoints/",
                   reader->path);
      return NULL;
    }
  if (cw_safetensors_get_metadata (reader->file, CW_META_ENCODER) != NULL
          ? parse_header (reader->file, reader->path, &header, error)
          : recognise (reader->file, reader->path, &header, error))
    model = cw_model_new (header.encoder, header.params, header.size, header.mean, header.std,
                          reader->path);
  header_clear (&header);
  if (model == NULL)
    return NULL;
  model->step = read_step (reader->file);
  reader->what = what = g_strdup_printf ("encoder '%s'", model->encoder->base.id);
  if (!_cw_weights_reader_read (reader, model->weights, CW_PART_ALL, "", error)
      || !_cw_weights_reader_end (reader, TRUE, error))
    return NULL;
  return g_steal_pointer (&model);
}

/* ---- the target network ---- */

static gboolean
set_no_target (const char *path, const char *why, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
               "%s: no target network: %s; choose the online encoder", path, why);
  return FALSE;
}

/* In place of the online weights that @model has. */
static gboolean
read_target (CwWeightsReader *state, CwModel *model, const char *path, GError **error)
{
  g_autofree char *hash = _cw_checkpoint_hash_encoder (model->weights);
  g_autofree char *first
      = g_strconcat (CW_TARGET_PREFIX, cw_net_get_param (model->net, 0)->name, NULL);
  gint64 shape[8];

  if (cw_safetensors_get_shape (state->file, first, shape) < 0)
    return set_no_target (path, "its run was trained without one", error);
  if (g_strcmp0 (cw_safetensors_get_metadata (state->file, CW_META_ENCODER_SHA256), hash) != 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: does not belong to %s; take another checkpoint", state->path, path);
      return FALSE;
    }
  return _cw_weights_reader_read (state, model->weights, CW_PART_ALL, CW_TARGET_PREFIX, error);
}

/* RUN/state/NAME of RUN/checkpoints/NAME. */
static char *
dup_state_path (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autofree char *run = g_path_get_dirname (folder);

  return g_build_filename (run, CW_STATES, name, NULL);
}

static gboolean
load_target (CwModel *model, const char *path, GError **error)
{
  g_autofree char *state_path = dup_state_path (path);
  CwWeightsReader state = { 0 };
  gboolean ok;

  if (!g_file_test (state_path, G_FILE_TEST_EXISTS))
    return set_no_target (path, "it is not a checkpoint in a run folder, with its state", error);
  ok = _cw_weights_reader_open (&state, state_path, "the target network", error)
       && read_target (&state, model, path, error);
  _cw_weights_reader_close (&state);
  if (ok)
    {
      g_free (model->origin);
      model->origin = g_strdup_printf ("%s (target)", path);
    }
  return ok;
}

/* ---- loading ---- */

static CwModel *
load_file (const char *path, CwNetwork network, GError **error)
{
  CwWeightsReader reader;
  g_autoptr (CwModel) model = NULL;

  if (_cw_weights_reader_open (&reader, path, "the encoder", error))
    model = read_model (&reader, error);
  _cw_weights_reader_close (&reader);
  if (model == NULL || (network == CW_NETWORK_TARGET && !load_target (model, path, error)))
    return NULL;
  return g_steal_pointer (&model);
}

/* The newest that is good; where none is, what is wrong with the newest. */
static CwModel *
load_folder (const char *folder, CwNetwork network, GError **error)
{
  g_autoptr (GArray) steps = cw_checkpoint_list (folder);
  g_autoptr (GError) first = NULL;

  for (guint i = steps->len; i > 0; i--)
    {
      g_autofree char *path
          = _cw_checkpoint_dup_path (folder, CW_CHECKPOINTS, g_array_index (steps, guint64, i - 1));
      CwModel *model = load_file (path, network, first == NULL ? &first : NULL);

      if (model != NULL)
        return model;
    }
  if (first != NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  else
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: a folder without a checkpoint", folder);
  return NULL;
}

const char *
cw_network_name (CwNetwork network)
{
  static const char *const names[CW_N_NETWORKS] = { "online", "target" };

  g_return_val_if_fail (network < CW_N_NETWORKS, NULL);
  return names[network];
}

CwModel *
cw_model_load_network (const char *path, CwNetwork network, GError **error)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) ? load_folder (path, network, error)
                                                : load_file (path, network, error);
}

CwModel *
cw_model_load (const char *path, GError **error)
{
  return cw_model_load_network (path, CW_NETWORK_ONLINE, error);
}

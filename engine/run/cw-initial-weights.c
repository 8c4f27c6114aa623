/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-initial-weights.h"

#include "base/cw-error.h"
#include "run/cw-checkpoint.h"
#include "run/cw-model-file.h"
#include "run/cw-recognise.h"
#include "run/cw-weights-file.h"

/* (transfer full): of a run folder the newest checkpoint that is good. */
static char *
dup_file (const char *path, GError **error)
{
  g_autoptr (CwModel) model = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_strdup (path);
  model = cw_model_load (path, error);
  return model != NULL ? g_strdup (model->origin) : NULL;
}

static gboolean
read_encoder (CwWeightsReader *reader, CwTrainer *trainer, GError **error)
{
  const CwPart part = CW_PART_ENCODER | CW_PART_BUFFERS;
  CwWeights *target = cw_trainer_get_target (trainer);

  if (cw_safetensors_get_metadata (reader->file, CW_META_STATE) != NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                   "%s: what a resume needs, not an encoder; the encoder of the same name is in "
                   "checkpoints/",
                   reader->path);
      return FALSE;
    }
  return _cw_weights_reader_read (reader, cw_trainer_get_online (trainer), part, "", error)
         && (target == NULL || _cw_weights_reader_read (reader, target, part, "", error))
         && _cw_weights_reader_end (reader, TRUE, error);
}

gboolean
_cw_initial_weights_load (CwTrainer *trainer, const char *path, const char *what, GError **error)
{
  g_autofree char *file = dup_file (path, error);
  CwWeightsReader reader;
  gboolean ok;

  if (file == NULL)
    return FALSE;
  ok = _cw_weights_reader_open (&reader, file, what, error)
       && read_encoder (&reader, trainer, error);
  _cw_weights_reader_close (&reader);
  return ok;
}

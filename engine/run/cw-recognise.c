/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-recognise.h"

#include "base/cw-error.h"

#include <string.h>

#define N_STAGES 4
#define MAX_BLOCKS 64

/* What tells residual networks apart. */
typedef struct
{
  gint64 width;
  int kernel; /* of the stem */
  gboolean bottleneck;
  int n_blocks[N_STAGES];
} Shape;

static const struct
{
  const char *id;
  gboolean bottleneck;
  int n_blocks[N_STAGES];
} resnets[] = {
  { "resnet18", FALSE, { 2, 2, 2, 2 } },
  { "resnet34", FALSE, { 3, 4, 6, 3 } },
  { "resnet50", TRUE, { 3, 4, 6, 3 } },
};

/* The stem with a 3x3 convolution is that of CIFAR's pictures; the other one is used as torchvision
 * documents. */
#define SIZE_SMALL 32
#define SIZE_IMAGENET 224

static gboolean
has_tensor (CwSafetensors *file, const char *name)
{
  gint64 shape[8];

  return cw_safetensors_get_shape (file, name, shape) >= 0;
}

static int
count_blocks (CwSafetensors *file, int stage)
{
  for (int n = 0; n < MAX_BLOCKS; n++)
    {
      g_autofree char *name = g_strdup_printf ("layer%d.%d.conv1.weight", stage + 1, n);

      if (!has_tensor (file, name))
        return n;
    }
  return MAX_BLOCKS;
}

static gboolean
measure (CwSafetensors *file, Shape *shape)
{
  gint64 stem[8];

  if (cw_safetensors_get_shape (file, "conv1.weight", stem) != 4 || stem[1] != 3
      || stem[2] != stem[3] || (stem[2] != 3 && stem[2] != 7))
    return FALSE;
  shape->width = stem[0];
  shape->kernel = (int) stem[2];
  shape->bottleneck = has_tensor (file, "layer1.0.conv3.weight");
  for (int stage = 0; stage < N_STAGES; stage++)
    shape->n_blocks[stage] = count_blocks (file, stage);
  return TRUE;
}

static const char *
find_id (const Shape *shape)
{
  for (size_t i = 0; i < G_N_ELEMENTS (resnets); i++)
    {
      if (resnets[i].bottleneck == shape->bottleneck
          && memcmp (resnets[i].n_blocks, shape->n_blocks, sizeof shape->n_blocks) == 0)
        return resnets[i].id;
    }
  return NULL;
}

static void
refuse (const char *path, const Shape *shape, GError **error)
{
  g_autofree char *found = NULL;

  if (shape != NULL)
    found = g_strdup_printf (" (stages of %d, %d, %d and %d %s blocks)", shape->n_blocks[0],
                             shape->n_blocks[1], shape->n_blocks[2], shape->n_blocks[3],
                             shape->bottleneck ? "bottleneck" : "basic");
  g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
               "%s: it does not say which encoder it is, and its tensors are not those of "
               "torchvision's resnet18, resnet34 or resnet50%s",
               path, found != NULL ? found : "");
}

const CwEncoderClass *
_cw_recognise_resnet (CwSafetensors *file, const char *path, gpointer *params, int *size,
                      GError **error)
{
  const CwDescriptor *base;
  g_autofree char *width = NULL;
  g_autofree char *where = g_strdup_printf ("'conv1.weight' of %s", path);
  Shape shape;
  const char *id;

  if (!measure (file, &shape))
    {
      refuse (path, NULL, error);
      return NULL;
    }
  id = find_id (&shape);
  if (id == NULL)
    {
      refuse (path, &shape, error);
      return NULL;
    }
  base = cw_registry_find (CW_KIND_ENCODER, id, error);
  if (base == NULL)
    return NULL;
  width = g_strdup_printf ("%" G_GINT64_FORMAT, shape.width);
  *params = cw_params_block_new (base->params, base->params_size);
  *size = shape.kernel == 3 ? SIZE_SMALL : SIZE_IMAGENET;
  if (cw_params_set_string (base->params, *params, where, "width", width, error)
      && cw_params_set_string (base->params, *params, where, "stem",
                               shape.kernel == 3 ? "small" : "imagenet", error))
    return (const CwEncoderClass *) base;
  cw_params_block_free (base->params, *params);
  *params = NULL;
  return NULL;
}

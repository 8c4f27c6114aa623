/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "config.h"

#include "nn/cw-resnet-private.h"

#include <glib/gi18n-lib.h>

/* Residual networks of basic blocks (He, Zhang, Ren, Sun 2016), named and laid out as torchvision
 * has them. */

/* conv 3x3 - norm - ReLU - conv 3x3 - norm, + shortcut, ReLU. */
static CwNode
add_block (CwNet *net, CwNode in, const char *name, int channels, int stride)
{
  g_autofree char *conv1 = g_strconcat (name, ".conv1", NULL);
  g_autofree char *bn1 = g_strconcat (name, ".bn1", NULL);
  g_autofree char *conv2 = g_strconcat (name, ".conv2", NULL);
  g_autofree char *bn2 = g_strconcat (name, ".bn2", NULL);
  CwNode shortcut = in, node;
  int h, w, c;

  cw_net_node_shape (net, in, &h, &w, &c);
  node = cw_net_conv (net, in, conv1, channels, 3, stride, 1, FALSE);
  node = cw_net_norm (net, node, bn1, CW_NO_NODE, TRUE);
  node = cw_net_conv (net, node, conv2, channels, 3, 1, 1, FALSE);
  if (stride != 1 || c != channels)
    {
      g_autofree char *conv = g_strconcat (name, ".downsample.0", NULL);
      g_autofree char *bn = g_strconcat (name, ".downsample.1", NULL);

      shortcut = cw_net_conv (net, in, conv, channels, 1, stride, 0, FALSE);
      shortcut = cw_net_norm (net, shortcut, bn, CW_NO_NODE, FALSE);
    }
  return cw_net_norm (net, node, bn2, shortcut, TRUE);
}

/* Four stages of @n_blocks blocks; width doubles and size halves from stage to stage. */
static CwNode
add_stages (CwNet *net, CwNode node, int width, int n_blocks)
{
  for (int stage = 0; stage < 4; stage++)
    {
      for (int block = 0; block < n_blocks; block++)
        {
          g_autofree char *name = g_strdup_printf ("layer%d.%d", stage + 1, block);

          node = add_block (net, node, name, width << stage, stage > 0 && block == 0 ? 2 : 1);
        }
    }
  return cw_net_global_avg_pool (net, node);
}

/* ---- resnet18 ---- */

typedef enum
{
  STEM_IMAGENET,
  STEM_SMALL,
} Stem;

static const char *const stem_nicks[] = { "imagenet", "small", NULL };

typedef struct
{
  int width;
  int stem;
} ResNet18;

static const CwParamSpec resnet18_specs[] = {
  CW_PARAM_INT (ResNet18, width, "width", N_ ("Width"), "", 8, 256, 64,
                N_ ("Channels of the first stage; every further stage doubles them")),
  CW_PARAM_ENUM (
      ResNet18, stem, "stem", N_ ("Stem"), stem_nicks, STEM_IMAGENET,
      N_ ("imagenet: 7x7 with stride 2, then max pooling; small: 3x3, for small pictures")),
  CW_PARAM_END,
};

static CwNode
build_resnet18 (gconstpointer params, CwNet *net, CwNode input)
{
  const ResNet18 *p = params;
  CwNode node;

  if (p->stem == STEM_IMAGENET)
    node = cw_net_conv (net, input, "conv1", p->width, 7, 2, 3, FALSE);
  else
    node = cw_net_conv (net, input, "conv1", p->width, 3, 1, 1, FALSE);
  node = cw_net_norm (net, node, "bn1", CW_NO_NODE, TRUE);
  if (p->stem == STEM_IMAGENET)
    node = cw_net_max_pool (net, node, 3, 2, 1);
  return add_stages (net, node, p->width, 2);
}

const CwEncoderClass _cw_encoder_resnet18 = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_ENCODER,
            .id = "resnet18",
            .label = N_ ("ResNet-18"),
            .description = N_ ("Residual network of 18 layers, as in torchvision"),
            .params = resnet18_specs,
            .params_size = sizeof (ResNet18) },
  .build = build_resnet18,
};

/* ---- small ---- */

typedef struct
{
  int width;
} Small;

static const CwParamSpec small_specs[] = {
  CW_PARAM_INT (Small, width, "width", N_ ("Width"), "", 8, 256, 32,
                N_ ("Channels of the first stage; every further stage doubles them")),
  CW_PARAM_END,
};

static CwNode
build_small (gconstpointer params, CwNet *net, CwNode input)
{
  const Small *p = params;
  CwNode node = cw_net_conv (net, input, "conv1", p->width, 3, 2, 1, FALSE);

  node = cw_net_norm (net, node, "bn1", CW_NO_NODE, TRUE);
  return add_stages (net, node, p->width, 1);
}

const CwEncoderClass _cw_encoder_small = {
  .base
  = { .abi = CW_ABI_VERSION,
      .kind = CW_KIND_ENCODER,
      .id = "small",
      .label = N_ ("Small"),
      .description
      = N_ ("Residual network with one block per stage, for small pictures and few cores"),
      .params = small_specs,
      .params_size = sizeof (Small) },
  .build = build_small,
};

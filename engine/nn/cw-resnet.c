/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "config.h"

#include "nn/cw-resnet-private.h"

#include <glib/gi18n-lib.h>

/* Residual networks (He, Zhang, Ren, Sun 2016), named and laid out as torchvision has them, so that
 * weights go both ways. */

#define N_STAGES 4
/* Of a bottleneck block, output over width. */
#define EXPANSION 4

typedef enum
{
  BASIC,
  BOTTLENECK,
} BlockKind;

static CwNode
add_conv_norm (CwNet *net, CwNode in, const char *block, const char *number, int channels,
               int kernel, int stride, CwNode residual, gboolean relu)
{
  g_autofree char *conv = g_strdup_printf ("%s.conv%s", block, number);
  g_autofree char *bn = g_strdup_printf ("%s.bn%s", block, number);
  CwNode node = cw_net_conv (net, in, conv, channels, kernel, stride, kernel / 2, FALSE);

  return cw_net_norm (net, node, bn, residual, relu);
}

/* What a block adds its outcome to: its input, by a 1x1 convolution where the shape changes. */
static CwNode
add_shortcut (CwNet *net, CwNode in, const char *block, int channels, int stride)
{
  g_autofree char *conv = g_strconcat (block, ".downsample.0", NULL);
  g_autofree char *bn = g_strconcat (block, ".downsample.1", NULL);
  int h, w, c;
  CwNode node;

  cw_net_node_shape (net, in, &h, &w, &c);
  if (stride == 1 && c == channels)
    return in;
  node = cw_net_conv (net, in, conv, channels, 1, stride, 0, FALSE);
  return cw_net_norm (net, node, bn, CW_NO_NODE, FALSE);
}

/* conv 3x3 - norm - ReLU - conv 3x3 - norm, + shortcut, ReLU. */
static CwNode
add_basic (CwNet *net, CwNode in, const char *name, int channels, int stride)
{
  CwNode node = add_conv_norm (net, in, name, "1", channels, 3, stride, CW_NO_NODE, TRUE), conv2;
  g_autofree char *conv = g_strconcat (name, ".conv2", NULL);
  g_autofree char *bn = g_strconcat (name, ".bn2", NULL);
  CwNode shortcut;

  conv2 = cw_net_conv (net, node, conv, channels, 3, 1, 1, FALSE);
  shortcut = add_shortcut (net, in, name, channels, stride);
  return cw_net_norm (net, conv2, bn, shortcut, TRUE);
}

/* conv 1x1 - norm - ReLU - conv 3x3 - norm - ReLU - conv 1x1 - norm, + shortcut, ReLU. The 3x3 has
 * the stride, as in torchvision ("v1.5"), not the first 1x1 as in the paper. */
static CwNode
add_bottleneck (CwNet *net, CwNode in, const char *name, int channels, int stride)
{
  CwNode node = add_conv_norm (net, in, name, "1", channels, 1, 1, CW_NO_NODE, TRUE), conv3;
  g_autofree char *conv = g_strconcat (name, ".conv3", NULL);
  g_autofree char *bn = g_strconcat (name, ".bn3", NULL);
  CwNode shortcut;

  node = add_conv_norm (net, node, name, "2", channels, 3, stride, CW_NO_NODE, TRUE);
  conv3 = cw_net_conv (net, node, conv, channels * EXPANSION, 1, 1, 0, FALSE);
  shortcut = add_shortcut (net, in, name, channels * EXPANSION, stride);
  return cw_net_norm (net, conv3, bn, shortcut, TRUE);
}

/* Stages of @n_blocks blocks; width doubles and size halves from stage to stage. */
static CwNode
add_stages (CwNet *net, CwNode node, BlockKind kind, int width, const int n_blocks[N_STAGES])
{
  for (int stage = 0; stage < N_STAGES; stage++)
    {
      for (int block = 0; block < n_blocks[stage]; block++)
        {
          g_autofree char *name = g_strdup_printf ("layer%d.%d", stage + 1, block);
          int stride = stage > 0 && block == 0 ? 2 : 1;

          node = kind == BASIC ? add_basic (net, node, name, width << stage, stride)
                               : add_bottleneck (net, node, name, width << stage, stride);
        }
    }
  return cw_net_global_avg_pool (net, node);
}

/* ---- those of torchvision ---- */

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
} ResNet;

static const CwParamSpec resnet_specs[] = {
  CW_PARAM_INT (ResNet, width, "width", N_ ("Width"), "", 8, 256, 64,
                N_ ("Channels of the first stage; every further stage doubles them")),
  CW_PARAM_ENUM (
      ResNet, stem, "stem", N_ ("Stem"), stem_nicks, STEM_IMAGENET,
      N_ ("imagenet: 7x7 with stride 2, then max pooling; small: 3x3, for small pictures")),
  CW_PARAM_END,
};

static CwNode
build_resnet (const ResNet *p, CwNet *net, CwNode input, BlockKind kind,
              const int n_blocks[N_STAGES])
{
  CwNode node;

  if (p->stem == STEM_IMAGENET)
    node = cw_net_conv (net, input, "conv1", p->width, 7, 2, 3, FALSE);
  else
    node = cw_net_conv (net, input, "conv1", p->width, 3, 1, 1, FALSE);
  node = cw_net_norm (net, node, "bn1", CW_NO_NODE, TRUE);
  if (p->stem == STEM_IMAGENET)
    node = cw_net_max_pool (net, node, 3, 2, 1);
  return add_stages (net, node, kind, p->width, n_blocks);
}

static CwNode
build_resnet18 (gconstpointer params, CwNet *net, CwNode input)
{
  return build_resnet (params, net, input, BASIC, (const int[]){ 2, 2, 2, 2 });
}

static CwNode
build_resnet34 (gconstpointer params, CwNet *net, CwNode input)
{
  return build_resnet (params, net, input, BASIC, (const int[]){ 3, 4, 6, 3 });
}

static CwNode
build_resnet50 (gconstpointer params, CwNet *net, CwNode input)
{
  return build_resnet (params, net, input, BOTTLENECK, (const int[]){ 3, 4, 6, 3 });
}

#define RESNET(id_, label_, description_, build_)                                                  \
  {                                                                                                \
    .base = { .abi = CW_ABI_VERSION,                                                               \
              .kind = CW_KIND_ENCODER,                                                             \
              .id = id_,                                                                           \
              .label = label_,                                                                     \
              .description = description_,                                                         \
              .params = resnet_specs,                                                              \
              .params_size = sizeof (ResNet) },                                                    \
    .build = build_,                                                                               \
  }

const CwEncoderClass _cw_encoder_resnet18
    = RESNET ("resnet18", N_ ("ResNet-18"),
              N_ ("Residual network of 18 layers, as in torchvision"), build_resnet18);
const CwEncoderClass _cw_encoder_resnet34
    = RESNET ("resnet34", N_ ("ResNet-34"),
              N_ ("Residual network of 34 layers, as in torchvision"), build_resnet34);
const CwEncoderClass _cw_encoder_resnet50
    = RESNET ("resnet50", N_ ("ResNet-50"),
              N_ ("Residual network of 50 layers in bottlenecks, as in torchvision"),
              build_resnet50);

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
  return add_stages (net, node, BASIC, p->width, (const int[]){ 1, 1, 1, 1 });
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

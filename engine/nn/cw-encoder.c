/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "config.h"

#include "nn/cw-encoder.h"

#include "nn/cw-resnet-private.h"

#include <glib/gi18n-lib.h>

const CwEncoderClass *const cw_builtin_encoders[] = {
  &_cw_encoder_small,
  &_cw_encoder_resnet18,
  &_cw_encoder_resnet34,
  &_cw_encoder_resnet50,
  NULL,
};

static const char *const predictors[] = { "mlp", "none", NULL };

const CwParamSpec cw_head_specs[] = {
  CW_PARAM_INT (CwHeadParams, projector_hidden, "projector-hidden", N_ ("Projector, hidden"), "", 8,
                16384, 512, N_ ("Width of the projector's hidden layer")),
  CW_PARAM_INT (CwHeadParams, projector_out, "projector-out", N_ ("Projector, output"), "", 2,
                16384, 128, N_ ("Dimensions in which views are compared")),
  CW_PARAM_ENUM (CwHeadParams, predictor, "predictor", N_ ("Predictor"), predictors,
                 CW_PREDICTOR_MLP,
                 N_ ("For objectives that have one: mlp, or none, without which they are known to "
                     "collapse")),
  CW_PARAM_INT (CwHeadParams, predictor_hidden, "predictor-hidden", N_ ("Predictor, hidden"), "", 8,
                16384, 512,
                N_ ("Width of the predictor's hidden layer, for objectives that have one")),
  CW_PARAM_END,
};

/* Linear - norm - ReLU - linear. The numbers are those of the modules of a torch.nn.Sequential, of
 * which the ReLU is the third. */
static CwNode
add_head (CwNet *net, CwNode in, const char *name, int hidden, int out)
{
  g_autofree char *linear1 = g_strconcat (name, ".0", NULL);
  g_autofree char *norm = g_strconcat (name, ".1", NULL);
  g_autofree char *linear2 = g_strconcat (name, ".3", NULL);
  CwNode node = cw_net_linear (net, in, linear1, hidden, TRUE);

  node = cw_net_norm (net, node, norm, CW_NO_NODE, TRUE);
  return cw_net_linear (net, node, linear2, out, TRUE);
}

CwNet *
cw_encoder_build (const CwEncoderClass *encoder, gconstpointer params, int size,
                  const CwHeadParams *heads, gboolean predictor)
{
  CwNet *net = cw_net_new ();
  CwNode node = encoder->build (params, net, cw_net_input (net, size, size, 3));

  /* The encoder comes first: its tensors have the same ordinals, and so the same initial weights,
   * with heads and without. */
  cw_net_mark (net, node, "features");
  if (heads == NULL)
    return net;
  node = add_head (net, node, "projector", heads->projector_hidden, heads->projector_out);
  cw_net_mark (net, node, "projection");
  if (predictor)
    {
      node = add_head (net, node, "predictor", heads->predictor_hidden, heads->projector_out);
      cw_net_mark (net, node, "prediction");
    }
  return net;
}

CwNet *
cw_encoder_build_classifier (const CwEncoderClass *encoder, gconstpointer params, int size,
                             int n_classes)
{
  CwNet *net = cw_encoder_build (encoder, params, size, NULL, FALSE);
  CwNode node = cw_net_linear (net, cw_net_find_mark (net, "features"), "classifier", n_classes,
                               TRUE);

  cw_net_mark (net, node, "logits");
  return net;
}

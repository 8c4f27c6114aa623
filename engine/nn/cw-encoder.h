/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"
#include "nn/cw-net.h"

G_BEGIN_DECLS

/**
 * CwEncoderClass:
 *
 * Builds an encoder into a net: input `[n, size, size, 3]`, output the pooled features `[n, d]`.
 * Parameter names are torchvision's, without prefix.
 */
typedef struct
{
  CwDescriptor base;
  CwNode (*build) (gconstpointer params, CwNet *net, CwNode input);
} CwEncoderClass;

/* NULL-terminated: small (for two cores), resnet18, resnet34, resnet50. */
extern const CwEncoderClass *const cw_builtin_encoders[];

typedef enum
{
  CW_PREDICTOR_MLP,
  CW_PREDICTOR_NONE, /* the prediction is the projection */
} CwPredictor;

/* Projector and predictor, MLPs Linear-BN-ReLU-Linear: [heads] of an experiment. */
typedef struct
{
  int projector_hidden, projector_out;
  int predictor_hidden;
  int predictor; /* CwPredictor, where the objective needs one */
} CwHeadParams;

extern const CwParamSpec cw_head_specs[];

/* Encoder ("features"), projector ("projection", names "projector.0.weight" ...) and, where asked,
 * predictor ("prediction", "predictor.0.weight" ...), for views of @size. @heads: (nullable): none. */
CwNet *cw_encoder_build (const CwEncoderClass *encoder, gconstpointer params, int size,
                         const CwHeadParams *heads, gboolean predictor);
/* Encoder ("features") and a linear classifier on them ("logits", names "classifier.weight" and
 * "classifier.bias") of @n_classes. */
CwNet *cw_encoder_build_classifier (const CwEncoderClass *encoder, gconstpointer params, int size,
                                    int n_classes);

G_END_DECLS

/* Who knows encoders knows models. */
#include "nn/cw-model.h"

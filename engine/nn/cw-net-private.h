/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

/* The graph as cw-plan.c and cw-weights.c read it. */

typedef enum
{
  CW_LAYER_INPUT,
  CW_LAYER_CONV, /* linear layers too: 1x1 on a 1x1 picture of h * w * c channels */
  CW_LAYER_NORM,
  CW_LAYER_RELU,
  CW_LAYER_MAX_POOL,
  CW_LAYER_AVG_POOL,
} CwLayerType;

typedef struct
{
  CwLayerType type;
  char *name;        /* "layer1.0.conv1", "max pool" */
  CwNode in;         /* CW_NO_NODE for the input */
  CwNode residual;   /* norm: or CW_NO_NODE */
  gboolean relu;     /* norm */
  int h, w, c;       /* of the output */
  CwConvShape shape; /* conv, max pool; n = 0 */
  int weight, bias;  /* ordinals of parameters; -1 = none */
  int mean, var;     /* norm: ordinals of buffers */
} CwLayer;

const CwLayer *_cw_net_get_layers (const CwNet *net, int *n_layers);
/* Inputs of the unit whose parameter this is; for the initial weights. */
int            _cw_net_get_fan_in (const CwNet *net, guint param);

#define CW_NORM_EPS 1e-5f
#define CW_NORM_MOMENTUM 0.1f

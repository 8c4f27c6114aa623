/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

G_BEGIN_DECLS

/* The target network's weights: an exponential moving average of the online ones that it has by
 * name (all but the predictor's). Running statistics are its own. */
typedef struct _CwEma CwEma;

/* NULL where @target has a parameter that @online lacks. */
CwEma *_cw_ema_new (const CwNet *online, const CwNet *target);
void   _cw_ema_free (CwEma *ema);
/* target = momentum * target + (1 - momentum) * online; 0 copies. */
void   _cw_ema_update (const CwEma *ema, float momentum, const CwWeights *online,
                       CwWeights *target);

G_END_DECLS

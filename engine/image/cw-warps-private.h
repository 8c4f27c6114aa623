/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-warp.h"

/* The built-in warps, one file each. */
extern const CwWarpClass _cw_warp_local_translation;
extern const CwWarpClass _cw_warp_muscle;

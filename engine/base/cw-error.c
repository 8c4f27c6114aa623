/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-error.h"

G_DEFINE_QUARK (cw-error-quark, cw_error)

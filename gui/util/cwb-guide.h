/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): the first page of the user guide, HTML. */
char *cwb_guide_dup_page (void);

G_END_DECLS

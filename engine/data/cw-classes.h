/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/**
 * CwClasses:
 *
 * The classes of a layout that names them as it likes: seen one by one, then put in an order that does
 * not depend on the one they came in. Names of emotions (happy, Happiness) become the canonical ones
 * and come first, in the canonical order; then numbers by value, then other words in byte order.
 */
typedef struct _CwClasses CwClasses;

CwClasses *_cw_classes_new (void);
void       _cw_classes_free (CwClasses *classes);
/* "" is no class. */
void       _cw_classes_see (CwClasses *classes, const char *name);
/* Once, after the last was seen and before the first is looked up. */
void       _cw_classes_add_labels (CwClasses *classes, CwDataset *dataset);
/* The label index, -1 for "" and for what was never seen. */
int        _cw_classes_find (CwClasses *classes, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwClasses, _cw_classes_free)

G_END_DECLS

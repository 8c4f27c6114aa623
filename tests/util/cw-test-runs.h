/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

/* Makes a run folder, in which nothing was trained; @sets: NULL-terminated "KEY=VALUE". */
void cw_test_make_run (const char *folder, const char *const *sets);
/* Records @n steps whose loss falls from @loss to 0 in a line, up and down by 0.1; there is nothing else of them. */
void cw_test_add_steps (const char *folder, guint n, double loss);
void cw_test_keep_evaluation (const char *folder, guint64 step, const char *json);
/* Keeps an evaluation on 40 pictures of /faces, with this accuracy of the linear probe; @more (", \"p_at_1\": 0.5") are
 * further members beside it, of which "n" is a count and "odd" has an unknown unit. */
void cw_test_keep_accuracy (const char *folder, guint64 step, double accuracy, const char *more);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * CwbScoreText:
 *
 * A score that says the most of its protocol, and what it means.
 */
typedef struct
{
  const char *protocol, *id;
  gboolean persons;  /* says nothing where no person is known */
  gboolean less;     /* less is better: nothing to praise in much of it */
} CwbScoreText;

/* (nullable) */
const CwbScoreText *cwb_score_text_find (const char *protocol, const char *id);

/* (transfer full): all in the user's locale. "51.2 %", "0.612"; "–" for NaN. */
char *cwb_score_text_dup_value (double value, CwScoreUnit unit);
/* (transfer full): "51.2 % [49.4–53.0]" */
char *cwb_score_text_dup_score (const CwScore *score);
/* (transfer full): "55.4 ± 0.4 %", mean and standard deviation over seeds; "55.4 % (1)" where of @expected
 * seeds only one has it */
char *cwb_score_text_dup_spread (const CwComparedSpread *spread, CwScoreUnit unit, guint expected);
/* (transfer full): "+2.1 [+0.6 … +3.6]"; the same with @expected */
char *cwb_score_text_dup_difference (const CwComparedSpread *spread, CwScoreUnit unit, guint expected);
/* (transfer full): "A: simclr-warp", what a condition is called, its name cut where it has more than @most
 * characters */
char *cwb_score_text_dup_condition (const CwComparison *comparison, guint condition, int most);

G_END_DECLS

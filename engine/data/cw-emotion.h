/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/* The canonical classes, in the order that every reader of emotions uses. */
typedef enum
{
  CW_EMOTION_NEUTRAL,
  CW_EMOTION_HAPPINESS,
  CW_EMOTION_SADNESS,
  CW_EMOTION_SURPRISE,
  CW_EMOTION_FEAR,
  CW_EMOTION_DISGUST,
  CW_EMOTION_ANGER,
  CW_EMOTION_CONTEMPT,
  CW_N_EMOTIONS,
} CwEmotion;

const char *cw_emotion_name (CwEmotion emotion);
/* -1 where @text (any case: "happy", "Happiness") names none of them. */
int         cw_emotion_parse (const char *text);
/* The first @n classes as the dataset's labels, so that label index = CwEmotion. */
void        cw_emotion_add_labels (CwDataset *dataset, int n);

G_END_DECLS

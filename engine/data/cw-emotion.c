/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-emotion.h"

static const struct
{
  const char *word;
  CwEmotion emotion;
} words[] = {
  { "neutral", CW_EMOTION_NEUTRAL },     { "happiness", CW_EMOTION_HAPPINESS },
  { "happy", CW_EMOTION_HAPPINESS },     { "joy", CW_EMOTION_HAPPINESS },
  { "sadness", CW_EMOTION_SADNESS },     { "sad", CW_EMOTION_SADNESS },
  { "surprise", CW_EMOTION_SURPRISE },   { "surprised", CW_EMOTION_SURPRISE },
  { "fear", CW_EMOTION_FEAR },           { "fearful", CW_EMOTION_FEAR },
  { "afraid", CW_EMOTION_FEAR },         { "disgust", CW_EMOTION_DISGUST },
  { "disgusted", CW_EMOTION_DISGUST },   { "anger", CW_EMOTION_ANGER },
  { "angry", CW_EMOTION_ANGER },         { "contempt", CW_EMOTION_CONTEMPT },
  { "contemptuous", CW_EMOTION_CONTEMPT },
};

static const char *const names[CW_N_EMOTIONS]
    = { "neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt" };

const char *
cw_emotion_name (CwEmotion emotion)
{
  g_return_val_if_fail (emotion < CW_N_EMOTIONS, NULL);

  return names[emotion];
}

int
cw_emotion_parse (const char *text)
{
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_ascii_strcasecmp (text, words[i].word) == 0)
        return (int) words[i].emotion;
    }
  return -1;
}

void
cw_emotion_add_labels (CwDataset *dataset, int n)
{
  for (int i = 0; i < n; i++)
    cw_dataset_add_label (dataset, names[i]);
}

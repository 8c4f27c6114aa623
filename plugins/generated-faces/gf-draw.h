/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-canvas.h"
#include "gf-relief.h"

/* The features, one file each, in the order in which they are drawn. "Sculpt" shapes the relief of
 * the skin, "tint" colours it before light falls on it, "draw" is what lies over the lit skin. */

/* gf-draw-hair.c */
void gf_draw_hair_back (const GfCanvas *canvas);
void gf_draw_hair_front (const GfCanvas *canvas);

/* gf-draw-body.c */
void gf_draw_body (const GfCanvas *canvas);
void gf_draw_ears (const GfCanvas *canvas);

/* gf-draw-skin.c */
void gf_head_path (const GfCanvas *canvas, GfPath *path);
void gf_sculpt_skin (const GfCanvas *canvas, GfRelief *relief);
void gf_tint_skin (const GfCanvas *canvas);

/* gf-draw-lines.c: folds and wrinkles, of age and of expression */
void gf_sculpt_lines (const GfCanvas *canvas, GfRelief *relief);
void gf_draw_lines (const GfCanvas *canvas);

/* gf-draw-nose.c */
void gf_sculpt_nose (const GfCanvas *canvas, GfRelief *relief);
void gf_tint_nose (const GfCanvas *canvas);
void gf_draw_nose (const GfCanvas *canvas);

/* gf-draw-eyes.c */
void gf_sculpt_eyes (const GfCanvas *canvas, GfRelief *relief);
void gf_tint_eyes (const GfCanvas *canvas);
void gf_draw_eyes (const GfCanvas *canvas);

/* gf-draw-brows.c */
void gf_draw_brows (const GfCanvas *canvas);

/* gf-draw-mouth.c */
void gf_sculpt_mouth (const GfCanvas *canvas, GfRelief *relief);
void gf_tint_mouth (const GfCanvas *canvas);
void gf_draw_mouth (const GfCanvas *canvas);

/* gf-draw-beard.c */
void gf_tint_beard (const GfCanvas *canvas);
void gf_draw_beard (const GfCanvas *canvas);

/* gf-draw-glasses.c */
void gf_draw_glasses (const GfCanvas *canvas);

/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-canvas.h"

/**
 * GfRelief:
 *
 * The slope of the skin at every pixel: the head's dome and bumps, ridges and valleys upon it.
 * Light falls on it and shades what has been drawn of the skin. Heights and widths are in pixels.
 */
typedef struct
{
  int size;
  float *slope; /* [size, size, 2]: dz/dx, dz/dy; z towards the viewer */
} GfRelief;

GfRelief *gf_relief_new (int size);
void      gf_relief_free (GfRelief *relief);
/* An ellipsoid of half axes @rx, @ry and @depth, turned by @angle. */
void      gf_relief_dome (GfRelief *relief, GfPoint centre, double rx, double ry, double depth,
                          double angle);
/* A soft bump (or a dent, @height < 0) that ends at its half axes. */
void      gf_relief_bump (GfRelief *relief, GfPoint centre, double rx, double ry, double angle,
                          double height);
/* A soft ridge (or valley) along the path; width and height change linearly from start to end. */
void      gf_relief_ridge (GfRelief *relief, const GfPath *path, double width0, double width1,
                           double height0, double height1);
/* Shades the premultiplied pixels of an ARGB32 surface of the same size. @shine: gloss, 0..1. */
void      gf_relief_light (const GfRelief *relief, cairo_surface_t *surface, const GfLight *light,
                           double shine);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GfRelief, gf_relief_free)

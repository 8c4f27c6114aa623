/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-action-units.h"
#include "gf-camera.h"
#include "gf-person.h"

/* Arrays of sides: GF_LEFT, GF_RIGHT of the picture. GF_SIGN gives the sign of x. */
#define GF_SIGN(side) ((side) == GF_LEFT ? -1.0 : 1.0)

#define GF_N_SPINE 5
#define GF_N_OUTLINE 18

typedef struct
{
  GfPoint centre;
  GfPoint inner, outer;
  double up, down; /* height of the opening above and below the line between the corners */
  double crease;   /* gap between upper lid and its crease */
  double closed;   /* AU 43 */
} GfEye;

typedef struct
{
  GfPoint spine[GF_N_SPINE]; /* from inner to outer end */
  double thickness;
} GfBrow;

typedef struct
{
  double bridge_y, tip_y, base_y;
  double bridge_half, tip_half;
  GfPoint wing[2];
} GfNose;

typedef struct
{
  GfPoint corner[2];
  double middle_x;
  double upper_outer, upper_inner, lower_inner, lower_outer; /* y at the middle */
  double peak_x, bow;       /* of the cupid's bow: half distance of the peaks, depth */
  double squareness;        /* 0 = pointed opening, 1 = boxy */
  double gap;               /* height of the opening at the middle; 0 = closed */
  double tension;           /* AU 23 */
} GfMouth;

/**
 * GfFace:
 *
 * Where everything is on one person's face while the given units are active: in the face's space,
 * before the head is turned. Drawing and landmarks both read it.
 */
typedef struct
{
  const GfPerson *person;
  GfActivity activity;
  double width;      /* 1 = average */
  double top, chin;  /* y */
  double jaw_drop;
  GfPoint3 outline[GF_N_OUTLINE]; /* clockwise from the top */
  GfEye eye[2];
  GfBrow brow[2];
  GfNose nose;
  GfMouth mouth;
  GfPoint cheek[2];
  double cheek_lift[2]; /* 0..1 */
} GfFace;

void    gf_face_shape (GfFace *face, const GfPerson *person, const GfActivity *activity);
/* How far towards the viewer the head's surface is at (x, y), features aside. */
double  gf_face_depth (const GfFace *face, double x, double y);
/* The true landmarks in pixels of @camera; CW_N_LANDMARKS in the template's order. */
void    gf_face_landmarks (const GfFace *face, const GfCamera *camera, CwPoint *points);
/* A point of the surface, @lift above it, in pixels. */
GfPoint gf_face_project (const GfFace *face, const GfCamera *camera, double x, double y,
                         double lift);

/*
 * An image function: makes a picture smaller, and grey if that is wanted.
 *
 *   clang --target=wasm32-wasi -O2 -o image.wasm image.c
 *   sampan fn deploy image image.wasm
 *   curl --data-binary @photo.ppm 'http://127.0.0.1:8080/fn/image?scale=4&grey=1' > small.pgm
 *
 * The body is a picture in the format PPM (P6, 8 bits a colour), which every tool for pictures can
 * write. With scale=N a pixel of the answer is the mean of N by N pixels.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIDE 8192
#define MAX_SCALE 64

static int refuse(const char *why) {
  printf("Status: 400 Bad Request\nContent-Type: text/plain\n\n%s\n", why);
  return 0;
}

/* The value of a number in the query, or what is to hold without it; -1 if it is none. */
static long parameter(const char *query, const char *name, long otherwise) {
  size_t length = strlen(name);
  for (const char *at = query; at; at = strchr(at, '&') ? strchr(at, '&') + 1 : NULL) {
    if (!strncmp(at, name, length) && at[length] == '=') {
      char *end;
      long value = strtol(at + length + 1, &end, 10);
      return end == at + length + 1 || (*end && *end != '&') ? -1 : value;
    }
  }
  return otherwise;
}

/* A number of the header, with the space and the comments in front of it; -1 if there is none. */
static long header_number(void) {
  int c = getchar();
  while (isspace(c) || c == '#') {
    if (c == '#') {
      while (c != '\n' && c != EOF) c = getchar();
    } else {
      c = getchar();
    }
  }
  if (!isdigit(c)) return -1;
  long value = 0;
  for (; isdigit(c) && value <= 1000000; c = getchar()) value = 10 * value + (c - '0');
  /* exactly one space follows the last number, so it may be taken here */
  return isspace(c) ? value : -1;
}

int main(void) {
  const char *query = getenv("QUERY_STRING");
  long scale = parameter(query ? query : "", "scale", 1);
  long grey = parameter(query ? query : "", "grey", 0);
  if (scale < 1 || scale > MAX_SCALE) return refuse("expected scale to be from 1 to 64");
  if (grey < 0 || grey > 1) return refuse("expected grey to be 0 or 1");
  if (getchar() != 'P' || getchar() != '6') return refuse("expected a picture in the format P6");
  long width = header_number(), height = header_number(), most = header_number();
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    return refuse("expected a width and a height from 1 to 8192");
  if (most != 255) return refuse("expected colours from 0 to 255");

  long out_width = (width + scale - 1) / scale, out_height = (height + scale - 1) / scale;
  uint8_t *row = malloc(3 * width);
  uint32_t *sums = malloc(3 * out_width * sizeof *sums);
  uint8_t *out = malloc(3 * out_width * out_height);
  if (!row || !sums || !out) return refuse("the picture is too large");
  long channels = grey ? 1 : 3;
  uint8_t *next = out;
  for (long y = 0; y < out_height; y++) {
    long rows = y < out_height - 1 ? scale : height - y * scale;
    memset(sums, 0, 3 * out_width * sizeof *sums);
    for (long i = 0; i < rows; i++) {
      if (fread(row, 3, width, stdin) != (size_t)width) return refuse("the picture is cut off");
      for (long x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) sums[3 * (x / scale) + c] += row[3 * x + c];
      }
    }
    for (long x = 0; x < out_width; x++) {
      uint32_t count = rows * (x < out_width - 1 ? scale : width - x * scale);
      uint32_t colour[3];
      for (int c = 0; c < 3; c++) colour[c] = (sums[3 * x + c] + count / 2) / count;
      if (grey) {
        *next++ = (299 * colour[0] + 587 * colour[1] + 114 * colour[2] + 500) / 1000;
      } else {
        for (int c = 0; c < 3; c++) *next++ = colour[c];
      }
    }
  }
  printf("Content-Type: image/x-portable-%smap\n\n", grey ? "gray" : "pix");
  printf("P%d\n%ld %ld\n255\n", grey ? 5 : 6, out_width, out_height);
  fwrite(out, channels, out_width * out_height, stdout);
  return 0;
}

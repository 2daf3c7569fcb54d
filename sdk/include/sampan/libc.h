/*
 * What the library needs of C's own: with wasi-libc from there, without a C library from the host,
 * which has these functions built in.
 */
#ifndef SAMPAN_LIBC_H
#define SAMPAN_LIBC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __wasi__

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#else

#ifdef __cplusplus
extern "C" {
#endif

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *block, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strchr(const char *text, int wanted);
char *strstr(const char *text, const char *wanted);

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int snprintf(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int puts(const char *text);

#ifdef __cplusplus
}
#endif

#endif
#endif

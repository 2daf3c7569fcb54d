/* What a guest without WASI finds in its host: the functions of module "env". */
#ifndef BUILTIN_H
#define BUILTIN_H

#include <stdarg.h>
#include <stddef.h>

typedef int clockid_t;

struct timespec {
  long long tv_sec;
  long tv_nsec;
};

int printf(const char *format, ...);
int vprintf(const char *format, va_list arguments);
int sprintf(char *target, const char *format, ...);
int vsprintf(char *target, const char *format, va_list arguments);
int snprintf(char *target, size_t size, const char *format, ...);
int vsnprintf(char *target, size_t size, const char *format, va_list arguments);
int puts(const char *text);
int putchar(int character);

int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *target, const void *source, size_t size);
void *memmove(void *target, const void *source, size_t size);
void *memset(void *target, int value, size_t size);
void *memchr(const void *range, int value, size_t size);

size_t strlen(const char *text);
char *strchr(const char *text, int character);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
int strncasecmp(const char *a, const char *b, size_t size);
char *strstr(const char *text, const char *wanted);
size_t strspn(const char *text, const char *set);
size_t strcspn(const char *text, const char *set);
char *strcpy(char *target, const char *source);
char *strncpy(char *target, const char *source, size_t size);
char *strdup(const char *text);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *piece, size_t size);
void free(void *piece);

int atoi(const char *text);
long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base);

int isupper(int c);
int isalpha(int c);
int isspace(int c);
int isgraph(int c);
int isprint(int c);
int isdigit(int c);
int isxdigit(int c);
int isalnum(int c);
int tolower(int c);
int toupper(int c);

_Noreturn void exit(int status);
_Noreturn void abort(void);

int clock_gettime(clockid_t clock, struct timespec *time);
long long clock(void);

#endif

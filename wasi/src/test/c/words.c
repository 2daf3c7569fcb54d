/* Counts the words of its arguments, with much of the library on the way. */
#include "builtin.h"

struct word {
  char *text;
  int count;
  struct word *next;
};

static struct word *add(struct word *words, const char *start, size_t length) {
  char *text = malloc(length + 1);
  strncpy(text, start, length);
  text[length] = 0;
  for (char *c = text; *c; c++) *c = (char)tolower(*c);
  for (struct word *word = words; word; word = word->next) {
    if (strcmp(word->text, text) == 0) {
      word->count++;
      free(text);
      return words;
    }
  }
  struct word *word = calloc(1, sizeof *word);
  word->text = text;
  word->count = 1;
  word->next = words;
  return word;
}

static void report(const char *format, ...) {
  char line[64];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  printf("%3d: %s\n", length, line);
}

int main(int argc, char **argv) {
  struct word *words = 0;
  for (int i = 1; i < argc; i++) {
    for (const char *at = argv[i]; *at;) {
      size_t length = strcspn(at, " ,.");
      if (length) words = add(words, at, length);
      at += length;
      at += strspn(at, " ,.");
    }
  }
  if (argv[argc]) abort();
  for (struct word *word = words; word; word = word->next) {
    report("%-8s %d %.2f %lld", word->text, word->count, 100.0 / word->count, 1LL << 40);
  }
  if (argc > 1 && strcmp(argv[1], "abort") == 0) abort();
  if (argc > 1 && strcmp(argv[1], "exit") == 0) exit(5);
  return argc;
}

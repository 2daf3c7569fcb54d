// Walks through the file operations in the folder given (the current one by default) and prints
// what it sees. Cleans up behind itself, so it can run twice.
//
//   files [FOLDER]            every operation once
//   files FOLDER read PATH    prints FOLDER/PATH, or the error: for tests of what must not be reached

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder = ".";

// Two buffers in turn, so that both names of a rename can be built in one call.
static const char *in_folder(const char *name) {
    static char paths[2][512];
    static int turn;
    char *path = paths[turn ^= 1];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

// Error numbers differ between systems, names do not.
static const char *error_name(void) {
    switch (errno) {
        case ENOENT: return "ENOENT";
        case EEXIST: return "EEXIST";
        case ENOTEMPTY: return "ENOTEMPTY";
        case ENOTDIR: return "ENOTDIR";
        case EISDIR: return "EISDIR";
        case EBADF: return "EBADF";
        case EINVAL: return "EINVAL";
        case EPERM: return "EPERM";
        case EACCES: return "EACCES";
        case EROFS: return "EROFS";
        case ELOOP: return "ELOOP";
        case EXDEV: return "EXDEV";
        default: return strerror(errno);
    }
}

static int failures;

static long must(const char *what, long result) {
    if (result < 0) {
        printf("%s: FAILED with %s\n", what, error_name());
        failures++;
    }
    return result;
}

static void fails(const char *what, long result) {
    if (result < 0) {
        printf("%s: %s\n", what, error_name());
    } else {
        printf("%s: SUCCEEDED, should fail\n", what);
        failures++;
    }
}

static void show_content(const char *name) {
    char buffer[256];
    int fd = (int)must("open to show", open(in_folder(name), O_RDONLY));
    if (fd < 0) {
        return;
    }
    long n = must("read", read(fd, buffer, sizeof buffer));
    printf("%s: %ld bytes: ", name, n);
    for (long i = 0; i < n; i++) {
        if (buffer[i] >= ' ' && buffer[i] <= '~') {
            putchar(buffer[i]);
        } else {
            printf("<%02x>", (unsigned char)buffer[i]);
        }
    }
    putchar('\n');
    close(fd);
}

static void show_stat(const char *name) {
    struct stat s;
    if (must("stat", stat(in_folder(name), &s)) == 0) {
        printf("%s: %s", name, S_ISDIR(s.st_mode) ? "folder" : S_ISREG(s.st_mode) ? "file" : "other");
        if (S_ISREG(s.st_mode)) {
            printf(", %lld bytes", (long long)s.st_size);
        }
        printf(", %s\n", s.st_mtime > 1500000000 ? "dated" : "no date");
    }
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// The order of a folder is the system's own, so it is sorted.
static void show_folder(const char *name) {
    char *names[64];
    int n = 0;
    DIR *d = opendir(in_folder(name));
    if (!d) {
        must("opendir", -1);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) && n < 64;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            names[n++] = strdup(e->d_name);
        }
    }
    closedir(d);
    qsort(names, (size_t)n, sizeof *names, by_name);
    printf("%s holds %d:", name, n);
    for (int i = 0; i < n; i++) {
        printf(" %s", names[i]);
        free(names[i]);
    }
    putchar('\n');
}

static void write_text(int fd, const char *text) {
    must("write", write(fd, text, strlen(text)));
}

static int print_file(const char *path) {
    int fd = open(in_folder(path), O_RDONLY);
    if (fd < 0) {
        printf("%s: %s\n", path, error_name());
        return 3;
    }
    char buffer[4096];
    for (long n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
        fwrite(buffer, 1, (size_t)n, stdout);
    }
    close(fd);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1) {
        folder = argv[1];
    }
    if (argc == 4 && strcmp(argv[2], "read") == 0) {
        return print_file(argv[3]);
    }

    must("mkdir", mkdir(in_folder("box"), 0777));
    fails("mkdir again", mkdir(in_folder("box"), 0777));
    must("mkdir inner", mkdir(in_folder("box/inner"), 0777));
    show_stat("box");

    int fd = (int)must("create", open(in_folder("box/a.txt"), O_CREAT | O_EXCL | O_RDWR, 0666));
    fails("create again", open(in_folder("box/a.txt"), O_CREAT | O_EXCL | O_RDWR, 0666));
    write_text(fd, "0123456789");
    printf("at %ld\n", must("tell", lseek(fd, 0, SEEK_CUR)));
    printf("at %ld\n", must("seek", lseek(fd, -6, SEEK_END)));
    write_text(fd, "XY");
    printf("at %ld\n", must("seek", lseek(fd, 3, SEEK_SET)));
    char two[3] = {0};
    must("read", read(fd, two, 2));
    printf("read %s, at %ld\n", two, must("tell", lseek(fd, 0, SEEK_CUR)));
    must("pread", pread(fd, two, 2, 8));
    printf("pread %s, at %ld\n", two, must("tell", lseek(fd, 0, SEEK_CUR)));
    must("pwrite", pwrite(fd, "AB", 2, 0));
    fails("seek before the start", lseek(fd, -1, SEEK_SET));
    must("close", close(fd));
    fails("write after close", write(fd, "x", 1));
    show_content("box/a.txt");

    fd = (int)must("append", open(in_folder("box/a.txt"), O_WRONLY | O_APPEND));
    write_text(fd, "+end");
    fails("read from write-only", read(fd, two, 1));
    must("close", close(fd));
    show_content("box/a.txt");
    show_stat("box/a.txt");

    fd = (int)must("open", open(in_folder("box/a.txt"), O_RDWR));
    must("ftruncate", ftruncate(fd, 4));
    must("fsync", fsync(fd));
    show_stat("box/a.txt");
    must("ftruncate longer", ftruncate(fd, 6));
    must("seek", lseek(fd, 8, SEEK_SET));
    write_text(fd, "!");
    must("close", close(fd));
    show_content("box/a.txt");

    fd = (int)must("open", open(in_folder("box/a.txt"), O_WRONLY | O_TRUNC));
    must("close", close(fd));
    show_stat("box/a.txt");

    must("rename", rename(in_folder("box/a.txt"), in_folder("box/inner/b.txt")));
    fails("open old name", open(in_folder("box/a.txt"), O_RDONLY));
    show_folder("box");
    show_folder("box/inner");

    for (int i = 0; i < 40; i++) {
        char name[32];
        snprintf(name, sizeof name, "box/many-%02d", i);
        fd = (int)must("create", open(in_folder(name), O_CREAT | O_WRONLY, 0666));
        close(fd);
    }
    show_folder("box");
    for (int i = 0; i < 40; i++) {
        char name[32];
        snprintf(name, sizeof name, "box/many-%02d", i);
        must("unlink", unlink(in_folder(name)));
    }

    must("symlink", symlink("inner/b.txt", in_folder("box/link")));
    char target[64] = {0};
    must("readlink", readlink(in_folder("box/link"), target, sizeof target - 1));
    printf("link leads to %s\n", target);
    struct stat s;
    must("lstat", lstat(in_folder("box/link"), &s));
    printf("link is %s\n", S_ISLNK(s.st_mode) ? "a link" : "no link");
    show_stat("box/link");
    must("hard link", link(in_folder("box/inner/b.txt"), in_folder("box/same")));
    must("stat", stat(in_folder("box/same"), &s));
    printf("same has %d names\n", (int)s.st_nlink);

    fails("remove full folder", rmdir(in_folder("box")));
    fails("list a file", open(in_folder("box/inner/b.txt"), O_RDONLY | O_DIRECTORY));
    fails("write to a folder", open(in_folder("box/inner"), O_WRONLY));
    fails("file as folder", open(in_folder("box/same/x"), O_RDONLY));
    must("unlink", unlink(in_folder("box/link")));
    must("unlink", unlink(in_folder("box/same")));
    must("unlink", unlink(in_folder("box/inner/b.txt")));
    fails("unlink again", unlink(in_folder("box/inner/b.txt")));
    must("rmdir", rmdir(in_folder("box/inner")));
    must("rmdir", rmdir(in_folder("box")));
    fails("stat gone", stat(in_folder("box"), &s));

    FILE *f = fopen(in_folder("lines.txt"), "w+");
    if (!f) {
        must("fopen", -1);
    } else {
        for (int i = 1; i <= 3; i++) {
            fprintf(f, "line %d\n", i);
        }
        rewind(f);
        char text[32];
        int n = 0;
        while (fgets(text, sizeof text, f)) {
            n++;
        }
        printf("%d lines, eof %d\n", n, feof(f) != 0);
        fclose(f);
        must("remove", remove(in_folder("lines.txt")));
    }
    printf(failures ? "%d FAILURES\n" : "all well\n", failures);
    return failures != 0;
}

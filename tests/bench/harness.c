/*
 * Do what the lines of standard input say: KEY WORK FEW MANY FILE.
 *
 *     PROGRAM check    try it, in a process of its own
 *     PROGRAM count    under callgrind: dump the counts of FEW and of MANY rounds
 *     PROGRAM time     print the nanoseconds of one repetition
 *
 * A file has JSON texts, each after a line with its length. A round is one run on each.
 */
#define _POSIX_C_SOURCE 200809L

#include "fields.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#define TEXTS_MAX 256
/** A measurement takes at least so long, so that the clock's own cost does not matter. */
#define TIMED_NS 400000

static struct bench_text texts[TEXTS_MAX];
static size_t text_count;

struct task {
    char key[128];
    char work[128];
    long few;
    long many;
    char file[512];
};

/* ---- Texts ---- */

static void free_texts(void)
{
    while (text_count > 0)
        free((char *)texts[--text_count].ptr);
}

static void load_texts(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t len;

    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    while (text_count < TEXTS_MAX && fscanf(file, "%zu", &len) == 1 && fgetc(file) == '\n') {
        char *text = len <= BENCH_TEXT_MAX ? calloc(1, len + BENCH_PADDING) : NULL;

        if (!text || fread(text, 1, len, file) != len)
            exit(EXIT_FAILURE);
        texts[text_count++] = (struct bench_text){text, len};
    }
    fclose(file);
}

/* ---- Working ---- */

static const struct bench_work *find_work(const char *name)
{
    for (const struct bench_work *work = bench_works; work->name; work++) {
        if (strcmp(work->name, name) == 0)
            return work;
    }
    return NULL;
}

static bool prepare(const struct bench_work *work)
{
    return text_count > 0 && (!work->prepare || work->prepare(texts[0]));
}

static bool run(const struct bench_work *work, long rounds)
{
    bool fits = true;

    for (; rounds > 0; rounds--) {
        for (size_t i = 0; i < text_count; i++)
            fits &= work->run(texts[i]);
    }
    return fits;
}

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* ---- Modes ---- */

/* A peer may crash on a payload that it was not made for. */
static void check(const struct bench_work *work, const struct task *task)
{
    int status = 0;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        const bool fits = prepare(work) && run(work, 1);

        if (fits)
            fields_tell(task->key, task->work);
        fflush(stdout);
        _exit(fits ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(EXIT_FAILURE);
    if (WIFEXITED(status))
        printf("%s %s\n", task->key, WEXITSTATUS(status) == EXIT_SUCCESS ? "ok" : "refused");
    else
        printf("%s crashed\n", task->key);
}

static void count(const struct bench_work *work, const struct task *task)
{
    char few[160];
    char many[160];

    snprintf(few, sizeof few, "%s few", task->key);
    snprintf(many, sizeof many, "%s many", task->key);
    if (!prepare(work) || !run(work, 1))
        exit(EXIT_FAILURE);
    CALLGRIND_DUMP_STATS; /* To set counts to zero leaves some of what was done before. */
    run(work, task->few);
    CALLGRIND_DUMP_STATS_AT(few);
    run(work, task->many);
    CALLGRIND_DUMP_STATS_AT(many);
}

static void measure(const struct bench_work *work, const struct task *task)
{
    uint64_t rounds = 0;
    uint64_t began;
    uint64_t taken;

    if (!prepare(work) || !run(work, 1))
        exit(EXIT_FAILURE);
    began = now_ns();
    for (long batch = 1;; batch *= 2) {
        run(work, batch);
        rounds += (uint64_t)batch;
        taken = now_ns() - began;
        if (taken >= TIMED_NS)
            break;
    }
    printf("%s %.3f\n", task->key, (double)taken / (double)(rounds * text_count));
}

int main(int argc, char **argv)
{
    static char line[1024];
    void (*mode)(const struct bench_work *work, const struct task *task) = NULL;
    struct task task;

    if (argc == 2 && strcmp(argv[1], "check") == 0)
        mode = check;
    else if (argc == 2 && strcmp(argv[1], "count") == 0)
        mode = count;
    else if (argc == 2 && strcmp(argv[1], "time") == 0)
        mode = measure;
    if (!mode)
        return EXIT_FAILURE;
    while (fgets(line, sizeof line, stdin)) {
        const struct bench_work *work;

        if (sscanf(
                line, "%127s %127s %ld %ld %511[^\n]", task.key, task.work, &task.few, &task.many,
                task.file) != 5)
            return EXIT_FAILURE;
        work = find_work(task.work);
        if (!work) {
            printf("%s unknown\n", task.key);
            continue;
        }
        load_texts(task.file);
        mode(work, &task);
        free_texts();
    }
    return EXIT_SUCCESS;
}

/*
 * The toy in a thread of its own. The main thread reads lines and hands them over, since only the
 * thread of the loop may send. Usage: loop_thread PORT SERIAL
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toy.h"

#define LINE_BYTES 200

static struct mqb_mosquitto *mosquitto;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t taken = PTHREAD_COND_INITIALIZER;
static char line[LINE_BYTES]; /* Empty once it is taken. */
static bool has_ended;

/* In the thread of the loop, after mqb_mosquitto_wake(). */
static void on_wake(void *user)
{
    char text[LINE_BYTES];

    (void)user;
    pthread_mutex_lock(&mutex);
    memcpy(text, line, sizeof text);
    line[0] = '\0';
    pthread_cond_signal(&taken);
    pthread_mutex_unlock(&mutex);
    if (text[0] != '\0')
        toy_say(text);
}

static void *run(void *unused)
{
    mqb_mosquitto_run(mosquitto);
    pthread_mutex_lock(&mutex);
    has_ended = true;
    pthread_cond_signal(&taken);
    pthread_mutex_unlock(&mutex);
    return unused;
}

/* False if the loop has ended. */
static bool hand_over(const char *text)
{
    pthread_mutex_lock(&mutex);
    while (line[0] != '\0' && !has_ended)
        pthread_cond_wait(&taken, &mutex);
    const bool is_over = has_ended;
    snprintf(line, sizeof line, "%s", text);
    pthread_mutex_unlock(&mutex);
    mqb_mosquitto_wake(mosquitto);
    return !is_over;
}

static void on_signal(int number)
{
    (void)number;
    mqb_mosquitto_stop(mosquitto);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    char text[LINE_BYTES];

    if (argc != 3)
        return EXIT_FAILURE;
    mosquitto = toy_open(argv[1], argv[2], on_wake);
    signal(SIGTERM, on_signal);
    if (pthread_create(&thread, NULL, run, NULL) != 0)
        return EXIT_FAILURE;
    bool is_open = true;
    while (is_open && fgets(text, sizeof text, stdin)) {
        text[strcspn(text, "\n")] = '\0';
        is_open = hand_over(text);
    }
    pthread_join(thread, NULL);
    mqb_mosquitto_close(mosquitto);
    return EXIT_SUCCESS;
}

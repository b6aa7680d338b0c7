#define _POSIX_C_SOURCE 200809L
#include "store.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define RECORD_BYTES 4096 /* More than any message of this gateway. */

static void write_path(const struct store *store, uint64_t number, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%020" PRIu64, store->folder, number);
}

/* The lowest or the highest number above `after`; 0 if there is none. */
static uint64_t find_number(const struct store *store, uint64_t after, bool highest)
{
    uint64_t found = 0;
    DIR *folder = opendir(store->folder);

    if (!folder)
        return 0;
    for (const struct dirent *each = readdir(folder); each; each = readdir(folder)) {
        const uint64_t number = strtoull(each->d_name, NULL, 10);
        if (number > after && (found == 0 || (number > found) == highest))
            found = number;
    }
    closedir(folder);
    return found;
}

bool store_open(struct store *store, const char *folder)
{
    store->folder = folder;
    store->last = find_number(store, 0, true);
    return access(folder, R_OK | W_OK | X_OK) == 0;
}

bool store_resend(struct store *store, struct mqb_client *client)
{
    static char record[RECORD_BYTES];
    char path[PATH_BYTES];
    uint64_t number = find_number(store, 0, false);

    while (number != 0 && number <= store->last) {
        write_path(store, number, path);
        const int file = open(path, O_RDONLY | O_CLOEXEC);
        const ssize_t bytes = file < 0 ? -1 : read(file, record, sizeof record);
        if (file >= 0)
            close(file);
        if (bytes < 0)
            return false;
        /* A file that was not completed was not accepted, either. */
        const enum mqb_status status = mqb_client_resend(client, record, (size_t)bytes);
        if (status != MQB_OK && status != MQB_ERR_VALUE)
            return false;
        unlink(path);
        number = find_number(store, number, false);
    }
    return true;
}

static bool sync_folder(const struct store *store)
{
    const int folder = open(store->folder, O_RDONLY | O_CLOEXEC);
    const bool synced = folder >= 0 && fsync(folder) == 0;

    if (folder >= 0)
        close(folder);
    return synced;
}

bool store_keep(void *user, uint64_t token, const void *record, size_t bytes)
{
    const struct store *store = user;
    char path[PATH_BYTES];

    write_path(store, store->last + token, path);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    const bool written = write(file, record, bytes) == (ssize_t)bytes && fsync(file) == 0;
    if (close(file) == 0 && written && sync_folder(store))
        return true;
    unlink(path);
    return false;
}

void store_forget(void *user, uint64_t token)
{
    const struct store *store = user;
    char path[PATH_BYTES];

    write_path(store, store->last + token, path);
    unlink(path);
}

/* Random bytes from the operating system, for the ids of calls. */
#define _DEFAULT_SOURCE
#include "transport/posix_entropy.h"

#include <fcntl.h>
#include <unistd.h>
#if defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#define HAS_GETENTROPY
#endif
#endif

/* For systems and kernels without such a call. A short read counts as a failure. */
static bool read_device(void *bytes, size_t count)
{
    const int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const ssize_t got = read(fd, bytes, count);
    close(fd);
    return got >= 0 && (size_t)got == count;
}

bool mqb_posix_entropy(void *context, void *bytes, size_t count)
{
    (void)context;
#ifdef HAS_GETENTROPY
    if (getentropy(bytes, count) == 0)
        return true;
#endif
    return read_device(bytes, count);
}

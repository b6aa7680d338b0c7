/*
 * A program without a C library that decodes three messages, and encodes them if WITH_ENCODE is
 * defined. With WITH_STACK it prints how much stack each decode takes: on Linux, so that an
 * emulator can run it.
 */
#include <mqbind/mqbind.h>

#include "folotoy_update_common_config.h"
#include "folotoy_voice_generated.h"
#include "payloads.h"
#include "thingspanel_ota_task.h"

static char memory[8192];
static struct mqb_scratch scratch = {.ptr = memory, .cap = sizeof memory};
static struct mqb_error error;

static volatile enum mqb_status verdict;

#ifdef WITH_ENCODE
static char output[1024];

#define ENCODE(name)                                                                               \
    {                                                                                              \
        size_t len;                                                                                \
        verdict = name##_encode(&name##_message, output, sizeof output, &len, &error);             \
    }
#else
#define ENCODE(name)
#endif

/* decode_x() with a struct of its own, and encode_x(). */
#define MESSAGE(name, payload)                                                                     \
    static struct name name##_message;                                                             \
    static void decode_##name(void)                                                                \
    {                                                                                              \
        mqb_scratch_reset(&scratch);                                                               \
        verdict = name##_decode(&name##_message, MQB_STR(payload), &scratch, &error);              \
        ENCODE(name)                                                                               \
    }
MESSAGE(folotoy_update_common_config, UCC)
MESSAGE(folotoy_voice_generated, VOICE)
MESSAGE(thingspanel_ota_task, OTA)

#ifdef WITH_STACK

#define STACK_BYTES 8192
#define PAINT 0x5a

static unsigned char stack[STACK_BYTES] __attribute__((aligned(8)));

static long system_call(long number, long first, long second, long third)
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = first;
    register long r1 __asm__("r1") = second;
    register long r2 __asm__("r2") = third;

    __asm__ volatile("svc 0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
    return r0;
}

static void print(size_t number)
{
    char digits[12];
    char *at = digits + sizeof digits;

    *--at = '\n';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    system_call(4, 1, (long)at, digits + sizeof digits - at);
}

/* Bytes that the work took of a painted stack. */
static size_t measure(void (*work)(void))
{
    size_t untouched = 0;

    for (size_t i = 0; i < STACK_BYTES; i++)
        stack[i] = PAINT;
    __asm__ volatile("mov r4, sp\n\t"
                     "mov sp, %1\n\t"
                     "blx %0\n\t"
                     "mov sp, r4"
                     :
                     : "r"(work), "r"(stack + STACK_BYTES)
                     : "r0", "r1", "r2", "r3", "r4", "ip", "lr", "cc", "memory");
    while (untouched < STACK_BYTES && stack[untouched] == PAINT)
        untouched++;
    return STACK_BYTES - untouched;
}

static void tell(void (*work)(void))
{
    const size_t taken = measure(work);

    if (verdict != MQB_OK)
        system_call(1, 1, 0, 0);
    print(taken);
}

void _start(void);
void _start(void)
{
    tell(decode_folotoy_update_common_config);
    tell(decode_folotoy_voice_generated);
    tell(decode_thingspanel_ota_task);
    system_call(1, 0, 0, 0);
}

#else

void _start(void);
void _start(void)
{
    decode_folotoy_update_common_config();
    decode_folotoy_voice_generated();
    decode_thingspanel_ota_task();
}

#endif

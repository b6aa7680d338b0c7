#include "transport/paho_reason.h"

#include <MQTTAsync.h>

#include "transport/announced.h"

const char *mqb_paho_reason_text(int code)
{
    const char *text = MQTTReasonCode_toString((enum MQTTReasonCodes)code);
    return text ? text : "unknown reason";
}

/* In libmosquitto's words. */
const char *mqb_paho_refusal_text(int protocol, int code)
{
    static const char *const old[] = {
        "Connection Refused: unacceptable protocol version.",
        "Connection Refused: identifier rejected.",
        "Connection Refused: broker unavailable.",
        "Connection Refused: bad user name or password.",
        "Connection Refused: not authorised.",
    };
    if (!mqb_announced_is_old_code(protocol, code))
        return mqb_paho_reason_text(code);
    return code >= 1 && code <= 5 ? old[code - 1] : "Connection Refused: unknown reason.";
}

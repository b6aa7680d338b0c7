/* A simulated device: telemetry, attributes, calls, a claim. Usage: thingsboard_device PORT */
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "thingsboard_device.h"

/* The program ends when all of this has happened. */
enum { ATTRIBUTES, NEW_ATTRIBUTES, WEATHER, THINGS };

static int32_t clock_call; /* Id of the server's call that is answered later. */

static void on_weather(
    struct thingsboard_device *device,
    void *user,
    enum mqb_status status,
    const struct thingsboard_client_rpc_response *reply)
{
    (void)device;
    (void)user;
    if (status == MQB_OK && reply->kind == THINGSBOARD_CLIENT_RPC_RESPONSE_FAILURE)
        printf("no weather: %.*s\n", EXAMPLE_TEXT(reply->as.failure.error));
    example_happened(WEATHER, THINGS);
}

static void on_time(
    struct thingsboard_device *device,
    void *user,
    enum mqb_status status,
    const struct thingsboard_client_rpc_response *reply)
{
    const struct thingsboard_client_rpc_request weather = {.method = MQB_STR("getWeather")};

    (void)user;
    if (status == MQB_OK && reply->kind == THINGSBOARD_CLIENT_RPC_RESPONSE_RESULT) {
        printf("the time is %.*s\n", EXAMPLE_TEXT(reply->as.result));
        thingsboard_device_send_server_rpc_response(device, clock_call, &reply->as.result);
    }
    thingsboard_device_call_client_rpc_request(
        device, 1, &weather, EXAMPLE_TIMEOUT_MS, on_weather, NULL);
}

static enum mqb_status on_server_rpc_request(
    struct thingsboard_device *device,
    int32_t request_id,
    const struct thingsboard_server_rpc_request *message)
{
    const struct mqb_json open = MQB_JSON("{\"open\":true}");
    const struct thingsboard_client_rpc_request now = {.method = MQB_STR("getCurrentTime")};

    printf("call by the server: %.*s\n", EXAMPLE_TEXT(message->method));
    if (mqb_str_equal(message->method, MQB_STR("openValve")))
        return thingsboard_device_send_server_rpc_response(device, request_id, &open);
    if (!mqb_str_equal(message->method, MQB_STR("setClock")))
        return MQB_ERR_HANDLER; /* Reported to on_error; the server gets no reply. */
    clock_call = request_id; /* Answered when the time is known. */
    return thingsboard_device_call_client_rpc_request(
        device, 0, &now, EXAMPLE_TIMEOUT_MS, on_time, NULL);
}

static void on_attributes(
    struct thingsboard_device *device,
    void *user,
    enum mqb_status status,
    const struct thingsboard_attributes_response *reply)
{
    (void)device;
    (void)user;
    if (status == MQB_OK && reply->has.shared)
        example_print("shared attributes", &reply->shared);
    example_happened(ATTRIBUTES, THINGS);
}

static enum mqb_status on_shared_attributes(
    struct thingsboard_device *device,
    const struct mqb_map *message)
{
    (void)device;
    example_print("new shared attributes", message);
    example_happened(NEW_ATTRIBUTES, THINGS);
    return MQB_OK;
}

static void send_telemetry(const struct thingsboard_device *device)
{
    char number[MQB_NUMBER_BYTES];
    const struct mqb_map_entry values[] = {
        {MQB_STR("temperature"), mqb_json_from_double(42, number)}, /* Sent as 42.0. */
        {MQB_STR("humidity"), MQB_JSON("73")},
    };
    const struct thingsboard_timed_telemetry timed = {1451649600512, {values, 2}};
    const struct thingsboard_telemetry_item items[] = {
        {.kind = THINGSBOARD_TELEMETRY_ITEM_PLAIN, .as.plain = {values, 1}},
        {.kind = THINGSBOARD_TELEMETRY_ITEM_TIMED, .as.timed = timed},
    };
    const struct thingsboard_telemetry forms[] = {
        {.kind = THINGSBOARD_TELEMETRY_PLAIN, .as.plain = {values, 2}},
        {.kind = THINGSBOARD_TELEMETRY_LIST, .as.list = {items, 2}},
        {.kind = THINGSBOARD_TELEMETRY_TIMED, .as.timed = timed},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        thingsboard_device_send_telemetry(device, &forms[i]);
}

static void on_connected(void *user)
{
    struct thingsboard_device *device = user;
    const struct thingsboard_attributes_request interval = {
        .shared_keys = MQB_STR("interval"), .has = {.shared_keys = true}};
    const struct thingsboard_claim claim = {
        .secret_key = MQB_STR("value"),
        .duration_ms = 60000,
        .has = {.secret_key = true, .duration_ms = true},
    };

    printf("reporting telemetry, requesting an attribute, allowing a claim\n");
    send_telemetry(device);
    thingsboard_device_call_attributes_request(
        device, 0, &interval, EXAMPLE_TIMEOUT_MS, on_attributes, NULL);
    thingsboard_device_send_claim(device, &claim);
}

int main(int argc, char **argv)
{
    static const struct thingsboard_device_handlers handlers = {
        .shared_attributes = on_shared_attributes,
        .server_rpc_request = on_server_rpc_request,
    };
    struct thingsboard_device device = {.client = &example_client, .handlers = &handlers};

    if (argc != 2 || !example_open(argv[1], "thingsboard-device", on_connected, &device))
        return EXIT_FAILURE;
    return example_run(thingsboard_device_bind(&device));
}

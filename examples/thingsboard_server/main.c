/* A simulated server. Usage: thingsboard_server PORT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "thingsboard_server.h"

static void print_timed(const struct thingsboard_timed_telemetry *timed)
{
    printf("at %" PRId64 " ms:\n", timed->ts);
    example_print("telemetry", &timed->values);
}

static enum mqb_status on_telemetry(
    struct thingsboard_server *server,
    const struct thingsboard_telemetry *message)
{
    (void)server;
    switch (message->kind) {
    case THINGSBOARD_TELEMETRY_TIMED:
        print_timed(&message->as.timed);
        break;
    case THINGSBOARD_TELEMETRY_LIST:
        printf("a list of %zu:\n", message->as.list.count);
        for (size_t i = 0; i < message->as.list.count; i++) {
            const struct thingsboard_telemetry_item *item = &message->as.list.items[i];
            if (item->kind == THINGSBOARD_TELEMETRY_ITEM_TIMED)
                print_timed(&item->as.timed);
            else
                example_print("telemetry", &item->as.plain);
        }
        break;
    case THINGSBOARD_TELEMETRY_PLAIN:
        example_print("telemetry", &message->as.plain);
        break;
    }
    return MQB_OK;
}

static enum mqb_status on_attributes_request(
    struct thingsboard_server *server,
    int32_t request_id,
    const struct thingsboard_attributes_request *message)
{
    const struct mqb_map_entry value = {message->shared_keys, MQB_JSON("60")};
    const struct thingsboard_attributes_response response = {
        .shared = {&value, 1}, .has = {.shared = true}};

    printf("request for %.*s\n", EXAMPLE_TEXT(message->shared_keys));
    return thingsboard_server_send_attributes_response(server, request_id, &response);
}

static enum mqb_status on_client_rpc_request(
    struct thingsboard_server *server,
    int32_t request_id,
    const struct thingsboard_client_rpc_request *message)
{
    const struct thingsboard_client_rpc_response now = {
        .kind = THINGSBOARD_CLIENT_RPC_RESPONSE_RESULT,
        .as.result = MQB_JSON("1451649600512"),
    };
    const struct thingsboard_client_rpc_response unknown = {
        .kind = THINGSBOARD_CLIENT_RPC_RESPONSE_FAILURE,
        .as.failure = {MQB_STR("unknown method")},
    };
    const bool known = mqb_str_equal(message->method, MQB_STR("getCurrentTime"));

    printf("call by the device: %.*s\n", EXAMPLE_TEXT(message->method));
    return thingsboard_server_send_client_rpc_response(server, request_id, known ? &now : &unknown);
}

static void on_server_rpc_response(
    struct thingsboard_server *server,
    void *user,
    enum mqb_status status,
    const struct mqb_json *reply)
{
    const char *method = user;

    (void)server;
    if (status == MQB_OK)
        printf("%s: %.*s\n", method, EXAMPLE_TEXT(*reply));
    else
        printf("%s: %s\n", method, mqb_status_text(status));
}

static enum mqb_status on_claim(
    struct thingsboard_server *server,
    const struct thingsboard_claim *message)
{
    const struct mqb_map_entry interval = {MQB_STR("interval"), MQB_JSON("30")};
    const struct mqb_map attributes = {&interval, 1};
    const struct thingsboard_server_rpc_request open = {.method = MQB_STR("openValve")};
    const struct thingsboard_server_rpc_request set = {.method = MQB_STR("setClock")};

    printf("claimable for %" PRId64 " ms\n", message->duration_ms);
    thingsboard_server_send_shared_attributes(server, &attributes);
    thingsboard_server_call_server_rpc_request(
        server, 0, &open, EXAMPLE_TIMEOUT_MS, on_server_rpc_response, "openValve");
    return thingsboard_server_call_server_rpc_request(
        server, 1, &set, EXAMPLE_TIMEOUT_MS, on_server_rpc_response, "setClock");
}

int main(int argc, char **argv)
{
    static const struct thingsboard_server_handlers handlers = {
        .telemetry = on_telemetry,
        .attributes_request = on_attributes_request,
        .client_rpc_request = on_client_rpc_request,
        .claim = on_claim,
    };
    struct thingsboard_server server = {.client = &example_client, .handlers = &handlers};

    if (argc != 2 || !example_open(argv[1], "thingsboard-server", NULL, NULL))
        return EXIT_FAILURE;
    return example_run(thingsboard_server_bind(&server));
}

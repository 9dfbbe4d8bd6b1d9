"""The main job over gRPC: build a process from a file's text, run it, watch it and read its log to the end."""

import json
import os
import sys

import grpc
from google.protobuf.json_format import MessageToDict
from orderlines.instance.v1 import instance_service_pb2 as instances
from orderlines.instance.v1 import instance_service_pb2_grpc as instances_grpc
from orderlines.process.v1 import process_service_pb2 as processes
from orderlines.process.v1 import process_service_pb2_grpc as processes_grpc

DEADLINE_SECONDS = 120


def main(definition: str, shop: str) -> None:
    login = (("authorization", "Bearer " + os.environ["ORDERLINES_TOKEN"]),)
    call = {"metadata": login, "timeout": DEADLINE_SECONDS}
    with grpc.insecure_channel(os.environ["ORDERLINES_GRPC"]) as channel:
        process_service = processes_grpc.ProcessServiceStub(channel)
        instance_service = instances_grpc.InstanceServiceStub(channel)
        refuses_strangers(process_service)
        with open(definition, encoding="utf-8") as file:
            built = process_service.BuildProcess(processes.BuildProcessRequest(content=file.read()), **call)
        request = instances.StartInstanceRequest(process=built.id, idempotency_key="python")
        request.params.update({"source": shop})
        started = instance_service.StartInstance(request, **call)
        repeated = instance_service.StartInstance(request, **call)
        assert repeated.id == started.id, "the same key must answer with the same run"
        events = list(instance_service.WatchInstance(instances.WatchInstanceRequest(id=started.id), **call))
        assert [event.seq for event in events] == list(range(1, len(events) + 1)), "events are numbered without gaps"
        log = list(instance_service.StreamLogs(instances.StreamLogsRequest(id=started.id), **call))
        run = instance_service.GetInstance(instances.GetInstanceRequest(id=started.id), **call)
        print(
            json.dumps(
                {
                    "status": run.instance.status,
                    "nodes": [task.node_id for task in run.tasks],
                    "outputs": MessageToDict(run.outputs),
                    "events": len(events),
                    "logLines": len(log),
                }
            )
        )


def refuses_strangers(service: processes_grpc.ProcessServiceStub) -> None:
    try:
        service.ListProcesses(processes.ListProcessesRequest(), timeout=DEADLINE_SECONDS)
    except grpc.RpcError as refusal:
        assert refusal.code() == grpc.StatusCode.UNAUTHENTICATED, refusal
    else:
        raise AssertionError("a call without a token was answered")


main(*sys.argv[1:])

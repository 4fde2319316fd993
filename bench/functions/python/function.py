"""A function of a few lines with the SDK's client of DynamoDB, and the loop that asks for events."""

import http.client
import json
import os

import boto3

client = boto3.client("dynamodb")


def handler(event):
    return {"event": event, "client": client.meta.service_model.service_name}


INVOCATION = "/2018-06-01/runtime/invocation"
connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    connection.request("GET", f"{INVOCATION}/next")
    response = connection.getresponse()
    event = json.loads(response.read())
    request_id = response.headers["lambda-runtime-aws-request-id"]
    answer = json.dumps(handler(event))
    connection.request("POST", f"{INVOCATION}/{request_id}/response", answer)
    connection.getresponse().read()

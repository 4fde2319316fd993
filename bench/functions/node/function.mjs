// A function of a few lines with the SDK's client of DynamoDB, and the loop that asks for events.
import http from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});
const handler = async (event) => ({ event, client: client.constructor.name });

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });
const ask = (method, path, body) =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = http.request({ hostname, port, agent, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve({ headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });

const invocation = "/2018-06-01/runtime/invocation";
for (;;) {
  const next = await ask("GET", `${invocation}/next`);
  const answer = await handler(JSON.parse(next.text));
  const id = next.headers["lambda-runtime-aws-request-id"];
  await ask("POST", `${invocation}/${id}/response`, JSON.stringify(answer));
}

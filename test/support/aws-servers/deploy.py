"""Deploys a CloudFormation template and makes one access key for each policy that it puts out.

Standard input: {endpoint, stack, template, parameters}. Standard output: {status, reasons, keys}.
"""

import json
import sys
import time

import boto3

wish = json.load(sys.stdin)
server = {
    "endpoint_url": wish["endpoint"],
    "region_name": "us-east-1",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
}
formation = boto3.client("cloudformation", **server)
iam = boto3.client("iam", **server)

formation.create_stack(
    StackName=wish["stack"],
    TemplateBody=json.dumps(wish["template"]),
    Parameters=[
        {"ParameterKey": name, "ParameterValue": value} for name, value in wish["parameters"].items()
    ],
    Capabilities=["CAPABILITY_IAM"],
    OnFailure="DO_NOTHING",
)
while True:
    stack = formation.describe_stacks(StackName=wish["stack"])["Stacks"][0]
    if not stack["StackStatus"].endswith("IN_PROGRESS"):
        break
    time.sleep(0.05)
events = formation.describe_stack_events(StackName=wish["stack"])["StackEvents"]
reasons = [
    event.get("ResourceStatusReason", "")
    for event in events
    if event["ResourceStatus"].endswith("FAILED")
]

keys = {}
for output in stack.get("Outputs", []) if not reasons else []:
    name = output["OutputKey"]
    if not name.endswith("PolicyArn"):
        continue
    user = f"{wish['stack']}-{name}"
    iam.create_user(UserName=user)
    iam.attach_user_policy(UserName=user, PolicyArn=output["OutputValue"])
    key = iam.create_access_key(UserName=user)["AccessKey"]
    keys[name] = {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}

json.dump({"status": stack["StackStatus"], "reasons": reasons, "keys": keys}, sys.stdout)

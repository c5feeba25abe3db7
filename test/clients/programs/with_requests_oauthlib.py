"""Python, requests-oauthlib: one order on standard input, as JSON; what the library saw on standard output."""

import json
import sys

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

order = json.load(sys.stdin)
session = OAuth2Session(client=BackendApplicationClient(client_id=order["clientId"], scope=order["scope"]))
by = {
    "client_secret_basic": lambda: {"auth": HTTPBasicAuth(order["clientId"], order["clientSecret"])},
    "client_secret_post": lambda: {"client_secret": order["clientSecret"], "include_client_id": True},
}
try:
    answer = session.fetch_token(order["tokenEndpoint"], resource=order["resource"], **by[order["method"]]())
    json.dump({"answer": answer}, sys.stdout)
except OAuth2Error as problem:
    json.dump({"error": problem.error}, sys.stdout)

"""Python, Authlib: one order on standard input, as JSON; what the library saw on standard output."""

import json
import sys

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT

order = json.load(sys.stdin)
method = order["method"]
session = OAuth2Session(
    order["clientId"],
    order["privateKey"] if method == "private_key_jwt" else order["clientSecret"],
    token_endpoint_auth_method=method,
    revocation_endpoint_auth_method=method,
    scope=order["scope"],
)
# The library's own default for the audience is the token endpoint; RFC 7523bis wants the issuer.
session.register_client_auth_method(PrivateKeyJWT(order["issuer"], alg="ES256"))

try:
    answer = session.fetch_token(order["tokenEndpoint"], grant_type="client_credentials", resource=order["resource"])
    ask = lambda: session.introspect_token(order["introspectionEndpoint"], token=answer["access_token"]).json()
    before = ask()
    session.revoke_token(order["revocationEndpoint"], token=answer["access_token"])
    json.dump({"answer": dict(answer), "before": before, "after": ask()}, sys.stdout)
except OAuthError as problem:
    json.dump({"error": problem.error}, sys.stdout)

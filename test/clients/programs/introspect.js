// nginx's own JavaScript: asks the authorization server about each token (RFC 7662).
async function introspect(request) {
  const token = /^Bearer +(\S+)$/i.exec(request.headersIn.Authorization || "");
  if (token === null) return request.return(401);
  const answer = await ngx.fetch(request.variables.introspection, {
    method: "POST",
    headers: {
      Authorization: `Basic ${request.variables.credentials}`,
      "Content-Type": "application/x-www-form-urlencoded",
    },
    body: `token=${encodeURIComponent(token[1])}`,
  });
  if (answer.status !== 200) return request.return(500);
  const claims = await answer.json();
  const isMeant = [].concat(claims.aud).includes(request.variables.audience);
  request.return(claims.active === true && isMeant ? 204 : 401);
}

export default { introspect };

export function ApiClients() {
  return null;
}

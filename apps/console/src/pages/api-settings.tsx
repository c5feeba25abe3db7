export function ApiSettings() {
  return null;
}

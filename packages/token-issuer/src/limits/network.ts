/**
 * Whom an address is counted as: an IPv4 address by itself, an IPv6 one by its first 64 bits (RFC 6177: a single caller
 * has at least so many addresses). What is no address is counted as it is.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  // A dotted quad at the end stands for two groups.
  const length = before.length + after.length + (address.includes(".") ? 1 : 0);
  const zeros = Array.from({ length: Math.max(0, 8 - length) }, () => "0");
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}

const groupsOf = (text: string): string[] =>
  text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));

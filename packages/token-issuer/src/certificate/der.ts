/** One value of DER: its tag, what it holds, and where the next one begins. */
export interface Element {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly end: number;
}

/** The values that stand one behind the other; `undefined`: not all of it are whole ones. */
export function elementsOf(bytes: Uint8Array): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (!element) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** `undefined`: nothing stands there whole. Lengths are definite in DER (X.690 §10.1). */
export function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (first >= 0x80 && (more === 0 || more > 3)) return undefined;
  const start = at + 2 + more;
  const length = more === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = start + length;
  return end > bytes.length ? undefined : { tag, value: bytes.subarray(start, end), end };
}

/**
 * QR codes (ISO/IEC 18004) as far as a key needs one: bytes, error correction L, versions 1 to 9, up to 230 bytes.
 * The mask is always pattern 0; readers take it from the format bits.
 */

/** Per version from 1: all codewords, those for correction in a block, blocks. */
const VERSIONS = [
  [26, 7, 1],
  [44, 10, 1],
  [70, 15, 1],
  [100, 20, 1],
  [134, 26, 1],
  [172, 18, 2],
  [196, 20, 2],
  [242, 24, 2],
  [292, 30, 2],
] as const;

const BYTE_MODE = 0b0100;
const LEVEL_L = 0b01;

const EXP: number[] = [1];
const LOG: number[] = [];
for (let at = 0; at < 255; at++) {
  const value = EXP[at] ?? 1;
  LOG[value] = at;
  EXP[at + 1] = value < 128 ? value << 1 : (value << 1) ^ 0x11d;
}
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0);

/** The remainder of a block by the generator of that degree (Reed-Solomon over GF(256)). */
function correction(block: readonly number[], degree: number): number[] {
  let generator = [1];
  for (let root = 0; root < degree; root++) {
    const next = [...generator, 0];
    generator.forEach((factor, at) => {
      next[at + 1] = (next[at + 1] ?? 0) ^ times(factor, EXP[root] ?? 1);
    });
    generator = next;
  }
  const rest = [...block, ...Array<number>(degree).fill(0)];
  for (let at = 0; at < block.length; at++) {
    const lead = rest[at] ?? 0;
    generator.forEach((factor, offset) => {
      rest[at + offset] = (rest[at + offset] ?? 0) ^ times(factor, lead);
    });
  }
  return rest.slice(block.length);
}

/** Mode, length, bytes and padding, cut into blocks, with their correction, interleaved. */
function codewords(bytes: Uint8Array, [all, degree, count]: (typeof VERSIONS)[number]): number[] {
  const room = all - degree * count;
  const halves = [BYTE_MODE, bytes.length >> 4, bytes.length & 15];
  for (const byte of bytes) halves.push(byte >> 4, byte & 15);
  halves.push(0);
  const data: number[] = [];
  for (let at = 0; at + 1 < halves.length; at += 2) data.push(((halves[at] ?? 0) << 4) | (halves[at + 1] ?? 0));
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);
  const size = room / count;
  const blocks = Array.from({ length: count }, (_, at) => data.slice(at * size, (at + 1) * size));
  const woven = (parts: number[][]) => (parts[0] ?? []).flatMap((_, at) => parts.map((part) => part[at] ?? 0));
  return [...woven(blocks), ...woven(blocks.map((block) => correction(block, degree)))];
}

/** The remainder of a bit string by a generator polynomial (BCH). */
function bch(value: number, generator: number, degree: number): number {
  let rest = value << degree;
  const length = (word: number) => 32 - Math.clz32(word);
  while (length(rest) > degree) rest ^= generator << (length(rest) - degree - 1);
  return (value << degree) | rest;
}

type Grid = (boolean | undefined)[][];

const put = (grid: Grid, x: number, y: number, dark: boolean): void => {
  const row = grid[y];
  if (row && x >= 0 && x < row.length) row[x] = dark;
};

/** A square of rings around a middle: the finders are 7 wide with a light edge, the alignment marks 5. */
function rings(grid: Grid, middleX: number, middleY: number, radius: number, light: number): void {
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      const ring = Math.max(Math.abs(x), Math.abs(y));
      put(grid, middleX + x, middleY + y, ring !== light && ring !== 4);
    }
  }
}

function patterns(version: number): Grid {
  const size = version * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | undefined>(size).fill(undefined));
  for (let at = 0; at < size; at++) {
    put(grid, at, 6, at % 2 === 0);
    put(grid, 6, at, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const) {
    rings(grid, x, y, 4, 2);
  }
  const last = size - 7;
  const marks = version === 1 ? [] : version < 7 ? [6, last] : [6, (6 + last) / 2, last];
  for (const x of marks) {
    for (const y of marks) {
      if ((x === 6 && y !== 6 && y === last) || (y === 6 && (x === last || x === 6))) continue;
      rings(grid, x, y, 2, 1);
    }
  }
  information(grid, version);
  return grid;
}

/** Format and version, each twice. */
function information(grid: Grid, version: number): void {
  const size = grid.length;
  const format = bch(LEVEL_L << 3, 0x537, 10) ^ 0x5412;
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((format >> bit) & 1) === 1;
    put(grid, 8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, dark);
    put(grid, bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, 8, dark);
  }
  put(grid, 8, size - 8, true);
  if (version < 7) return;
  const word = bch(version, 0x1f25, 12);
  for (let bit = 0; bit < 18; bit++) {
    const dark = ((word >> bit) & 1) === 1;
    const along = size - 11 + (bit % 3);
    put(grid, along, Math.floor(bit / 3), dark);
    put(grid, Math.floor(bit / 3), along, dark);
  }
}

/** The modules of a QR code, true is dark, without the quiet zone; null when the words are too long for one. */
export function qrCode(words: string): readonly (readonly boolean[])[] | null {
  const bytes = new TextEncoder().encode(words);
  const at = VERSIONS.findIndex(([all, degree, count]) => all - degree * count >= bytes.length + 2);
  const chosen = VERSIONS[at];
  if (!chosen) return null;
  const grid = patterns(at + 1);
  const size = grid.length;
  const data = codewords(bytes, chosen);
  let bit = 0;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    const upward = ((right > 6 ? size - 1 - right : size - 2 - right) >> 1) % 2 === 0;
    for (let step = 0; step < size; step++) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid[y]?.[x] !== undefined) continue;
        const dark = (((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        put(grid, x, y, dark !== ((x + y) % 2 === 0));
        bit += 1;
      }
    }
  }
  return grid.map((row) => row.map((dark) => dark === true));
}

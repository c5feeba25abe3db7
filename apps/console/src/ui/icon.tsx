const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

/** Our own drawings on a grid of 16, one stroke each. */
const PATHS = {
  overview: "M2.5 13.5h11M4 11V7M8 11V3M12 11V6",
  client: "M3.5 3h9a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM5.5 13.5h5M8 10.5v3",
  api: "M8 2.2 13.5 5v6L8 13.8 2.5 11V5zM2.7 5.1 8 8l5.3-2.9M8 8v5.6",
  key: `${circle(5.2, 8, 2.7)}M7.9 8h5.6v2.4M11 8v1.8`,
  token: `M2.500 5h11v2a1.200 1.200 0 0 0 0 2.400V11.500h-11V9.400a1.200 1.200 0 0 0 0-2.400zM6.500 5v6.500`,
  shield: "M8 2 13 4v4c0 3-2.1 5-5 6-2.9-1-5-3-5-6V4zM6 8l1.5 1.5 2.7-2.7",
  audit: "M3 3.5h10M3 6.5h10M3 9.5h6M3 12.5h4",
  people: `${circle(6, 5.5, 2.3)}M1.8 13c.3-2.5 2-3.8 4.2-3.8s3.9 1.3 4.2 3.8M10.5 3.5a2.2 2.2 0 0 1 0 4M12 9.6c1.3.5 2 1.6 2.2 3.4`,
  settings: `M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6${circle(10, 4.5, 1.5)}${circle(6, 11.5, 1.5)}`,
  search: `${circle(7, 7, 4.2)}M10.2 10.2l3.3 3.3`,
  copy: "M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM10.5 5.5v-3h-8v8h3",
  down: "m4.5 6.500 3.500 3.500 3.500-3.500",
  updown: "m5 6.200 3-3 3 3M5 9.800l3 3 3-3",
  back: "M9.500 4.500 6 8l3.500 3.500",
  moon: "M13 9.500A5.500 5.500 0 1 1 6.500 3 4.500 4.500 0 0 0 13 9.500z",
  sun: `${circle(8, 8, 2.8)}M8 1.800v1.400M8 12.800v1.400M1.800 8h1.400M12.800 8h1.400M3.600 3.600l1 1M11.400 11.400l1 1M12.400 3.600l-1 1M4.600 11.400l-1 1`,
  help: `${circle(8, 8, 5.7)}M6.400 6.400c.1-1 .8-1.500 1.700-1.500s1.700.6 1.700 1.500c0 1.200-1.700 1.300-1.700 2.600M8 11.300v.1`,
  info: `${circle(8, 8, 5.7)}M8 7.300v3.700M8 5v.1`,
  plus: "M8 3.500v9M3.500 8h9",
  more: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  close: "m4 4 8 8M12 4l-8 8",
  check: "m3.500 8.500 3 3 6-7",
  menu: "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
  filter: "M2.500 4h11M4.500 8h7M6.500 12h3",
  play: "M5 3.500v9l7.500-4.500z",
  rotate: "M13 8a5 5 0 1 1-1.600-3.700M13 2.800v2.400h-2.400",
  warning: "M8 2.500 14 13H2zM8 6.500v3M8 11.300v.1",
  columns: "M3.500 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM6.200 3v10M9.800 3v10",
  download: "M8 2.500v8M4.800 7.500 8 10.500l3.200-3M3 13.500h10",
  external: "M6 3.500H3.500v9h9V10M9.500 3h3.500v3.500M13 3 7.500 8.500",
  pause: "M6 4v8M10 4v8",
  trash: "M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.6 9h5.800l.6-9M6.800 7v4M9.200 7v4",
  edit: "M3 13l.6-2.800L10.800 3l2.200 2.200-7.200 7.200zM9.300 4.500l2.200 2.200",
  power: "M8 2.500v5M4.800 4.300a5 5 0 1 0 6.400 0",
  out: "M6.500 3H3v10h3.500M7 8h6.500M11 5.500 13.500 8 11 10.500",
  clock: `${circle(8, 8, 5.5)}M8 4.800V8l2.200 1.500`,
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words; it never carries the meaning alone, so it is hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} strokeWidth={name === "more" ? 2 : undefined} />
    </svg>
  );
}

/** The mark of the product: three offset strokes. */
export function Mark() {
  return (
    <svg className="glyph" viewBox="0 0 22 22" aria-hidden="true">
      <rect x="1" y="4" width="12" height="3.5" fill="var(--ink)" />
      <rect x="9" y="9.25" width="12" height="3.5" fill="var(--accent)" />
      <rect x="4" y="14.5" width="12" height="3.5" fill="var(--ink)" />
    </svg>
  );
}

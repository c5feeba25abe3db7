import { qrCode } from "../../qr.ts";

const QUIET = 4;

/** Words as a picture that a phone reads; black on white in both themes, because cameras expect that. */
export function QrCode({ words, label }: { words: string; label: string }) {
  const modules = qrCode(words);
  if (!modules) return null;
  const size = modules.length + 2 * QUIET;
  const path = modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")))
    .join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
